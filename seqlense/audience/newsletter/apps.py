from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "seqlense.audience.newsletter"
    label = "newsletter"

    def ready(self) -> None:
        """Listen below: accounts that open, objections and consents, versions of the notices."""
        from seqlense.audience.newsletter import agreeing, customers, objecting, partners, telling

        agreeing.listen()
        customers.listen()
        objecting.listen()
        partners.listen()
        telling.listen()
