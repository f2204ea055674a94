"""Medians over the rounds, and ratios within each round: both servers met the same noise there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from tests.bench.scenarios import EMPTY, TOOLKIT

HEAD = ("", "req/s", "p50 ms", "p99 ms", "of toolkit", "of empty", "CPU ms", "client busy")
LAYOUT = "{:<36}{:>8}{:>9}{:>9}{:>12}{:>11}{:>9}{:>13}"


@dataclass(frozen=True, slots=True)
class Measured:
    """
    One round of one scenario: seconds for all and of each, how busy the client was.

    `processor` is the processor time that the server took, in seconds.
    """

    seconds: float
    processor: float
    busy: float
    latencies: Sequence[float]

    @property
    def rate(self) -> float:
        """Return requests per second."""
        return len(self.latencies) / self.seconds

    @property
    def cost(self) -> float:
        """Return the server's processor time for one request, in milliseconds."""
        return 1000 * self.processor / len(self.latencies)


type Rounds = Mapping[str, Sequence[Measured]]


def table(rounds: Rounds) -> list[str]:
    """Return the lines of the table."""
    return [LAYOUT.format(*HEAD), *(LAYOUT.format(*_row(name, rounds)) for name in rounds)]


def ratio(name: str, to: str, rounds: Rounds) -> float:
    """Return how many times as many requests a second one scenario serves as another."""
    pairs = zip(rounds[name], rounds[to], strict=True)
    return median(one.rate / other.rate for one, other in pairs)


def cost(name: str, rounds: Rounds) -> float:
    """Return the processor time that the server needs for a request, in milliseconds."""
    return median(m.cost for m in rounds[name])


def busiest(rounds: Rounds) -> tuple[float, str]:
    """Return in which scenario the load generator was busiest, and how busy."""
    return max((median(m.busy for m in measured), name) for name, measured in rounds.items())


def _row(name: str, rounds: Rounds) -> tuple[str, ...]:
    measured = rounds[name]
    return (
        name,
        f"{median(m.rate for m in measured):.0f}",
        f"{1000 * median(_percentile(m, 50) for m in measured):.2f}",
        f"{1000 * median(_percentile(m, 99) for m in measured):.2f}",
        f"{ratio(name, TOOLKIT, rounds):.2f}",
        f"{ratio(name, EMPTY, rounds):.2f}",
        f"{cost(name, rounds):.2f}",
        f"{median(m.busy for m in measured):.0%}",
    )


def _percentile(measured: Measured, percent: int) -> float:
    return quantiles(measured.latencies, n=100, method="inclusive")[percent - 1]
