"""Start the two servers, print what to paste, and wait for Ctrl-C."""

import os
import signal
import sys
import tempfile
from pathlib import Path

from idp.demo import servers
from idp.demo.ports import PortRefused, Ports, read_ports
from idp.demo.processes import Failed, Processes
from idp.demo.stop import Stopped, StopRequest
from idp.demo.walkthrough import walkthrough


def main() -> int:
    """Return the exit code: 0 after Ctrl-C, 1 where something went wrong, else 128 + the signal."""
    stop = StopRequest()
    stop.listen()
    try:
        ports = read_ports(os.environ)
        demonstrate(ports, stop)
    except (PortRefused, Failed) as problem:
        print(problem, file=sys.stderr)
        return 1
    except Stopped:
        print("\nBoth servers have ended.")
    return 0 if stop.signal == signal.SIGINT else 128 + (stop.signal or 0)


def demonstrate(ports: Ports, stop: StopRequest) -> None:
    """Run until :raises Stopped: or :raises Failed: and leave nothing behind."""
    print("Starting Agio and Acme ...", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="agio-demo-") as directory,
        Processes(Path(directory), stop) as processes,
    ):
        both = servers.start(ports, processes)
        print(*walkthrough(both, processes.directory), sep="\n", flush=True)
        processes.watch()


if __name__ == "__main__":
    sys.exit(main())
