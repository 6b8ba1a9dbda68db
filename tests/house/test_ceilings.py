from tests.house import ceilings
from tests.house.sources import Source, everything, shown


def test_nothing_outgrows_its_ceiling() -> None:
    broken = shown(ceilings.violations(ceilings.measures(everything()), ceilings.baseline()))
    assert not broken, broken


def test_what_is_too_long_is_seen() -> None:
    long_function = "def long() -> None:\n" + "    pass\n" * 60
    long_class = "class Long:\n" + "    x = 1\n" * 250
    view = "def page(request):\n" + "    pass\n" * 25
    sources = [
        Source("seqlense/accounts/one.py", long_function),
        Source("seqlense/accounts/two.py", long_class + "\n" * 150),
        Source("seqlense/site/account/three.py", view),
        Source("seqlense/accounts/four.py", view),
        *[Source(f"seqlense/crm/module{number}.py", "") for number in range(26)],
    ]
    measured = ceilings.measures(sources)
    assert {violation.where for violation in ceilings.violations(measured, {})} == {
        "function seqlense/accounts/one.py long",
        "class seqlense/accounts/two.py Long",
        "module seqlense/accounts/two.py",
        "view seqlense/site/account/three.py page",
        "room crm",
    }


def test_the_baseline_only_goes_down() -> None:
    measured = {"module a": (450, 400), "module b": (300, 400), "module c": (500, 400)}
    allowed = {"module a": 460, "module b": 420, "module c": 490}
    assert {violation.where for violation in ceilings.violations(measured, allowed)} == set(measured)
    assert ceilings.lowered(measured, allowed) == {"module a": 450, "module c": 490}
