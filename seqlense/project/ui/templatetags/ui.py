"""The design system's tags and filters, built in: templates need no `load`. ui/README.md shows each."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    PasswordInput,
    RadioSelect,
    Select,
)
from django.forms import Textarea as TextareaWidget
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from seqlense.privacy import running
from seqlense.project.ui import icons, navigation, words
from seqlense.register import Register

register = template.Library()


# --- Words --------------------------------------------------------------------------------------------------
def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter(expects_localtime=True)
def day(value: date | datetime | None) -> str:
    """`<time datetime="2027-03-14">14 March 2027</time>`, in the viewer's zone; nothing for None."""
    if not value:
        return ""
    local = _local(value)
    return format_html('<time datetime="{}">{}</time>', local.strftime("%Y-%m-%d"), words.day(local))


@register.filter(expects_localtime=True)
def moment(value: datetime | None) -> str:
    """Date and time of day, in the viewer's zone; nothing for None."""
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), words.moment(local)
    )


register.filter("size", words.size)
register.filter("number", words.number)
register.filter("percent", words.percent)
register.filter("period", words.period)
register.filter("country_name", words.country)
register.filter("language_name", words.language)
register.filter("currency_name", words.currency)


@register.filter
def in_language(text: Any) -> str:
    """A register text (fr and en) in the page's language."""
    return str(text.in_(get_language() or "fr")) if text else ""


@register.filter
def at(found: Any, key: str) -> Any:
    """What a mapping holds for a key; None where it holds nothing."""
    return found.get(key) if found else None


# --- Small things -------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the set; hidden from screen readers unless it stands without a word and carries a label."""
    drawn = mark_safe(icons.drawing(name))  # our own built file  # noqa: S308
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, drawn
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def address_of(url_name: str) -> str:
    """The URL of a page that may not be installed; empty then."""
    return navigation.address(url_name) or ""


@register.simple_tag
def running_register() -> Register:
    return running.register()


# --- Blocks -------------------------------------------------------------------------------------------------
NOTICE_ICONS = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
}


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", live: bool = False) -> str:
    """`{% notice "warning" title=... %}...{% endnotice %}`; `live=True` has screen readers say it at once."""
    return render_to_string(
        "ui/notice.html",
        {"content": content, "kind": kind, "title": title, "live": live, "icon_name": NOTICE_ICONS[kind]},
    )


@register.simple_block_tag
def empty_state(content: str, title: str, icon_name: str = "file-text") -> str:
    """What will be here, and the first step."""
    return render_to_string("ui/empty.html", {"content": content, "title": title, "icon_name": icon_name})


@register.simple_block_tag
def data_table(content: str, caption: str, tall: bool = False, stack: bool = False) -> str:
    """A table whose header stays in sight; content is thead and tbody.

    `tall=True`: as long as its rows; `stack=True`: on narrow screens each row becomes a block.
    """
    context = {"content": content, "caption": caption, "tall": tall, "stack": stack}
    return render_to_string("ui/table.html", context)


# --- Forms --------------------------------------------------------------------------------------------------
CLASSES = (
    (CheckboxSelectMultiple, "checkbox"),
    (RadioSelect, "radio"),
    (CheckboxInput, "checkbox"),
    (Select, "select"),
    (TextareaWidget, "textarea"),
)


@register.simple_tag
def form_errors(form: BaseForm) -> str:
    """The summary on top: what is wrong, with a link to each field; takes the focus when the page opens."""
    if not form.errors:
        return ""
    visible = [(field, field.errors) for field in form.visible_fields() if field.errors]
    return render_to_string("ui/form_errors.html", {"form": form, "fields": visible})


