"""What this room asks of the rooms above it.

second_factor_demanded: sent with `account`; a receiver returns a short reason ("organisation") where the
person must sign in with two factors, else None.
"""

from django.dispatch import Signal

second_factor_demanded = Signal()
