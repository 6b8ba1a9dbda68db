"""From sign-up to erasure, as people live it: real pages, real mail, a passkey, codes, a company, a copy, an
end.
"""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import PASSWORD, Visitor, visit
from tests.running import Product

LANGUAGES = ["fr", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_sign_up_to_erasure(product: Product, browser: Browser, language: str, tmp_path: Path) -> None:
    with visit(browser, product, language=language, email=f"ines.{language}@journey.example") as ines:
        link = ines.opens_account("Inès d'Aubigné")
        a_used_or_forged_link_opens_nothing(browser, product, ines, link)
        makes_it_safe(browser, ines)
        two_tabs_lose_nothing(ines)
        founds_and_invites(ines, guest := f"jo.{language}@journey.example")
        with visit(browser, product, language=language, email=guest) as jo:
            joins(jo)
            ines.page.reload()
            assert ines.shows("Jo Journey")
        sees_everything(ines, guest)
        takes_a_copy(ines, tmp_path)
        erases_the_account(ines)
    nothing_is_found(browser, product, ines)


def a_used_or_forged_link_opens_nothing(
    browser: Browser, product: Product, owner: Visitor, link: str
) -> None:
    with visit(browser, product, language=owner.language, email=owner.email) as thief:
        thief.page.goto(link)
        assert thief.reads("This link was used already")
        forged = link[:-6] + ("A" if link[-6] != "A" else "B") + link[-5:]
        thief.page.goto(forged)
        assert thief.reads("We don't know this link")
        thief.go("home/")
        assert thief.page.url.startswith(f"{product.url}/{owner.language}/sign-in/")


def makes_it_safe(browser: Browser, ines: Visitor) -> None:
    """A passkey and codes; then signs out, and in again by password and code, wrong ones first."""
    ines.has_a_device()
    ines.follow("Add a second factor")
    ines.follow("Add a passkey")
    ines.fill("Name of the passkey", "Portable 🌻")
    ines.go_on()
    ines.at("security/")
    assert ines.shows("Portable 🌻")
    ines.sets_up_codes()
    ines.at("security/")
    with browser.new_context(base_url=ines.product.url) as context:
        other = Visitor(
            page=context.new_page(), product=ines.product, language=ines.language, email=ines.email
        )
        other.go("my-data/")  # the page asked for is where one lands
        other.fill("E-mail address", ines.email.upper())
        other.fill("Password", "not my password at all")
        other.go_on()
        assert other.page.locator(".error-summary").is_visible()
        assert other.field("E-mail address").input_value() == ines.email.upper()
        other.types_password()
        other.at("sign-in/code/")
        other.fill("Code", ines.wrong_code())
        other.go_on()
        assert other.page.locator(".error-summary").is_visible()
        other.fill("Code", ines.code())
        other.go_on()
        other.at("my-data/")


def two_tabs_lose_nothing(ines: Visitor) -> None:
    """The second tab to save the same section is shown both, and saves knowingly."""
    ines.follow("Settings")
    ines.at("settings/")
    second = ines.page.context.new_page()
    second.goto(ines.page.url)
    ines.fill("Name", "Inès Aubigné")
    ines.page.locator("#name button").click()
    expect(ines.page.locator("main")).to_contain_text(ines.say("Saved."))
    tab = Visitor(page=second, product=ines.product, language=ines.language, email=ines.email)
    tab.fill("Name", "Inès de l'autre onglet")
    second.locator("#name button").click()
    expect(second.locator("main")).to_contain_text(ines.say("This section was saved elsewhere meanwhile"))
    assert tab.field("Name").input_value() == "Inès de l'autre onglet"
    assert tab.shows("Inès Aubigné"), "what is saved stands beside it"
    second.locator("#name button").click()
    expect(second.locator("main")).to_contain_text(ines.say("Saved."))
    second.close()


def founds_and_invites(ines: Visitor, guest: str) -> None:
    ines.follow("Home")
    ines.follow("Create an organisation")
    ines.go_on()
    assert ines.reads("Give the organisation a name.")
    ines.fill("Name of the organisation", "Atelier Aubigné & Fils")
    ines.go_on()
    ines.follow("Invite people")
    ines.fill("E-mail addresses", f"{guest}\nno address at all")
    ines.go_on()
    assert ines.page.locator(".error-summary").is_visible()
    assert guest in ines.field("E-mail addresses").input_value(), "what was typed is still there"
    ines.fill("E-mail addresses", guest)
    ines.page.locator("main [name=language]").select_option(ines.language)
    ines.go_on()
    expect(ines.page.get_by_role("heading", name=ines.say("Reference"))).to_have_count(1)
    assert guest not in ines.page.content(), "never shown to who invited"
    ines.page.locator("main").get_by_role("link", name="Atelier Aubigné & Fils").click()


def joins(jo: Visitor) -> None:
    link = jo.open_mail()
    assert "Atelier Aubigné & Fils" in jo.subject()
    jo.page.goto(link[:-1] + ("A" if link[-1] != "A" else "B"))
    assert jo.reads("This link leads nowhere")
    jo.page.goto(link)
    jo.fill("Your name", "Jo Journey")
    jo.fill("Password", "short")
    jo.go_on()
    assert jo.page.locator(".error-summary").is_visible()
    assert jo.field("Your name").input_value() == "Jo Journey"
    jo.fill("Password", PASSWORD)
    jo.go_on()
    assert jo.shows("Inès de l'autre onglet")


def sees_everything(ines: Visitor, guest: str) -> None:
    ines.follow("My data")
    ines.at("my-data/")
    for text in (ines.email, "Inès de l'autre onglet", "Portable 🌻", ines.say("Owner")):
        assert ines.shows(text), text
    assert guest not in ines.page.content(), "another person's data"
    assert "{'" not in ines.page.content()


def takes_a_copy(ines: Visitor, folder: Path) -> None:
    """The archive is what its manifest says, and holds the person's words, not another's."""
    with ines.page.expect_download() as download:
        ines.go_on()
    archive = folder / download.value.suggested_filename
    download.value.save_as(archive)
    assert archive.suffix == ".zip"
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist())
        manifest = json.loads(packed.read("manifest.json"))
        told = packed.read("activities/accounts.json").decode()
        everything = b"".join(packed.read(name) for name in names).decode()
    assert {entry["path"] for entry in manifest["files"]} == names - {"manifest.json"}
    assert ines.email in told
    assert "Inès de l'autre onglet" in told
    assert "jo." not in everything
    ines.follow("My requests")
    assert ines.reads("Access and copy")
    ines.follow("My data")


