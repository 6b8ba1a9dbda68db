from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "seqlense.audience.segments"
    label = "segments"
