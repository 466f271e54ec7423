"""What lies beside hosts in a directory of them and is none: checksums, signatures, reports."""

import re
from pathlib import Path

from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.archive.manifest import ASKED, MANIFEST

_LISTS = re.compile(r"(md5|sha(1|224|256|384|512)|b2)sums?(\.txt)?", re.IGNORECASE)
_SUFFIXES = re.compile(r".+\.(md5|sha(1|224|256|384|512)|b2|asc|sig)(sums?)?", re.IGNORECASE)
_OF_REPORTS = ("certification.json", "summary.json", "allure-results", ".vmfex")  # by --out


def is_beside_hosts(path: Path) -> bool:
    """Whether it is a file of checksums, a signature, or a folder that this program wrote. What
    cannot be looked into may be a host."""
    try:
        if path.is_file():
            name = path.name
            return bool(_LISTS.fullmatch(name) or _SUFFIXES.fullmatch(name))
        is_host = any((path / name).exists() for name in (MANIFEST, ASKED))
        return not is_host and any((path / name).exists() for name in _OF_REPORTS)
    except OSError:
        return False


def refuse_reports(path: Path) -> None:
    """Raises RecordingError where a folder of reports is named as a host."""
    if is_beside_hosts(path):
        what = "a folder of reports" if path.is_dir() else "a file of checksums or a signature"
        raise RecordingError(f"{path.name!a} is {what}, not a host: name the host itself.")