def erases_the_account(ines: Visitor) -> None:
    """Owning a company, she hands it over or closes it; then the preview, and the end."""
    ines.follow("Erase my account")
    ines.at("close-account/")
    assert ines.shows(ines.say("Close the account"))
    ines.page.locator("main button.btn-danger").click()
    ines.at("account-closed/")
    ines.go("home/")
    assert "/sign-in/" in ines.page.url


def nothing_is_found(browser: Browser, product: Product, gone: Visitor) -> None:
    """The address opens nothing any more; to the service, who writes it again is somebody new."""
    with visit(browser, product, language=gone.language, email=gone.email) as nobody:
        nobody.go("sign-in/")
        nobody.types_password()
        assert nobody.page.locator(".error-summary").is_visible()
        nobody.go("password-forgotten/")
        nobody.fill("E-mail address", gone.email)
        nobody.go_on()
        nobody.at("password-forgotten/sent/")
        before = len(product.messages(gone.email))
        nobody.go("sign-up/")
        nobody.fill("Professional e-mail address", gone.email)
        nobody.go_on()
        nobody.at("sign-up/sent/")
        product.message(gone.email, number=before + 1)
        assert product.messages(gone.email)[0]["subject"] == nobody.say("Open your account")
        assert len(product.messages(gone.email)) == before + 1, "no link to a password of nobody's"
