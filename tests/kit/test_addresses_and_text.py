"""What people type: addresses and names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqlense.kit.addresses import InvalidAddress, normalise
from seqlense.kit.text import InvalidText, clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Alice.Martin@Example.COM ", "alice.martin@example.com"),
        ("Élodie+News@EXÄMPLE.fr", "élodie+news@xn--exmple-cua.fr"),
        ("e\u0301lodie@example.fr", "élodie@example.fr"),
        ("bob@xn--exmple-cua.fr", "bob@xn--exmple-cua.fr"),
        ("straße@example.de", "straße@example.de"),  # folding would write to somebody else
        ("o'brien@sub.example.org", "o'brien@sub.example.org"),
        ("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v"),
    ],
)
def test_one_way_to_write_an_address(typed: str, kept: str) -> None:
    assert normalise(typed) == kept
    assert normalise(kept) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "address-empty"),
        ("   ", "address-empty"),
        ("alice", "address-malformed"),
        ("alice@localhost", "address-malformed"),
        ("alice@@example.com", "address-malformed"),
        ("alice@example..com", "address-malformed"),
        ("alice\x00@example.com", "address-malformed"),
        ("alice@example.com\r\nBcc: eve@example.com", "address-malformed"),
        ("alice@[127.0.0.1]", "address-malformed"),
        ('"a b"@example.com', "address-malformed"),
        ("Alice <alice@example.com>", "address-malformed"),
        ("a" * 250 + "@example.com", "address-too-long"),
        ("\ud800@example.com", "address-malformed"),
    ],
)
def test_refuses_without_repeating(typed: str, code: str) -> None:
    with pytest.raises(InvalidAddress) as refused:
        normalise(typed)
    assert refused.value.code == code
    assert str(refused.value) == code
    assert refused.value.__cause__ is None


@given(st.text())
def test_any_text_is_refused_or_normalised_once(typed: str) -> None:
    try:
        once = normalise(f"{typed}@Example.com")
    except InvalidAddress:
        return
    assert normalise(once) == once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoé  ", "Zoé"),
        ("Zoe\u0301", "Zoé"),
        ("Łukasz 🧑‍🚀", "Łukasz 🧑‍🚀"),
        ("أحمد", "أحمد"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("Anne‑Marie O’Neil", "Anne‑Marie O’Neil"),
    ],
)
def test_names_of_any_script(typed: str, kept: str) -> None:
    assert clean_name(typed, longest=40) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "text-empty"),
        (" \u3000 ", "text-empty"),
        ("\u200b\u200d", "text-empty"),
        ("A\x00lice", "text-control-character"),
        ("Alice\nBob", "text-control-character"),
        ("Al\u2028ice", "text-control-character"),
        ("\ud83d", "text-control-character"),
        ("Alice \u202egpj.exe", "text-direction-override"),
        ("Alice \u2066x", "text-direction-override"),
        ("Win at https://prize.example", "text-link"),
        ("Go to WWW.prize.example", "text-link"),
        ("x" * 41, "text-too-long"),
        ("e\u0301" * 100_000, "text-too-long"),
    ],
)
def test_refused_names(typed: str, code: str) -> None:
    with pytest.raises(InvalidText) as refused:
        clean_name(typed, longest=40)
    assert refused.value.code == code


@given(st.text(max_size=60))
def test_what_passes_is_stable_and_bounded(typed: str) -> None:
    try:
        kept = clean_name(typed, longest=40)
    except InvalidText:
        return
    assert clean_name(kept, longest=40) == kept
    assert 0 < len(kept) <= 40
    assert unicodedata.is_normalized("NFC", kept)
    assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in kept)
