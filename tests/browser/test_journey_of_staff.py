"""Somebody of the staff reads a person's file, for a reason that the person reads in turn."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor, visit
from tests.running import Product

REASON = {
    "fr": "Réponse à votre demande d’assistance du 3 mars",
    "en": "Answer to your request for help of 3 March",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reading_is_seen_by_whom_it_is_about(product: Product, browser: Browser, language: str) -> None:
    with (
        visit(browser, product, language=language, email=f"bob.{language}@staff.example") as bob,
        visit(browser, product, language=language, email=f"paul.{language}@staff.example") as paul,
    ):
        bob.opens_account(f"Béatrice Bauer-{language}")
        paul.opens_account("Paul Petit")
        paul.go("console/")
        assert paul.reads("This page is not open to your account")
        gets_a_second_factor(paul)
        made_staff(product, paul)
        signs_in_as_staff(paul)
        reads_for_a_reason(paul, bob)
        bob.follow("My data")
        assert bob.shows(REASON[language])
        assert bob.reads("The file was opened in the console")
        assert "paul." not in bob.page.content(), "who read stays a colleague, not a name"


def made_staff(product: Product, paul: Visitor) -> None:
    """The operator gives the role on the command line; the session open until then ends."""
    said = product.beside(
        "seqlense.project.cli",
        *("staff", "grant", "platform_administrator", "--email"),
        said=f"{paul.email}\n",
    )
    assert paul.email not in said


def gets_a_second_factor(paul: Visitor) -> None:
    """Nobody becomes staff on the strength of a password alone."""
    paul.go("security/")
    paul.sets_up_codes()


def signs_in_as_staff(paul: Visitor) -> None:
    """By password, then by a code."""
    paul.go("console/")
    assert "/sign-in/" in paul.page.url
    paul.types_password()
    paul.fill("Code", paul.code())
    paul.go_on()
    paul.at("console/")  # where he was going
    paul.go("home/")
    paul.page.get_by_role("banner").get_by_role("link", name="Console").click()
    expect(paul.page.get_by_role("heading", level=1)).to_have_text(paul.say("Overview"))


def reads_for_a_reason(paul: Visitor, bob: Visitor) -> None:
    paul.follow("Accounts")
    paul.fill("E-mail address or name", "x")
    paul.go_on()
    assert paul.page.locator(".error-summary").is_visible()
    paul.fill("E-mail address or name", f"beatrice BAUER-{paul.language}")
    paul.go_on()
    assert bob.email not in paul.page.url
    paul.page.get_by_role("link", name=f"Béatrice Bauer-{paul.language}").click()
    expect(paul.page.locator("main")).not_to_contain_text(bob.email)
    paul.fill("Reason", "because")
    paul.go_on()
    assert paul.page.locator(".error-summary").is_visible()
    assert paul.field("Reason").input_value() == "because"
    paul.fill("Reason", REASON[paul.language])
    paul.go_on()
    expect(paul.page.locator("main")).to_contain_text(bob.email)
