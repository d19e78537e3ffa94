"""Numbers in words a person reads."""

from __future__ import annotations

from cascadeclip.app.translation import tr


def time_left(seconds: float) -> str:
    """Say roughly how long something takes: "40 s left", "3 min left"."""
    if seconds < 90:
        return tr("{max} s left", max=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{round} min left", round=round(seconds / 60))
    return tr("{value} h left", value=f"{seconds / 3600:.1f}")


def milliseconds(value: float) -> str:
    """Write a time short: "0.8 ms", "14 ms", "2.5 s"."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    return (
        tr("{value} ms", value=f"{value:.0f}")
        if value >= 10
        else tr("{value} ms", value=f"{value:.1f}")
    )


def percent(value: float | None, *, signed: bool = False) -> str:
    """Write 0..1 as per cent with one digit; a dash when it is not known."""
    if value is None:
        return "-"
    return f"{100 * value:+.1f}" if signed else f"{100 * value:.1f}"


def bytes_text(count: int) -> str:
    """Write bytes short: "340 MB", "1.7 GB"."""
    return (
        tr("{value} GB", value=f"{count / 1000000000.0:.1f}")
        if count >= 1e9
        else tr("{max} MB", max=f"{max(count / 1000000.0, 1):.0f}")
    )
