"""Services are what the register declares: in use, asked for by a running activity, and nothing else."""

from typing import Any

from seqlense.privacy.consent import outside
from seqlense.register import lint
from tests.register.samples import both, path, register, shipped, text

REACH = {"label": text("Videos"), "explanation": text("plays videos"), "frame": ["video.example"]}
RUNNING = path("activities", 1, "status", to="active")


def films(document: dict[str, Any]) -> None:
    document["recipients"].append(
        {
            "id": "films",
            "kind": "controller",
            "name": text("Films"),
            "role": text("shows films"),
            "consent_purpose": "tips",
            "privacy_page": "https://films.example/privacy",
            "browser": REACH,
        }
    )
    document["activities"][1]["recipients"] = ["films"]


def test_a_service_is_told_with_who_what_for_and_what_it_leaves() -> None:
    found = outside.services(register(both(RUNNING, films, path("cookies", 1, "set_by", to="films"))))
    assert [one.id for one in found] == ["films"]
    assert found[0].purpose == "tips"
    assert dict(found[0].hosts) == {"frame": ("video.example",)}
    assert [(one.name, str(one.lifetime)) for one in found[0].tracers] == [("taste", "P1Y1M")]


def test_one_that_isnt_in_use_or_that_nobody_asks_for_is_none() -> None:
    assert outside.services(register(films)) == (), "its activity doesn't run"
    elsewhere = both(RUNNING, films, path("recipients", 2, "consent_purpose", to="other"))
    assert outside.services(register(elsewhere)) == (), "no activity asks for that consent"
    without = both(RUNNING, films, path("recipients", 2, "consent_purpose", to=None))
    assert outside.services(register(without)) == (), "it can't be accepted, so it stays shut"
    assert outside.services(shipped()) == (), "as shipped, no page shows anything of others"


def test_another_company_purpose_or_host_is_another_question_and_other_words_are_not() -> None:
    def asked(*changes: Any) -> str:
        return register(both(RUNNING, films, *changes)).recipients["films"].asked_as

    same = asked()
    assert asked(path("recipients", 2, "name", to=text("Other films"))) != same
    assert asked(path("recipients", 2, "consent_purpose", to="other")) != same
    assert asked(path("recipients", 2, "browser", to={**REACH, "frame": ["elsewhere.example"]})) != same
    assert asked(path("recipients", 2, "browser", to={**REACH, "explanation": text("better said")})) == same


def test_the_demonstrations_service_is_as_clean_as_the_shipped_register() -> None:
    from pathlib import Path

    from seqlense.project import demo
    from seqlense.register import load
    from tests.register.samples import SHIPPED_FOLDERS

    shown = load([*SHIPPED_FOLDERS, Path(demo.__file__).parent / "company"])
    assert [one.id for one in outside.services(shown)] == ["youtube"]
    assert [one.rule.id for one in lint.check(shown) if one.rule.id.startswith(("reach", "tracers"))] == []
    assert (
        shown.activities["embedded_videos"].model_copy(update={"status": "inactive"})
        == (shipped().activities["embedded_videos"])
    )
