"""Where databases of the tests are kept."""

import os
import tempfile


def folder_in_memory(preferred: str = "/dev/shm") -> str:  # noqa: S108  only its root is taken
    """Return a folder that no disk is behind, as Linux has it, or else one for temporary files."""
    return preferred if os.access(preferred, os.W_OK) else tempfile.gettempdir()
