from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "seqlense.documents"
    label = "documents"
