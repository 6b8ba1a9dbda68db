from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "seqlense.audience.social"
    label = "social"

    def ready(self) -> None:
        """Listen below: whoever withdraws the consent is unlinked."""
        from seqlense.audience.social import step

        step.listen()
