"""E-mail addresses, as they are compared, kept and written to."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets


class InvalidAddress(ValueError):
    """An address that nobody can write to. Its text never repeats the address.

    code: "address-empty", "address-too-long" or "address-malformed".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalise(email: str) -> str:
    """The one way to write an address: two that reach the same mailbox by any custom of the web become equal.

    Case is ignored, Unicode composed (NFC), the domain in its ASCII form (IDNA 2008); a "plus" tag stays,
    since it may lead to another mailbox. "Élodie+News@EXÄMPLE.fr" → "élodie+news@xn--exmple-cua.fr". Safe to
    write to: letters are lowered, not folded, as folding would turn "straße" into somebody else's "strasse".
    Raises InvalidAddress. Asks no DNS.
    """
    text = unicodedata.normalize("NFC", email).strip()
    if not text:
        raise InvalidAddress("address-empty")
    if len(text) > LONGEST:
        raise InvalidAddress("address-too-long")
    try:
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except (EmailNotValidError, UnicodeError):
        raise InvalidAddress("address-malformed") from None
    local = unicodedata.normalize("NFC", found.local_part.lower())
    domain = found.ascii_domain
    if not domain or "." not in domain:
        raise InvalidAddress("address-malformed")
    address = f"{local}@{domain.lower()}"
    if len(address) > LONGEST:
        raise InvalidAddress("address-too-long")
    return address
