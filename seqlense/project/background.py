"""Work that is done behind the pages."""

from procrastinate.contrib.django import app


def task_names() -> list[str]:
    """The name of every background task, for the check that each is declared."""
    return sorted(app.tasks)
