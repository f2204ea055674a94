"""The bars of the overview, in the units of the SVG that its template draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from idp.console.figures import Hour

WIDTH, HEIGHT = 720, 200
LEFT, TOP, BOTTOM = 36, 8, 24
LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: where its two parts stand."""

    hour: Hour
    x: float
    width: float
    ok_y: float
    ok_height: float
    bad_y: float
    bad_height: float
    is_labelled: bool

    @property
    def middle(self) -> float:
        """Return where its label stands."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and the lines behind them: pairs of height and number."""

    bars: Sequence[Bar]
    lines: Sequence[tuple[float, int]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def base(self) -> int:
        """Return where the labels of the hours stand."""
        return HEIGHT - 6


def draw(hours: Sequence[Hour]) -> Chart:
    """Place a bar for each hour on a scale that ends with a round number."""
    top = _round_up(max((hour.total for hour in hours), default=0))
    room = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT) / max(len(hours), 1)
    bars = []
    for index, hour in enumerate(hours):
        ok, bad = (round(room * n / top, 1) for n in (hour.succeeded, hour.failed))
        ok_y = round(TOP + room - ok, 1)
        x = round(LEFT + index * step + step * 0.1, 1)
        width = round(step * 0.8, 1)
        bars.append(Bar(hour, x, width, ok_y, ok, round(ok_y - bad, 1), bad, index % 4 == 0))
    lines = [
        (round(TOP + room * (1 - part / LINES), 1), top * part // LINES)
        for part in range(LINES + 1)
    ]
    return Chart(bars, lines)


def _round_up(number: int) -> int:
    """Return the next number whose quarters are round: 4, 8, 20, 40, 100, 200, 400 and so on."""
    if number <= LINES:
        return LINES
    power = 10 ** math.floor(math.log10(number))
    return next(
        int(n * power) for n in (1, 2, 4, 8, 10, 20) if n * power >= number and n * power % 4 == 0
    )
