from django.db import models


class Visitor(models.Model):
    """A column that no register knows."""

    nickname = models.CharField(max_length=80)

    class Meta:
        app_label = "stray"
