from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "seqlense.documents"
    label = "documents"

    def ready(self) -> None:
        """Files follow their rows."""
        from seqlense.documents import orphans

        orphans.listen()
