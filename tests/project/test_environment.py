"""The environment parses, or is refused by a message that names the variable."""

from pathlib import Path

import pytest

from seqlense.project.environment import Environment, Mode, RefusedEnvironment, socket_folder

SECRET = "s" * 50


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    return {
        "SEQLENSE_HOME": str(tmp_path),
        "SEQLENSE_SECRET_KEY_FILE": str(secret),
        "SEQLENSE_PUBLIC_URL": "https://platform.example/",
        "DATABASE_URL": "postgresql://owner:p%40ss@db.example:5433/seqlense?sslmode=verify-full",
        "SEQLENSE_SMTP_URL": "smtp+starttls://mailer:secret@mail.example:587",
    }


def test_a_whole_environment_is_read(production: dict[str, str], tmp_path: Path) -> None:
    read = Environment.read(production)
    assert read.mode is Mode.PRODUCTION
    assert read.secret_key == SECRET
    assert read.public_url == "https://platform.example"
    assert read.hosts == ("platform.example",)
    assert read.secure
    assert (read.database.user, read.database.password, read.database.port) == ("owner", "p@ss", "5433")
    assert read.database.parameters == (("sslmode", "verify-full"),)
    assert not read.database.embedded
    assert read.keys.name == str(tmp_path / "keystore" / "keystore.sqlite3")
    assert read.relay.host == "mail.example"
    assert [str(network) for network in read.proxies] == ["127.0.0.0/8", "::1/128"]
    assert read.former_secrets == ()
    replaced = Environment.read({**production, "SEQLENSE_SECRET_KEY_FALLBACKS": f" {'a' * 50}\n{'b' * 60}"})
    assert (replaced.secret_key, replaced.former_secrets) == (SECRET, ("a" * 50, "b" * 60))
    named = Environment.read({**production, "SEQLENSE_TRUSTED_PROXIES": "10.0.3.7, fd00:3::/64"})
    assert [str(network) for network in named.proxies] == ["10.0.3.7/32", "fd00:3::/64"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SEQLENSE_MODE", "prod"),
        ("SEQLENSE_HOME", None),
        ("SEQLENSE_HOME", "relative/folder"),
        ("SEQLENSE_SECRET_KEY", "short"),
        ("SEQLENSE_SECRET_KEY_FILE", "/nowhere/at/all"),
        ("SEQLENSE_SECRET_KEY_FALLBACKS", f"{SECRET} short"),
        ("SEQLENSE_PUBLIC_URL", None),
        ("SEQLENSE_PUBLIC_URL", "http://platform.example"),
        ("SEQLENSE_PUBLIC_URL", "https://platform.example/path"),
        ("SEQLENSE_PUBLIC_URL", "https://platform.example:port"),
        ("DATABASE_URL", "mysql://owner@db.example/seqlense"),
        ("DATABASE_URL", "postgresql://owner@db.example/"),
        ("SEQLENSE_KEYS_URL", "sqlite://host/keystore"),
        ("SEQLENSE_KEYS_URL", "redis://cache.example/0"),
        ("SEQLENSE_REGISTER", "/nowhere/at/all"),
        ("SEQLENSE_TRUSTED_PROXIES", "proxy.example"),
        ("SEQLENSE_TIMESTAMP_URL", "ftp://stamps.example"),
        ("SEQLENSE_TIMESTAMP_CA", "/nowhere/at/all.pem"),
        ("SEQLENSE_WITNESSES", "https://witness.example"),
        ("SEQLENSE_WITNESSES", "witness.example witness.example+00000000+AAAA"),
        ("SEQLENSE_TRUSTED_PROXIES", "10.0.3.7/8"),
        ("SEQLENSE_SMTP_URL", None),
        ("SEQLENSE_SMTP_URL", "smtp://mail.example:25"),
    ],
)
def test_what_is_missing_or_wrong_is_refused_by_name(
    production: dict[str, str], variable: str, value: str | None
) -> None:
    changed = {**production, variable: value or ""}
    with pytest.raises(RefusedEnvironment) as refused:
        Environment.read(changed)
    assert refused.value.variable == variable
    assert variable in str(refused.value)
    assert "p@ss" not in str(refused.value)
    assert "secret@" not in str(refused.value)


def test_production_is_what_is_meant_when_nothing_is_said(production: dict[str, str]) -> None:
    del production["SEQLENSE_SECRET_KEY_FILE"]
    with pytest.raises(RefusedEnvironment, match="SEQLENSE_SECRET_KEY"):
        Environment.read(production)
    assert Environment.read({**production, "SEQLENSE_MODE": "development"}).mode is Mode.DEVELOPMENT


def test_a_socket_fits_into_its_path(tmp_path: Path) -> None:
    assert socket_folder(Path("/srv/seqlense")) == Path("/srv/seqlense/run")
    deep = tmp_path / ("a" * 90)
    assert len(str(socket_folder(deep) / ".s.PGSQL.5432")) < 104
    assert socket_folder(deep) != socket_folder(tmp_path / ("b" * 90))


def test_who_vouches_for_the_log_is_read_whole_or_refused(production: dict[str, str], tmp_path: Path) -> None:
    key = f"witness.example+0011aaff+{'A' * 44}"
    root = tmp_path / "root.pem"
    root.write_text("-----BEGIN CERTIFICATE-----")
    asked = {**production, "SEQLENSE_TIMESTAMP_URL": "https://stamps.example/tsr"}
    with pytest.raises(RefusedEnvironment) as refused:
        Environment.read(asked)
    assert refused.value.variable == "SEQLENSE_TIMESTAMP_CA"
    witnesses = f"https://witness.example/log {key}, http://other.example {key}"
    read = Environment.read({**asked, "SEQLENSE_TIMESTAMP_CA": str(root), "SEQLENSE_WITNESSES": witnesses})
    assert read.timestamps == "https://stamps.example/tsr"
    assert read.witnesses == (("https://witness.example/log", key), ("http://other.example", key))
    assert read.watchers == {"stamps.example", "witness.example", "other.example"}
    assert Environment.read(production).watchers == set()
