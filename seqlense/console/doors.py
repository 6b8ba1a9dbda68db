"""Doors of the console: which role opens which screen, always with a second factor."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from seqlense.accounts import factors
from seqlense.accounts.doors import moment, person, recently_confirmed, second_factor_first, strongly
from seqlense.accounts.models import Account, StaffRole
from seqlense.privacy.actor import Actor

type View = Callable[..., HttpResponseBase]

PLATFORM: Final = StaffRole.Role.PLATFORM_ADMINISTRATOR
OFFICER: Final = StaffRole.Role.DATA_PROTECTION_OFFICER


def staff(*roles: StaffRole.Role) -> Callable[[View], View]:
    """Only for accounts that hold one of these roles today and signed in with two factors (ASVS 6.3.3)."""

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            account = person(request)
            if not account.staff_roles_held & {role.value for role in roles}:
                raise PermissionDenied
            if not strongly(request) and factors.demands(account):
                return redirect(second_factor_first(request.get_full_path()))
            return view(request, *args, **kwargs)

        return door

    return wrap


def actor(request: HttpRequest) -> Actor:
    """The member of staff signed in, acting as such."""
    return Actor.staff(person(request).subject_id)


def may(account: Account, *roles: StaffRole.Role) -> bool:
    """Whether to offer what only these roles may do."""
    return bool(account.staff_roles_held & {role.value for role in roles})


__all__ = ["OFFICER", "PLATFORM", "actor", "may", "moment", "person", "recently_confirmed", "staff"]
