"""What is at a path, where that may not be looked at."""

from pathlib import Path


def may_be(path: Path) -> bool:
    """Whether something is there, as far as anybody can tell: of what this user may not look at,
    whoever reads it says the reason. To take it for absent would pass it over in silence."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