@register.simple_tag
def form_field(field: BoundField, hint: str = "", *, unmarked: bool = False, **attributes: str) -> str:
    """Label above, the field, help and error below it, tied together for screen readers.

    `hint` replaces the field's help text; `unmarked`: it isn't said that it may stay
    empty. Other attributes go to the control: `autocomplete="email"`,
    `inputmode="numeric"` (`aria_label` becomes `aria-label`).
    """
    widget = field.field.widget
    kind = next((name for cls, name in CLASSES if isinstance(widget, cls)), "input")
    several = isinstance(widget, (CheckboxSelectMultiple, RadioSelect))
    described = _described_by(field, hint)
    attrs: dict[str, Any] = {
        "class": kind,
        **{name.replace("_", "-"): value for name, value in attributes.items()},
    }
    if not several:
        attrs |= {"aria-describedby": described} if described else {}
        attrs |= {"aria-invalid": "true"} if field.errors else {}
    context = {
        "field": field,
        "optional": not field.field.required and not unmarked,
        "help": hint or field.help_text,
        "kind": kind,
        "several": several,
        "secret": isinstance(widget, PasswordInput),
        "described": described,
        "control": field.as_widget(attrs=attrs) if not several else "",
        "choices": _choices(field, attrs) if several else (),
    }
    return render_to_string("ui/field.html", context)


def _described_by(field: BoundField, hint: str) -> str:
    name = field.id_for_label or field.auto_id
    parts = [f"{name}-error"] if field.errors else []
    return " ".join(parts + ([f"{name}-help"] if hint or field.help_text else []))


def _choices(field: BoundField, attrs: dict[str, Any]) -> Sequence[dict[str, Any]]:
    found = []
    for part in field.subwidgets:
        data = part.data
        data["attrs"] = {**data["attrs"], **attrs}
        found.append({"tag": part.tag(), "label": part.choice_label, "id": part.id_for_label})
    return found


# --- Pages --------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def navigation_of(context: Context, shell: str) -> str:
    request: HttpRequest | None = context.get("request")
    return _navigation(tuple(navigation.links(shell, request.path if request else "")), get_language())


@lru_cache(maxsize=128)
def _navigation(links: tuple[navigation.Link, ...], _language: str | None) -> str:
    """Drawn once: every page of a shell has one of a few."""
    return render_to_string("ui/navigation.html", {"links": links})


@register.simple_tag
def footer() -> str:
    """What every page ends with."""
    return _footer(running.register().version, get_language(), settings.ROOT_URLCONF)


@lru_cache(maxsize=16)
def _footer(_version: str, _language: str | None, _urlconf: str) -> str:
    """Drawn once for each register and language."""
    return render_to_string("ui/footer.html", {"ropa": running.register()})


@register.inclusion_tag("ui/breadcrumbs.html")
def breadcrumbs(*parts: str) -> dict[str, Any]:
    """`{% breadcrumbs _("Organisations") list_url organisation.name %}`: words, address, ..., words."""
    pairs = list(zip(parts[0::2], [*parts[1::2], ""], strict=False))
    return {"ancestors": pairs[:-1], "here": pairs[-1][0]}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Previous and next, keeping the other parameters of the address."""
    request: HttpRequest = context["request"]

    def link(number: int) -> str:
        return "?" + "&".join(filter(None, [_kept(request), f"page={number}"]))

    return {
        "page": page,
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
    }


def _kept(request: HttpRequest) -> str:
    parameters = request.GET.copy()
    parameters.pop("page", None)
    return parameters.urlencode()


def _translations(context: Context) -> list[dict[str, Any]]:
    """The same page in every language; the front page where an address has no language (errors)."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request is not None else "/"
    found = []
    for code, name in settings.LANGUAGES:
        url = path if code == get_language() else translate_url(path, code)
        url = url if url.startswith(f"/{code}/") else f"/{code}/"
        found.append({"code": code, "url": url, "name": name, "current": code == get_language()})
    return found


@register.inclusion_tag("ui/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    return {"languages": _translations(context)}


@register.inclusion_tag("ui/alternates.html", takes_context=True)
def alternates(context: Context) -> dict[str, Any]:
    """`<link rel="alternate" hreflang>` for the page's languages, absolute as search engines want them."""
    return {"languages": _translations(context), "origin": settings.SEQLENSE_PUBLIC_URL.rstrip("/")}
