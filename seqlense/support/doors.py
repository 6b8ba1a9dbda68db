"""Who may see a request: its author, signed in or by a link, and staff. Every read goes through here."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from seqlense.privacy import reach, switches
from seqlense.support import links
from seqlense.support.errors import LinkRefused, NotFound
from seqlense.support.models import ACTIVITY, CONFIRMED, Attachment, Request


def own(identifier: UUID, subject: UUID) -> Request:
    """A request of that person's. Raises NotFound."""
    found = Request.objects.filter(CONFIRMED, pk=identifier, subject_id=subject).first()
    if found is None:
        raise NotFound
    return found


def by_link(text: str, *, holder: UUID | None, now: datetime) -> Request:
    """The request that a link from one of our mails leads to. holder: who is signed in, if anybody.

    Raises LinkRefused: forged, gone, expired; foreign for whoever is signed in as somebody else; unconfirmed.
    """
    link = links.read("conversation", text)
    found = _led_to(link, holder)
    if now >= link.ends_at:
        raise LinkRefused("support.link.expired")
    if found.unverified_since is not None:
        raise LinkRefused("support.link.unconfirmed")
    return found


def to_confirm(text: str, *, holder: UUID | None, now: datetime) -> Request:
    """The request whose address a link proves, confirmed already or not. Raises LinkRefused."""
    link = links.read("confirm", text)
    found = _led_to(link, holder)
    if now >= link.ends_at:
        raise LinkRefused("support.link.expired")
    return found


def of_link(text: str) -> Request | None:
    """The request of a conversation's link, ended or not: a new one is to be sent. Raises LinkRefused."""
    return Request.objects.filter(CONFIRMED, pk=links.read("conversation", text).request).first()


def _led_to(link: links.Link, holder: UUID | None) -> Request:
    found = Request.objects.filter(pk=link.request).first()
    if found is None:
        raise LinkRefused("support.link.gone")
    if holder is not None and holder != found.subject_id:
        raise LinkRefused("support.link.foreign")
    return found


def staffs() -> QuerySet[Request]:
    """What staff may see: confirmed, and not limited by its author."""
    return Request.objects.filter(CONFIRMED).exclude(switches.barring(ACTIVITY))


def for_staff(identifier: UUID) -> Request:
    """A request as staff may open it. Raises NotFound, for what its author limited as well."""
    with reach.maintenance():  # a customer's name stands behind the wall between tenants
        found = staffs().filter(pk=identifier).select_related("customer", "right").first()
    if found is None:
        raise NotFound
    return found


def attachment(request: Request, identifier: UUID) -> Attachment:
    """A file of that request. Raises NotFound."""
    found = Attachment.objects.filter(request=request, pk=identifier).first()
    if found is None:
        raise NotFound
    return found


def listed(rows: QuerySet[Request]) -> list[Request]:
    """Rows of a list, with the customers' names, which stand behind the wall between tenants."""
    with reach.maintenance():
        return list(rows.select_related("customer"))
