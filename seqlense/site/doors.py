"""The doors of signed-in pages, as every section of the site takes them; the console takes them from the same
place.
"""

from seqlense.accounts.doors import (
    actor,
    at_even_pace,
    device_cookie,
    mark_confirmed,
    mark_strong,
    moment,
    next_of,
    person,
    place,
    recently_confirmed,
    second_factor_where_demanded,
    stay_signed_in,
    strongly,
)

__all__ = [
    "actor",
    "at_even_pace",
    "device_cookie",
    "mark_confirmed",
    "mark_strong",
    "moment",
    "next_of",
    "person",
    "place",
    "recently_confirmed",
    "second_factor_where_demanded",
    "stay_signed_in",
    "strongly",
]
