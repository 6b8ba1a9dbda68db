from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "seqlense.audience.newsletter"
    label = "newsletter"

    def ready(self) -> None:
        """Listen below: accounts that open, objections and consents wherever they are said,
        versions of the notices."""
        from seqlense.audience.newsletter import customers, objecting, partners, telling

        customers.listen()
        objecting.listen()
        partners.listen()
        telling.listen()
