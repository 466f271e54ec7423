"""Where a host is reached over SSH, as a user writes it: `ssh://[USER@]HOST[:PORT]`."""

import re
from dataclasses import dataclass

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.sources.remote_name import refuse_odd_names, without_user

SCHEME = "ssh://"
FORM = f"{SCHEME}[USER@]HOST[:PORT]"
_ADDRESS = re.compile(
    r"ssh://(?:(?P<user>[^@/]*)@)?(?P<host>\[[^\]/@]*\]|[^:/@\[\]]*)(?::(?P<port>[0-9]{1,5}))?/?"
)


@dataclass(frozen=True, slots=True)
class SshAddress:
    user: str | None
    host: str
    port: str | None

    @classmethod
    def parse(cls, text: str) -> "SshAddress":
        """Raises RecordingError for what is none, or holds a password."""
        match = _ADDRESS.fullmatch(text)
        if match is None or int(match["port"] or 22) not in range(1, 2**16):
            said = shown(without_user(text))
            raise RecordingError(f"{said} is not an address of the form {FORM}.")
        user, host = match["user"], match["host"].strip("[]")
        refuse_odd_names(host, user, ":" in (user or ""), FORM)
        return cls(user, host, match["port"])

    @property
    def text(self) -> str:
        """The address as it is written."""
        user = f"{self.user}@" if self.user else ""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEME}{user}{host}{f':{self.port}' if self.port else ''}"
