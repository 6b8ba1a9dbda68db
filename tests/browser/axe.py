"""axe-core on the page as it stands: what a person with a disability would stumble over."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from seqlense.project import ui

SOURCE = Path(ui.__file__).parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page) -> list[str]:
    """Each finding as "rule: element"; none on a page that is right."""
    page.evaluate(SOURCE.read_text())
    result: dict[str, Any] = page.evaluate(
        "(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false})", RULES
    )
    return [f"{rule['id']}: {node['html'][:160]}" for rule in result["violations"] for node in rule["nodes"]]
