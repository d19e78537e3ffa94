"""Numbers in words a person reads."""

from __future__ import annotations


def time_left(seconds: float) -> str:
    """Say roughly how long something takes: "40 s left", "3 min left"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s left"
    if seconds < 5400:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"


def milliseconds(value: float) -> str:
    """Write a time short: "0.8 ms", "14 ms", "2.5 s"."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


def percent(value: float | None, *, signed: bool = False) -> str:
    """Write 0..1 as per cent with one digit; a dash when it is not known."""
    if value is None:
        return "-"
    return f"{100 * value:+.1f}" if signed else f"{100 * value:.1f}"
