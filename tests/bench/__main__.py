"""
The run: warm up, rounds of all scenarios in turn, verdict.

Exit code 0: every answer was right and the bar was reached. 1: not so. 2: it could not be measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import timeit
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from idp.demo.processes import Failed, Processes
from idp.demo.stop import Stopped, StopRequest
from tests.bench import processor, report, servers
from tests.bench.answers import Answer, is_right
from tests.bench.databases import fresh_databases
from tests.bench.issuer import published_keys
from tests.bench.report import Measured, Rounds
from tests.bench.scenarios import SCENARIOS, TOOLKIT, Request, Scenario
from tests.bench.servers import Servers

BAR = 1.5  # our exchange, its record included, to the toolkit's client_credentials
TOO_BUSY = 0.8  # of a processor: above it, the load generator is measured too
LOAD = (sys.executable, "-m", "tests.bench.load")


class WrongAnswer(Exception):
    """A server did not answer what the scenario expects."""


def main() -> int:
    """Measure, print, and return the exit code."""
    options = read_options()
    stop = StopRequest()
    stop.listen()
    try:
        rounds = run(options, stop)
    except (Failed, Stopped, WrongAnswer) as problem:
        print(str(problem) or "Stopped.", file=sys.stderr)
        return 1 if isinstance(problem, WrongAnswer) else 2
    print(*report.table(rounds), sep="\n")
    return verdict(rounds)


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    # One processor is left for the load generator.
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--requests", type=int, default=300, help="of each scenario in a round")
    parser.add_argument("--rounds", type=int, default=9)
    return parser.parse_args()


def run(options: argparse.Namespace, stop: StopRequest) -> Rounds:
    """Start everything, measure, and leave nothing behind."""
    with (
        tempfile.TemporaryDirectory(prefix="agio-bench-") as folder,
        fresh_databases(Path(folder)) as databases,
        published_keys() as jwks_uri,
        Processes(Path(folder), stop) as processes,
    ):
        started = servers.start(processes, databases, jwks_uri, workers=options.workers)
        print(describe(options, databases["agio"]), flush=True)
        requests = {each: each.requests(options.requests) for each in SCENARIOS}
        rounds: dict[str, list[Measured]] = {each.name: [] for each in SCENARIOS}
        for scenario in SCENARIOS:  # to warm up, one by one: the first fetches the issuer's keys
            measure(scenario, requests[scenario], started, connections=1)
        for number in range(options.rounds):
            # There and back, so that no scenario is always the one after the same other.
            for scenario in SCENARIOS if number % 2 else reversed(SCENARIOS):
                processes.check()
                measured = measure(scenario, requests[scenario], started, options.connections)
                rounds[scenario.name].append(measured)
    return rounds


def measure(
    scenario: Scenario, requests: list[Request], started: Servers, connections: int
) -> Measured:
    """
    Let the load generator send the requests once, then look at every answer.

    :raises WrongAnswer: where one is not right
    """
    plan = {
        "port": started.ports[scenario.server],
        "connections": connections,
        "requests": [text for text, _check in requests],
    }
    group = started.groups[scenario.server]
    before = processor.seconds(group)
    done = subprocess.run(LOAD, input=json.dumps(plan), capture_output=True, text=True)
    if done.returncode:
        raise WrongAnswer(f"{scenario.name}: {done.stderr}")
    used = processor.seconds(group) - before
    seen = json.loads(done.stdout)
    for (_latency, status, body), (_text, check) in zip(seen["answers"], requests, strict=True):
        if not is_right(Answer(status, body, started.keys), check):
            raise WrongAnswer(f"{scenario.name}: not the right answer: {status} {body}")
    latencies = [latency for latency, _status, _body in seen["answers"]]
    return Measured(seen["seconds"], used, seen["busy"], latencies)


def describe(options: argparse.Namespace, database: str) -> str:
    """Say what is measured on what."""
    return (
        f"{database.partition(':')[0]}, workers: {options.workers}, threads: "
        f"{os.environ.get('AGIO_THREADS', servers.THREADS['AGIO_THREADS'])}, connections: "
        f"{options.connections}, {options.rounds} rounds of {options.requests} requests each, "
        f"Python {sys.version.split()[0]}, {os.cpu_count()} processors\n"
    )


def verdict(rounds: Rounds) -> int:
    """Say whether the bar was reached, and whether the load generator was in the way."""
    print(f"\nEvery answer was right. Exchanges to one {TOOLKIT}; the bar is {BAR}:")
    slowest = {alg: slowest_exchange(alg, rounds) for alg in ("ES256", "RS256")}
    for alg, ratio in slowest.items():
        print(f"{alg} out: {ratio:.2f}, {'reached' if ratio >= BAR else 'not reached'}")
    print(f"An RSA signature alone takes {1000 * seconds_of_a_signature():.2f} ms here.")
    busy, scenario = report.busiest(rounds)
    if busy > TOO_BUSY:
        print(f"The load generator was {busy:.0%} busy in {scenario!r}: its rate is a lower bound.")
    return 0 if min(slowest.values()) >= BAR else 1


def slowest_exchange(alg: str, rounds: Rounds) -> float:
    """Return the ratio of the slowest exchange for a token signed by `alg`."""
    return min(report.ratio(name, TOOLKIT, rounds) for name in rounds if f"> {alg}," in name)


def seconds_of_a_signature() -> float:
    """Return what RS256 costs in native code, in seconds: the least of some."""
    key, padding = rsa.generate_private_key(65537, 2048), PKCS1v15()
    return min(timeit.repeat(lambda: key.sign(b"", padding, SHA256()), number=20, repeat=20)) / 20


if __name__ == "__main__":
    sys.exit(main())
