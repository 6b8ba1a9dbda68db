"""Retention: what the register says is due goes by itself; forecast, dry run and sweep."""

from seqlense.privacy.retention.forecast import Coming, forecast
from seqlense.privacy.retention.sweep import ClockMovedBack, Progress, run

__all__ = ["ClockMovedBack", "Coming", "Progress", "forecast", "run"]
