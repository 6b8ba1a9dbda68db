"""The local network, configured as each of the three in turn."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from seqlense.audience.social import asking
from tests.audience.social import provider
from tests.audience.social.provider import Provider


@pytest.fixture
def there(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """All three networks are this one; nobody waits for seconds."""
    monkeypatch.setattr(asking, "SECONDS", 0.6)
    monkeypatch.setattr(asking, "IN_ALL", 0.9)
    with provider.serving() as found:
        settings.SEQLENSE_NETWORKS = tuple(found.network(one) for one in ("linkedin", "x", "youtube"))
        yield found
