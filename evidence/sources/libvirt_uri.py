"""Where a libvirt is, as a user writes it: a URI of QEMU's driver, or of libvirt's test driver."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from vmfex.checks.text import shown
from vmfex.evidence.archive.entries import RecordingError
from vmfex.evidence.sources.libvirt_parameters import Parameter, flaw_of, parameters, weakness_of
from vmfex.evidence.sources.remote_name import refuse_odd_names, without_user

_BEGINNING = re.compile(r"(qemu|test)(\+(?P<transport>ssh|libssh2?|tls|tcp|unix))?://")
_AFTER_HOST = re.compile(r"(/[A-Za-z0-9_.,:=@+/-]*)?(\?[^#]*)?")
_TRANSPORTS = "qemu+ssh://HOST/system, qemu+tls://HOST/system, qemu+tcp://HOST/system"
_IN_THE_CLEAR = "its connection is neither encrypted nor verified (qemu+tcp)"


@dataclass(frozen=True, slots=True)
class LibvirtUri:
    """`host` is the machine that it names; None for this one."""

    text: str
    host: str | None

    @classmethod
    def parse(cls, text: str) -> "LibvirtUri":
        """Raises RecordingError for what is none, holds a password, or says more than how a libvirt
        is reached: what would run a program, or is not known here."""
        said = shown(without_user(text).partition("?")[0], 200)  # a password may stand in either
        if not _BEGINNING.match(text):
            raise RecordingError(f"{said} is not a supported libvirt URI, such as {_TRANSPORTS}")
        try:
            parts = urlsplit(text)
            _ = parts.port
        except ValueError:
            raise RecordingError(
                f"{said} is not a URI: its host or port cannot be understood"
            ) from None
        secret = parts.password is not None
        refuse_odd_names(parts.hostname, parts.username, secret, "qemu+ssh://USER@HOST/system")
        if not text.isprintable() or " " in text:
            raise RecordingError(f"{said} is not a URI: it holds spaces or control characters")
        if "%" in parts.netloc or parts.netloc.count("@") > 1:
            raise RecordingError(f"{said} is not a URI of a host's name as it is, without escapes")
        after = text.partition("://")[2].removeprefix(parts.netloc)
        if not _AFTER_HOST.fullmatch(after):
            raise RecordingError(f"{said} is not a URI: what follows the host is not a plain path")
        if flaw := _first_flaw(parameters(parts.query)):
            raise RecordingError(f"{said} {flaw}")
        return cls(text, parts.hostname)


def weaknesses(uri: str) -> tuple[str, ...]:
    """What of a connection by `uri` is not verified, the end of a sentence each. A URI from
    evidence need not be one that is accepted."""
    head, _, query = uri.partition("?")
    beginning = _BEGINNING.match(head)
    clear = [_IN_THE_CLEAR] if beginning and beginning["transport"] == "tcp" else []
    return tuple(clear + [told for each in parameters(query) if (told := weakness_of(each))])


def _first_flaw(given: list[Parameter]) -> str:
    names = [name for name, _ in given]
    for parameter in given:
        if flaw := flaw_of(parameter):
            return flaw
    twice = [name for name in names if names.count(name) > 1]
    return f"has the parameter {shown(twice[0])} twice" if twice else ""
