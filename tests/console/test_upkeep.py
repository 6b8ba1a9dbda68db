"""Keys, backups and log in the console: what there is, what a worker is asked to do, what came of it."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from seqlense.console import tasks
from seqlense.console.models import Errand
from seqlense.console.upkeep import errands
from seqlense.kit import clock
from seqlense.privacy import log
from seqlense.privacy.actor import Actor
from seqlense.privacy.backups import places
from seqlense.privacy.drills import Drill
from seqlense.privacy.records import Act
from seqlense.privacy.restoring import Restoration
from tests import cast

NOW = clock.now()


@pytest.fixture
def odile(db: None) -> Client:
    return cast.signed_in(cast.odile(), strong=True)


def page(browser: Client, name: str) -> str:
    return str(browser.get(reverse(f"console:{name}")).content.decode())


def worked(errand: Errand) -> Errand:
    """What the worker makes of it."""
    errands.do(errand.pk, tasks.WORKS, actor=Actor.system("tests"), now=clock.now())
    errand.refresh_from_db()
    return errand


def test_a_drill_is_run_and_its_numbers_shown(odile: Client) -> None:
    cast.alice()
    assert "Aucun essai" in page(odile, "keys")
    done = odile.post(reverse("console:run_drill"), follow=True).content.decode()
    assert "L’essai a réussi" in done
    drill = Drill.objects.get()
    assert drill.passed
    act = Act.objects.get(kind="privacy.drill")
    assert act.actor_kind == "staff"
    Drill.objects.create(at=clock.now(), epoch=3, living=9, unreadable=2, erased=4, readable=1)
    failed = page(odile, "keys")
    assert "2 ne se sont pas ouvertes" in failed
    assert "1 a pu être lue" in failed
    assert "keys.drill-failed" in failed, "the alarm stands on top"


@pytest.mark.django_db(transaction=True)
def test_backups_are_made_verified_and_shown(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_BACKUPS = tmp_path / "backups"
    settings.SEQLENSE_KEYSTORE_BACKUPS = tmp_path / "keystore"
    odile = cast.signed_in(cast.odile(), strong=True)
    assert "Aucune sauvegarde" in page(odile, "backups")
    for _twice in range(2):
        odile.post(reverse("console:make_backup"))
    errand = Errand.objects.get(kind=Errand.Kind.BACKUP)
    assert "Attend un exécutant" in page(odile, "backups")
    made = worked(errand)
    assert (made.code, len(made.outcome["made"])) == ("", 2), made.outcome
    assert made.reached > 0
    listed = page(odile, "backups")
    for name in made.outcome["made"]:
        assert name in listed
    assert "pas encore" in listed

    odile.post(reverse("console:verify_backups"))
    found = worked(Errand.objects.get(kind=Errand.Kind.VERIFY_BACKUPS))
    assert (sorted(found.outcome["sound"]), found.outcome["wrong"]) == (sorted(made.outcome["made"]), {})
    assert found.reached == found.total > 0
    assert "pas encore" not in page(odile, "backups")

    place = places.listed("data")[0]
    content = next(one for one in place.path.iterdir() if one.name != places.MANIFEST)
    content.write_bytes(content.read_bytes()[:-1] + b"\0\0")
    odile.post(reverse("console:verify_backups"))
    found = worked(Errand.objects.filter(kind=Errand.Kind.VERIFY_BACKUPS, finished_at=None).get())
    assert list(found.outcome["wrong"]) == [place.name]
    assert "altérée" in page(odile, "backups")


@pytest.mark.django_db
def test_a_worker_that_cannot_says_why(odile: Client, settings: LazySettings) -> None:
    settings.SEQLENSE_BACKUPS = None
    assert "backups.backup-no-place" in page(odile, "backups")
    odile.post(reverse("console:make_backup"))
    failed = worked(Errand.objects.get())
    assert failed.code == "backup-no-place"
    assert "backup-no-place" in page(odile, "backups")


@pytest.mark.django_db(transaction=True)
def test_the_log_is_shown_and_verified_on_demand(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_LOG, settings.SEQLENSE_LOG_KEY = tmp_path / "log", tmp_path / "key" / "log.key"
    odile = cast.signed_in(cast.odile(), strong=True)
    sealed = log.seal(now=clock.now())
    assert sealed.size > 0
    shown = page(odile, "log")
    assert log.head().root.hex() in shown
    assert "personne ne l’a encore vérifié ici" in shown.casefold()
    odile.post(reverse("console:verify_log"))
    done = worked(Errand.objects.get())
    assert done.outcome["size"] == sealed.size
    assert Act.objects.filter(kind="console.log_verified").exists()

    [tile] = [one for one in (tmp_path / "log" / "tile" / "0").rglob("*") if one.is_file()]
    content = bytearray(tile.read_bytes())
    content[3] ^= 1
    tile.write_bytes(bytes(content))
    odile.post(reverse("console:verify_log"))
    broken = worked(Errand.objects.filter(finished_at=None).get())
    assert broken.outcome["broken"] == "tile"
    assert "Non conforme" in page(odile, "log")


@pytest.mark.django_db(transaction=True)
def test_evidence_is_made_fetched_and_gone_after_a_day(settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_LOG, settings.SEQLENSE_LOG_KEY = tmp_path / "log", tmp_path / "key" / "log.key"
    settings.SEQLENSE_HOME = tmp_path
    account = cast.odile()
    odile, today = cast.signed_in(account, strong=True), clock.now().date()
    log.seal(now=clock.now())
    form = {"as_of": (today + timedelta(days=1)).isoformat()}
    refused = odile.post(reverse("console:make_evidence"), form)
    assert (refused.status_code, "Choisissez un jour venu" in refused.text) == (422, True)
    assert not Errand.objects.exists()

    odile.post(reverse("console:make_evidence"), {"as_of": today.isoformat()})
    asked = Errand.objects.get()
    errands.file_of(asked.pk).with_suffix(".zip.draft").write_bytes(b"left by a worker that was killed")
    made = worked(asked)
    assert made.code == "", made.code
    assert made.outcome["entries"] > 0
    fetch = reverse("console:download_evidence", args=[made.pk])
    assert fetch in page(odile, "evidence")
    assert fetch not in page(cast.signed_in(cast.paul(), strong=True), "evidence")
    doubted = cast.signed_in(account, strong=True, confirmed=False).post(fetch)
    assert 'name="confirm-password"' in doubted.text
    given = odile.post(fetch)
    assert given["Content-Disposition"] == f'attachment; filename="seqlense-evidence-{today}.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(given.streaming_content))) as bundle:  # type: ignore[attr-defined]  # a file
        assert {"index.html", "evidence.json", "evidence.note", "verify_proofs.py"} <= set(bundle.namelist())
    act = Act.objects.get(kind="console.evidence_fetched")
    assert (act.actor_kind, act.detail["bundle"]) == ("staff", str(made.pk))

    errands.tidy(now=clock.now() + timedelta(hours=23))
    assert errands.file_of(made.pk).exists()
    errands.tidy(now=clock.now() + timedelta(hours=25))
    assert not errands.file_of(made.pk).exists()
    gone = odile.post(fetch)
    assert gone.status_code == 410
    assert "Supprimé" in page(odile, "evidence")


def test_restores_leave_their_report(odile: Client) -> None:
    assert "Rien n’a jamais été restauré" in page(odile, "restorations")
    Restoration.objects.create(
        begun_at=NOW, finished_at=NOW, first=10, last=40, reached=40, report={"erased": 3, "swept": 12}
    )
    shown = page(odile, "restorations")
    assert "personnes effacées de nouveau" in shown.casefold()
    assert "les outils de l’exploitant" in shown


def test_errands_cut_off_end_and_are_forgotten(db: None, settings: LazySettings, tmp_path: Path) -> None:
    settings.SEQLENSE_HOME = tmp_path
    row = errands.ask(Errand.Kind.BACKUP, actor=Actor.staff(cast.odile().subject_id), now=NOW)
    stray = errands.folder() / "stray.zip"
    stray.write_bytes(b"x")
    growing = errands.folder() / f"{row.pk}.zip.draft"
    growing.write_bytes(b"x")
    errands.tidy(now=NOW + timedelta(hours=11))
    row.refresh_from_db()
    assert (row.finished_at, stray.exists(), growing.exists()) == (None, False, True)
    errands.tidy(now=NOW + timedelta(hours=13))
    row.refresh_from_db()
    assert (row.code, growing.exists()) == ("cut-off", False)
    errands.tidy(now=NOW + timedelta(days=40))
    assert not Errand.objects.exists()
