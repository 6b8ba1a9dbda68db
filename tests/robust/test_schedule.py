"""What the worker does by itself, and in which order at night."""

from datetime import timedelta

from procrastinate.contrib.django import app

EACH_MINUTE = "* * * * *"
EXPECTED = {
    "mailing.resume": EACH_MINUTE,
    "privacy.destroy_keys": EACH_MINUTE,
    "console.watch": EACH_MINUTE,
    "console.tidy": "hourly",
    "project.resume": EACH_MINUTE,
    "privacy.rotate_keys": "hourly",
    "privacy.lift_limits": "hourly",
    "privacy.stamp": "hourly",
    "consent.picture": "hourly",
    "newsletter.go_on": EACH_MINUTE,
    "notices.tell": EACH_MINUTE,
    "documents.sweep": "hourly",
    "segments.refresh_all": "daily",
    "segments.tidy": "daily",
    "support.close_silent": "daily",
    "organisations.delete_due": "daily",
    "privacy.sweep": "daily",
    "privacy.back_up": "daily",
}


def _crons() -> dict[str, str]:
    return {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}


def _how_often(cron: str) -> str:
    minute, hour, *rest = cron.split()
    assert rest == ["*", "*", "*"]
    if hour == "*":
        return EACH_MINUTE if minute == "*" else "hourly"
    assert minute.isdigit()
    assert hour.isdigit()
    return "daily"


def _time_of_day(task: str) -> timedelta:
    minute, hour, *_ = _crons()[task].split()
    return timedelta(hours=int(hour), minutes=int(minute))


def test_everything_regular_is_scheduled() -> None:
    assert {name: _how_often(cron) for name, cron in _crons().items()} == EXPECTED


def test_the_sweep_follows_the_deletion_of_organisations() -> None:
    """Whose account goes with its organisation is marked before the sweep of the same night."""
    assert _time_of_day("organisations.delete_due") + timedelta(minutes=30) <= _time_of_day("privacy.sweep")


def test_the_backup_follows_the_sweep() -> None:
    """What was due that night is in no backup of that night."""
    assert _time_of_day("privacy.sweep") + timedelta(minutes=30) <= _time_of_day("privacy.back_up")
