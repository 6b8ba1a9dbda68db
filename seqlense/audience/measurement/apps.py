from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "seqlense.audience.measurement"
    label = "measurement"

    def ready(self) -> None:
        """Listen below: objections are accepted as they come."""
        from seqlense.audience.measurement import objecting

        objecting.listen()
