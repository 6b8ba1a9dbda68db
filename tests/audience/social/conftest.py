"""The local network, configured as each of the three in turn."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from tests.audience.social import provider
from tests.audience.social.provider import Provider


@pytest.fixture
def there(settings: LazySettings) -> Iterator[Provider]:
    """All three networks are this one."""
    with provider.serving() as found:
        settings.SEQLENSE_NETWORKS = tuple(found.network(one) for one in ("linkedin", "x", "youtube"))
        yield found
