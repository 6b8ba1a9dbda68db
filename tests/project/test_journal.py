import io
import logging

import pytest
from django.core.exceptions import ValidationError

from seqlense.project.journal import ImpersonalFormatter


@pytest.fixture
def journal() -> io.StringIO:
    return io.StringIO()


def test_an_exception_is_told_without_the_values_it_failed_on(journal: io.StringIO) -> None:
    logger = logging.getLogger("seqlense.test-journal")
    handler = logging.StreamHandler(journal)
    handler.setFormatter(ImpersonalFormatter())
    logger.addHandler(handler)
    try:
        try:
            raise KeyError("alice@example.org")
        except KeyError as cause:
            raise ValidationError("refused alice@example.org", code="invalid_address") from cause
    except ValidationError:
        logger.exception("Message %s failed", "018f")
    written = journal.getvalue()
    assert "alice" not in written
    assert "Message 018f failed" in written
    assert "ValidationError (invalid_address)" in written
    assert "builtins.KeyError" in written
    assert f"{__file__}:" in written
