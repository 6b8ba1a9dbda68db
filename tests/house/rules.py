"""What review would have to say again and again, said by a test.

Each rule takes sources (or facts) and gives the violations; `test_rules.py` runs it over the product and over
an example that breaks it.
"""

import ast
import re
from collections.abc import Iterable, Iterator

from tests.house.sources import Source, Violation, calls, dotted, imports

VAGUE = {"services", "service", "utils", "util", "helpers", "helper", "misc", "common", "tools", "stuff"}

CLOCK = (
    "seqlense/kit/clock.py",
    "seqlense/kit/identifiers.py",
)  # an identifier made in passing carries its time
CLOCK_READERS = {
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "django.utils.timezone.now",
    "django.db.models.functions.Now",
}
CLOCK_READERS_BARE = {
    "time.localtime",
    "time.gmtime",
    "django.utils.timezone.localtime",
    "django.utils.timezone.localdate",
}
"""Read the clock only when no moment is given."""

LOGGERS = {"logger", "log", "logging", "journal"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
PERSONAL = {
    "address", "body", "email", "first_name", "full_name", "ip", "last_name", "name", "password", "phone",
    "recipient", "recipients", "token", "user_agent", "username",
}  # fmt: skip

DOORS = {"doors.py", "directory.py"}
"""Where a room answers across tenants: what one person may know, and what the console's staff may."""

OPENERS = ("urllib.request", "http.client", "socket.create_connection", "smtplib", "asyncio.open_connection")
ANSWERING = {
    "seqlense/mailing/": "the submission server",
    "seqlense/project/devserver.py": "asks its own first page whether it answers",
    "seqlense/project/cli/doctor/": "asks the company's own pages for their headers",
    "seqlense/privacy/egress.py": "is the guard",
    "seqlense/privacy/proofs/asking.py": "the timestamp authority and the witnesses, which get hashes only",
}


def vague_names(names: Iterable[str]) -> Iterator[Violation]:
    """A module is named for its subject."""
    for name in names:
        parts = name.removeprefix("tools/").removesuffix(".py").split("/")
        if name.endswith(".py") and (vague := VAGUE & set(parts)):
            yield Violation(where=name, what=f"{vague.pop()!r} says nothing: name the module for its subject")


def clock_readings(sources: Iterable[Source]) -> Iterator[Violation]:
    """Time is passed in; only the kit's clock reads it."""
    for source in sources:
        if source.name in CLOCK:
            continue
        for call, name in calls(source):
            if name in CLOCK_READERS or (name in CLOCK_READERS_BARE and not call.args):
                yield source.violation(call, f"{name}() reads the clock; take `now` instead")
            for keyword in call.keywords:
                if keyword.arg in ("auto_now", "auto_now_add"):
                    yield source.violation(call, f"{keyword.arg} reads the clock; take `now` instead")
                if keyword.arg == "default" and _full(source, keyword.value) in CLOCK_READERS:
                    yield source.violation(call, "a default reads the clock; take `now` instead")


def _full(source: Source, node: ast.expr) -> str:
    first, _, rest = dotted(node).partition(".")
    full = imports(source).get(first, first)
    return f"{full}.{rest}" if rest else full


def personal_logging(sources: Iterable[Source]) -> Iterator[Violation]:
    """A journal line is a constant text with ids and codes: never a formatted one, never a person's value."""
    for source in sources:
        for node in ast.walk(source.tree):
            if not (isinstance(node, ast.Call) and _is_log_call(node)):
                continue
            values = node.args[1:]
            if not node.args or not isinstance(node.args[0], ast.Constant):
                yield source.violation(node, "log a constant text with arguments")
                values = node.args
            for value in (*values, *(keyword.value for keyword in node.keywords)):
                if personal := _names(value) & PERSONAL:
                    yield source.violation(
                        node, f"{', '.join(sorted(personal))}: personal data in a log line"
                    )


def _is_log_call(node: ast.Call) -> bool:
    if not (isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS):
        return False
    owner = dotted(node.func.value).rpartition(".")[2].strip("_").lower()
    return owner in LOGGERS


def _names(node: ast.expr) -> set[str]:
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            found.add(inner.id)
        elif isinstance(inner, ast.Attribute):
            found.add(inner.attr)
    return found - {"__name__"}


def connections(sources: Iterable[Source]) -> Iterator[Violation]:
    """The standard library's ways out are for those who answer for them."""
    for source in sources:
        if any(source.name.startswith(allowed) for allowed in ANSWERING):
            continue
        reached = set(imports(source).values()) | {name for _call, name in calls(source)}
        reached |= {
            alias.name
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        for opener in OPENERS:
            if any(name == opener or name.startswith(f"{opener}.") for name in reached):
                yield Violation(where=source.name, what=f"{opener} opens connections; see ANSWERING")


def crossings(sources: Iterable[Source], *, free: Iterable[str]) -> Iterator[Violation]:
    """Above the kernel, row security is stepped over in a room's tested doors alone."""
    for source in sources:
        room, module = source.name.split("/")[1], source.name.rpartition("/")[2]
        if room in free or module in DOORS:
            continue
        for call, name in calls(source):
            if name.endswith("reach.maintenance"):
                yield source.violation(call, f"crosses row security outside {' and '.join(sorted(DOORS))}")


def foreign_keys(edges: Iterable[tuple[str, str]], floors: dict[str, int]) -> Iterator[Violation]:
    """Rows point downstairs. An edge is ("organisations.membership", "accounts.account")."""
    for source, target in edges:
        above, below = (label.partition(".")[0] for label in (source, target))
        if above not in floors or below not in floors or above == below:
            continue
        if floors[below] >= floors[above]:
            yield Violation(where=source, what=f"points at {target}, which is not on a floor below")


INLINE = re.compile(r"<[^>]*\s(style|on[a-z]+)\s*=\s*[\"']", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\s(src|type=\"(application/json|text/template)\"))[^>]*>", re.IGNORECASE
)
INLINE_STYLE = re.compile(r"<style[\s>]", re.IGNORECASE)
FOREIGN = re.compile(
    r"<(script|img|link|iframe|source|video|audio)\b[^>]*\s(src|href)=\"(https?:)?//", re.IGNORECASE
)


def templates(pages: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    """Pages obey the policy that the browser is told: nothing inline, nothing from elsewhere."""
    checks = {
        "an inline style or handler": INLINE,
        "an inline script": INLINE_SCRIPT,
        "an inline style sheet": INLINE_STYLE,
        "something from another host": FOREIGN,
    }
    for name, text in pages:
        for number, line in enumerate(text.splitlines(), start=1):
            for what, pattern in checks.items():
                if pattern.search(line):
                    yield Violation(where=f"{name}:{number}", what=what)


# Written in pieces, so that this file does not name them either.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"),
        ("crates", "io"), ("proxy", "golang", "org"), ("jsr", "io"), ("unpkg", "com"), ("jsdelivr", "net"),
    )
)  # fmt: skip
MACHINE = ("/".join(("", "work", "main")), "/".join(("", "work", "shared")), "/".join(("", "tmp", "team")))


def places(files: Iterable[tuple[str, str]]) -> Iterator[Violation]:
    """No file names a package registry's host or a path of the machine it was written on."""
    for name, text in files:
        for place in (*REGISTRIES, *MACHINE):
            if place in text:
                yield Violation(where=name, what=f"names {place}")


def pins(requirements: Iterable[str]) -> Iterator[Violation]:
    """Every dependency says one exact version."""
    for requirement in requirements:
        if not re.fullmatch(
            r"[A-Za-z0-9._-]+(\[[A-Za-z0-9,._-]+\])?==[0-9][A-Za-z0-9.+!]*(\s*;.*)?", requirement
        ):
            yield Violation(where=requirement, what="is not pinned to one version")


def hashes(lock: str) -> Iterator[Violation]:
    """Every locked package carries the hashes of its files."""
    for entry in re.split(r"\n(?=\S)", lock):
        if entry.strip() and not entry.startswith(("#", "--")) and "--hash=sha256:" not in entry:
            yield Violation(where=entry.splitlines()[0], what="has no hash")


def npm_pins(package: dict[str, dict[str, str]]) -> Iterator[Violation]:
    for kind in ("dependencies", "devDependencies", "optionalDependencies", "overrides"):
        for name, version in package.get(kind, {}).items():
            if not re.fullmatch(r"\d+\.\d+\.\d+(-[A-Za-z0-9.]+)?", version):
                yield Violation(where=name, what=f"{version} is not one version")
