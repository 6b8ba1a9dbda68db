from importlib import import_module

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "seqlense.audience.segments"
    label = "segments"

    def ready(self) -> None:
        """Listen to the switches: whoever objects leaves at once."""
        import_module("seqlense.audience.segments.belonging")
        import_module("seqlense.audience.segments.checks")
