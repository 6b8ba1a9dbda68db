from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "seqlense.audience.measurement"
    label = "measurement"
