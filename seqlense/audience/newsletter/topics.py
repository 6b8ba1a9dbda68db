"""What a newsletter can be about. Partners' offers are no topic: they rest on consent of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What people choose from. `OFFERS`: the company's own similar services."""

    PRODUCT = "product", _("What is new in the product")
    PRACTICE = "practice", _("Data protection in practice")
    OFFERS = "offers", _("Our own offers")


PARTNERS = "partners"
ALL = [topic.value for topic in Topic]


class About(models.TextChoices):
    """What one campaign is: a topic, or partners' offers."""

    PRODUCT = Topic.PRODUCT.value, Topic.PRODUCT.label
    PRACTICE = Topic.PRACTICE.value, Topic.PRACTICE.label
    OFFERS = Topic.OFFERS.value, Topic.OFFERS.label
    PARTNERS = PARTNERS, _("Partners' offers")


def chosen(codes: object) -> list[str]:
    """Those of some codes that are topics, in the order of the list."""
    wanted = set(codes) if isinstance(codes, list | tuple | set | frozenset) else set()
    return [code for code in ALL if code in wanted]
