"""Every message is declared, serves a running activity, and can be rendered in every language."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist

from seqlense.mailing import composing, declarations
from seqlense.mailing.composing import Words
from seqlense.mailing.declarations import MailTemplate
from seqlense.mailing.errors import InvalidTemplate
from seqlense.privacy import running
from seqlense.register import Register, RegisterError


@checks.register("mailing")
def messages(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """All findings about the rooms' messages."""
    try:
        templates = declarations.declared()
        current = running.register()
    except InvalidTemplate as refused:
        return [Error(str(refused), hint="Give each message of each mails.py its own id.", id="mailing.E001")]
    except RegisterError:
        return []  # the kernel's own check says so
    return [finding for template in templates.values() for finding in _findings(template, current)]


def _findings(template: MailTemplate, current: Register) -> Iterator[CheckMessage]:
    running_ids = [activity.id for activity in current.active]
    if template.activity not in running_ids:
        yield Error(
            f"The message {template.id!r} works for {template.activity!r}, which isn't running.",
            hint=f"Running activities: {', '.join(sorted(running_ids))}.",
            id="mailing.E002",
        )
    if template.item not in current.items:
        yield Error(
            f"The message {template.id!r} goes to {template.item!r}, which no activity declares.",
            hint="Name the data item that holds the address, for example 'accounts.email'.",
            id="mailing.E003",
        )
    activity = current.activities.get(template.activity)
    if activity is not None and activity.direct_marketing and not template.in_spite and not template.headers:
        yield Error(
            f"The message {template.id!r} is direct marketing, and no header says how to stop it.",
            hint="Give headers= with List-Unsubscribe and List-Unsubscribe-Post (RFC 8058).",
            id="mailing.E008",
        )
    yield from _rendering(template, current)


def _rendering(template: MailTemplate, current: Register) -> Iterator[CheckMessage]:
    subjects: set[str] = set()
    for language, _ in settings.LANGUAGES:
        try:
            words = composing.render(
                template, template.sample, language=language, controller=current.controller
            )
        except TemplateDoesNotExist as missing:
            yield Error(
                f"The message {template.id!r} has no {missing}.",
                hint=f"Write templates/mail/{template.id} with .subject.txt, .txt and .html.",
                id="mailing.E004",
            )
            return
        except Exception as error:  # noqa: BLE001 (whatever a template's own tags raise is a finding)
            yield Error(
                f"The message {template.id!r} fails in {language!r}: {type(error).__name__}: {error}",
                hint="Give the values it needs in sample=, and look for a line break in its subject.",
                id="mailing.E005",
            )
            return
        subjects.add(words.subject)
        yield from _tracking(template, words, language)
    if len(subjects) < len(settings.LANGUAGES):
        yield checks.Warning(
            f"The subject of the message {template.id!r} reads the same in two languages.",
            hint="Translate it in the room's locale/fr, and compile the translations (bin/setup does).",
            id="mailing.W001",
        )


def _tracking(template: MailTemplate, words: Words, language: str) -> Iterator[CheckMessage]:
    """No image is fetched from anywhere when somebody opens a message (F-2, no tracking)."""
    lowered = words.html.lower()
    if f'lang="{language}"' not in lowered:
        yield Error(
            f"The HTML of the message {template.id!r} doesn't say its language.",
            hint="Extend mail/base.html.",
            id="mailing.E006",
        )
    for trace in ("<img", "<script", "<link", "<iframe", "url(", "@import", "background="):
        if trace in lowered:
            yield Error(
                f"The HTML of the message {template.id!r} holds {trace!r}, which may fetch something.",
                hint="A message loads nothing: only text, its own style and plain links.",
                id="mailing.E007",
            )
