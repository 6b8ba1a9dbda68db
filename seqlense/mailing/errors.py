"""What can go wrong with a message. No error here ever carries an address, a name or a line of text."""


class MailingError(Exception):
    """Base of this room's errors; `code` is stable and fit for logs."""

    code = "mailing.failed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class InvalidRelay(MailingError):
    """SEQLENSE_SMTP_URL can't be used; the detail says what would be right and never repeats the password."""

    code = "mailing.relay.invalid"


class UnknownTemplate(MailingError):
    """No installed room declares this template."""

    code = "mailing.template.unknown"


class InvalidTemplate(MailingError):
    """A room's declaration contradicts itself or another room's."""

    code = "mailing.template.invalid"


class UnsafeSubject(MailingError):
    """The rendered subject is empty or holds a line break or another control character."""

    code = "mailing.subject.unsafe"


class UnsafeAddress(MailingError):
    """The address can't be written in a header without changing its meaning."""

    code = "mailing.address.unsafe"
