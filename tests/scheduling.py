"""Which tests stay together where several processes share them out."""

from xdist.scheduler import LoadScopeScheduling

# Tests below these share a server, whose start takes longer than they do.
TOGETHER = ("tests/clients/", "tests/test_demo.py", "tests/test_serve.py", "tests/test_workers.py")


class Scheduling(LoadScopeScheduling):
    """Hands out tests one by one, in their order, and together those of one server."""

    def _split_scope(self, nodeid: str) -> str:
        """Return the name of the group that a test is in."""
        return next((shared for shared in TOGETHER if nodeid.startswith(shared)), nodeid)
