"""What the outside tells the process, parsed or refused.

Everything that differs between two installations comes from environment variables or from files they name.
Nothing here opens a connection, makes a folder or writes a file.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from tempfile import gettempdir
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from seqlense.mailing.errors import InvalidRelay
from seqlense.mailing.relay import Relay

SOURCE = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.0/8,::1"
_WITNESS_KEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
LONGEST_SOCKET_PATH = 100  # sun_path holds 104 bytes on macOS and 108 on Linux, with the final NUL


class RefusedEnvironment(Exception):
    """A variable is missing or says something that can't be; the message names it and what would be right."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable


class Mode(StrEnum):
    """How strict the process is: production refuses whatever was not said explicitly."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Database:
    """Where one database alias lives; `host` may be the folder of a Unix socket."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    embedded: bool = False

    @classmethod
    def parse(cls, variable: str, url: str, *, sqlite: bool = False) -> Self:
        parts = _split(variable, url)
        if parts.scheme in ("postgres", "postgresql"):
            name = unquote(parts.path.removeprefix("/"))
            if not name:
                raise RefusedEnvironment(
                    variable, "names no database; write postgresql://user:password@host:5432/name"
                )
            parameters = dict(parse_qsl(parts.query))
            host = parameters.pop("host", None) or unquote(parts.hostname or "")
            return cls(
                engine="django.db.backends.postgresql",
                name=name,
                user=unquote(parts.username or ""),
                password=unquote(parts.password or ""),
                host=host,
                port=str(parts.port or ""),
                parameters=tuple(sorted(parameters.items())),
            )
        if sqlite and parts.scheme == "sqlite":
            path = Path(unquote(parts.path))
            if parts.netloc or path == Path("/"):
                raise RefusedEnvironment(variable, "write sqlite:////absolute/path/keystore.sqlite3")
            return cls(engine="django.db.backends.sqlite3", name=str(Path("/", *path.parts[1:])))
        allowed = "postgresql:// or sqlite:///" if sqlite else "postgresql://"
        raise RefusedEnvironment(variable, f"must begin with {allowed}")


@dataclass(frozen=True, kw_only=True)
class Custody:
    """Who keeps the epoch key. second: folder of the second share. module, token, pin_file: the device."""

    kind: str
    second: Path | None
    module: Path | None
    token: str
    pin_file: Path | None


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One installation, as its environment describes it."""

    mode: Mode
    home: Path
    secret_key: str
    former_secrets: tuple[str, ...]
    public_url: str
    database: Database
    keys: Database
    epoch_keys: Path
    log: Path
    log_key: Path
    epoch_days: int
    custody: Custody
    backups: Path
    keystore_backups: Path
    backup_days: int
    register: tuple[Path, ...]
    relay: Relay
    mail_from: str
    proxies: tuple[IPv4Network | IPv6Network, ...]
    timestamps: str
    timestamp_authority: Path | None
    witnesses: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, variables: Mapping[str, str] | None = None) -> Self:
        given = _Given(os.environ if variables is None else variables)
        mode = given.mode()
        home = given.home(mode)
        return cls(
            mode=mode,
            home=home,
            secret_key=given.secret_key(mode, home),
            former_secrets=given.former_secrets(),
            public_url=given.public_url(mode),
            database=given.database(home),
            keys=given.keys(home),
            epoch_keys=(epoch_keys := given.folder("SEQLENSE_EPOCH_KEYS") or home / "epoch-keys"),
            log=given.folder("SEQLENSE_LOG") or home / "transparency-log",
            log_key=given.folder("SEQLENSE_LOG_KEY") or home / "log-key" / "log.key",
            epoch_days=given.days("SEQLENSE_EPOCH_DAYS", default=7, most=90),
            custody=given.custody(epoch_keys),
            backups=(backups := given.folder("SEQLENSE_BACKUPS") or home / "backups"),
            keystore_backups=given.folder("SEQLENSE_KEYSTORE_BACKUPS") or backups / "keystore",
            backup_days=given.days("SEQLENSE_BACKUP_DAYS", default=35, most=3660),
            register=given.register(),
            relay=given.relay(mode),
            mail_from=given.text("SEQLENSE_MAIL_FROM") or "",
            proxies=given.proxies(),
            timestamps=given.address("SEQLENSE_TIMESTAMP_URL"),
            timestamp_authority=given.timestamp_authority(),
            witnesses=given.witnesses(),
        )

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def watchers(self) -> frozenset[str]:
        """Hosts of the timestamp authority and the witnesses."""
        urls = [self.timestamps, *(url for url, _key in self.witnesses)]
        return frozenset(host for url in urls if (host := urlsplit(url).hostname))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names under which pages may be asked for."""
        host = urlsplit(self.public_url).hostname or "localhost"
        if self.mode is Mode.PRODUCTION:
            return (host,)
        return (host, "localhost", "127.0.0.1", "[::1]", "testserver")


