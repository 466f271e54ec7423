"""The recorded hosts that come with the program, each in a tar of its own."""

from pathlib import Path

from vmfex.checks.text import shown
from vmfex.evidence.sources.recorded import RecordedTree, RecordingError, load

HOSTS = Path(__file__).parent.parent / "fixtures" / "hosts"
_SUFFIX = ".tar.gz"
_LONGEST = 80  # characters of a name that is looked for


def embedded_hosts() -> tuple[str, ...]:
    """Their names, sorted."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in HOSTS.glob(f"[!._]*{_SUFFIX}")))


def embedded_file(name: str) -> Path:
    """The tar of an embedded host, also of one that is still to be written."""
    return HOSTS / f"{name}{_SUFFIX}"


def like(name: str) -> str:
    """Which embedded host may be meant, in brackets; empty where none is."""
    from difflib import get_close_matches

    close = get_close_matches(name[:_LONGEST].lower(), embedded_hosts(), n=1)
    return f" (did you mean {close[0]!a}?)" if close else ""


def load_embedded(name: str) -> RecordedTree:
    """The evidence of an embedded host, read like any other tar. Raises RecordingError."""
    if name not in embedded_hosts():
        raise RecordingError(
            f"There is no embedded host {shown(name)}{like(name)}: `vmfex hosts` lists those that "
            "there are."
        )
    return load(embedded_file(name))


def describe(name: str) -> str:
    """What an embedded host is, in one line. Raises RecordingError."""
    return str(load_embedded(name).manifest["note"]).partition("\n")[0]


def unpack(name: str, target: Path) -> None:
    """Writes an embedded host as a directory, to a new or an empty one. Raises RecordingError."""
    from vmfex.evidence.archive.tar import read_archive
    from vmfex.evidence.archive.writer import Contents, write_directory

    load_embedded(name)  # nothing is written of what cannot be certified
    archive = read_archive(embedded_file(name))
    write_directory(target, Contents(archive.entries, archive.contents, {}))