def socket_folder(home: Path) -> Path:
    """Where the embedded PostgreSQL of this home listens; elsewhere if the path is too long."""
    folder = home / "run"
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return folder
    return Path(gettempdir()) / f"seqlense-{sha256(os.fsencode(home)).hexdigest()[:16]}"


class _Given:
    """The variables, each with its rule."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables

    def text(self, variable: str) -> str | None:
        value = self.variables.get(variable, "").strip()
        return value or None

    def folder(self, variable: str) -> Path | None:
        value = self.text(variable)
        if value is None:
            return None
        path = Path(value).expanduser()
        if not path.is_absolute():
            raise RefusedEnvironment(variable, "must be an absolute path")
        return path

    def days(self, variable: str, *, default: int, most: int) -> int:
        value = self.text(variable) or str(default)
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= most):
            raise RefusedEnvironment(variable, f"must be a number of days, from 1 to {most}")
        return int(value)

    def mode(self) -> Mode:
        value = self.text("SEQLENSE_MODE") or Mode.PRODUCTION
        try:
            return Mode(value)
        except ValueError:
            raise RefusedEnvironment("SEQLENSE_MODE", "must be development, production or test") from None

    def home(self, mode: Mode) -> Path:
        home = self.folder("SEQLENSE_HOME")
        if home is not None:
            return home
        if mode is Mode.DEVELOPMENT:
            return SOURCE / "var"
        if mode is Mode.TEST:
            return Path(gettempdir()) / f"seqlense-test-{os.getpid()}"
        raise RefusedEnvironment(
            "SEQLENSE_HOME", "is missing; name the folder where this installation keeps its data"
        )

    def secret_key(self, mode: Mode, home: Path) -> str:
        value = self.text("SEQLENSE_SECRET_KEY") or self._secret_file(home)
        if value is None and mode is not Mode.PRODUCTION:
            return secrets.token_urlsafe(50)
        if value is None or len(value) < 50:
            raise RefusedEnvironment(
                "SEQLENSE_SECRET_KEY",
                "is missing or shorter than 50 characters; put it in SEQLENSE_SECRET_KEY_FILE",
            )
        return value

    def former_secrets(self) -> tuple[str, ...]:
        """Secrets replaced lately: what they signed is still believed, nothing is signed by them."""
        former = tuple((self.text("SEQLENSE_SECRET_KEY_FALLBACKS") or "").split())
        if any(len(value) < 50 for value in former):
            raise RefusedEnvironment(
                "SEQLENSE_SECRET_KEY_FALLBACKS", "must be whole former keys of 50 characters, between spaces"
            )
        return former

    def _secret_file(self, home: Path) -> str | None:
        path = self.folder("SEQLENSE_SECRET_KEY_FILE")
        if path is None:
            path = home / "secret-key"
            if not path.is_file():
                return None
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError:
            raise RefusedEnvironment("SEQLENSE_SECRET_KEY_FILE", f"{path} can't be read") from None

    def public_url(self, mode: Mode) -> str:
        value = self.text("SEQLENSE_PUBLIC_URL")
        if value is None:
            if mode is Mode.PRODUCTION:
                raise RefusedEnvironment(
                    "SEQLENSE_PUBLIC_URL", "is missing; write https://the.name.people.type"
                )
            return "http://localhost:8000" if mode is Mode.DEVELOPMENT else "http://testserver"
        parts = _split("SEQLENSE_PUBLIC_URL", value)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path.strip("/")
            or parts.query
        ):
            raise RefusedEnvironment("SEQLENSE_PUBLIC_URL", "write https://host, without a path")
        if mode is Mode.PRODUCTION and parts.scheme != "https":
            raise RefusedEnvironment("SEQLENSE_PUBLIC_URL", "must begin with https:// in production")
        return value.rstrip("/")

    def database(self, home: Path) -> Database:
        url = self.text("DATABASE_URL")
        if url is not None:
            return Database.parse("DATABASE_URL", url)
        return Database(
            engine="django.db.backends.postgresql",
            name="seqlense",
            user="seqlense",
            host=str(socket_folder(home)),
            embedded=True,
        )

    def keys(self, home: Path) -> Database:
        url = self.text("SEQLENSE_KEYS_URL")
        if url is not None:
            return Database.parse("SEQLENSE_KEYS_URL", url, sqlite=True)
        return Database(engine="django.db.backends.sqlite3", name=str(home / "keystore" / "keystore.sqlite3"))

    def custody(self, first: Path) -> Custody:
        found = Custody(
            kind=self.text("SEQLENSE_CUSTODY") or "file",
            second=self.folder("SEQLENSE_EPOCH_KEYS_2"),
            module=self.folder("SEQLENSE_PKCS11_MODULE"),
            token=self.text("SEQLENSE_PKCS11_TOKEN") or "",
            pin_file=self.folder("SEQLENSE_PKCS11_PIN_FILE"),
        )
        if found.kind not in ("file", "split", "pkcs11"):
            raise RefusedEnvironment("SEQLENSE_CUSTODY", "must be file, split or pkcs11")
        if (found.second is None and found.kind == "split") or found.second == first:
            raise RefusedEnvironment(
                "SEQLENSE_EPOCH_KEYS_2", "must name a folder in another place than SEQLENSE_EPOCH_KEYS"
            )
        if found.kind == "pkcs11" and not (found.module and found.token and found.pin_file):
            raise RefusedEnvironment(
                "SEQLENSE_CUSTODY", "pkcs11 needs SEQLENSE_PKCS11_MODULE, _TOKEN and _PIN_FILE"
            )
        return found

    def register(self) -> tuple[Path, ...]:
        company = SOURCE / "seqlense" / "project" / "company"
        own = self.folder("SEQLENSE_REGISTER")
        if own is None:
            return (company,)
        if not own.is_dir():
            raise RefusedEnvironment("SEQLENSE_REGISTER", f"{own} is not a folder")
        return (company, own)

    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Whose `X-Forwarded-For` is believed: addresses or networks, between commas."""
        value = self.text("SEQLENSE_TRUSTED_PROXIES") or LOOPBACK
        try:
            return tuple(ip_network(part.strip()) for part in value.split(","))
        except ValueError:
            raise RefusedEnvironment(
                "SEQLENSE_TRUSTED_PROXIES", "write addresses or networks between commas: 10.0.3.7,fd00:3::/64"
            ) from None

    def address(self, variable: str) -> str:
        """Of somebody who answers over HTTP; "" for nobody."""
        value = self.text(variable) or ""
        return _web_address(variable, value) if value else ""

    def timestamp_authority(self) -> Path | None:
        """The certificates that vouch for timestamps; needed with SEQLENSE_TIMESTAMP_URL."""
        variable, file = "SEQLENSE_TIMESTAMP_CA", self.folder("SEQLENSE_TIMESTAMP_CA")
        if file is None and self.text("SEQLENSE_TIMESTAMP_URL"):
            raise RefusedEnvironment(
                variable, "is missing; name the PEM file with the authority's root certificate"
            )
        if file is not None and not file.is_file():
            raise RefusedEnvironment(variable, f"{file} is not a file")
        return file

    def witnesses(self) -> tuple[tuple[str, str], ...]:
        """Where each witness takes checkpoints, and its public key."""
        variable, found = "SEQLENSE_WITNESSES", []
        for one in (self.text("SEQLENSE_WITNESSES") or "").split(","):
            if not one.strip():
                continue
            url, _, key = one.strip().partition(" ")
            if not _WITNESS_KEY.fullmatch(key.strip()):
                raise RefusedEnvironment(variable, "write URL and key (name+hash+key), pairs between commas")
            found.append((_web_address(variable, url), key.strip()))
        return tuple(found)

    def relay(self, mode: Mode) -> Relay:
        url = self.text("SEQLENSE_SMTP_URL")
        if url is None:
            if mode is Mode.PRODUCTION:
                raise RefusedEnvironment(
                    "SEQLENSE_SMTP_URL",
                    "is missing; write smtp+starttls://user@host:587 (see SEQLENSE_SMTP_PASSWORD_FILE)",
                )
            url = "smtp://127.0.0.1:1025"
        try:
            return Relay.parse(
                url,
                password_file=self.folder("SEQLENSE_SMTP_PASSWORD_FILE"),
                authority=self.folder("SEQLENSE_SMTP_AUTHORITY"),
            )
        except InvalidRelay as refused:
            raise RefusedEnvironment("SEQLENSE_SMTP_URL", refused.detail) from None


def _web_address(variable: str, url: str) -> str:
    parts = _split(variable, url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise RefusedEnvironment(variable, "write https://host/path")
    return url


def _split(variable: str, url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise RefusedEnvironment(variable, "is no valid URL") from None
    return parts
