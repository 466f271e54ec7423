"""User and password for UCS Manager: from the environment, a netrc file, or the keyring.

Never from the command line, which every user of the machine can read.
"""

import json
import netrc
import os
import re
import stat
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import quote, quote_plus

from vmfex.background import in_background
from vmfex.evidence.sources.ucsm import UcsmError
from vmfex.evidence.sources.ucsm.address import UcsmAddress
from vmfex.evidence.sources.ucsm.environment import PASSWORD, USER

NETRC = "NETRC"
_IN_XML = (
    *(("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")),
    *(('"', "&quot;"), ("'", "&apos;")),
)
KEYRING_LIMIT = 30  # seconds; a keyring may ask its user to unlock it


@dataclass(frozen=True, slots=True)
class Credentials:
    user: str
    password: str = field(repr=False)

    def mask(self, text: str) -> str:
        """What a server says, without the password that it was told: it may say it back, in XML's
        escapes or Python's, a URL's or base64."""
        return re.sub("|".join(map(re.escape, self._forms())), "(the password)", text)

    def _forms(self) -> list[str]:
        """The longest first: one may begin with another."""
        word, raw = self.password, self.password.encode("utf-8", "surrogatepass")
        in_xml = word
        for character, escape in _IN_XML:
            in_xml = in_xml.replace(character, escape)
        quoted = {form(raw) for form in (quote, partial(quote, safe=""), quote_plus)}
        lower = {re.sub("%..", lambda found: found[0].lower(), form) for form in quoted}
        basic = self.user.encode("utf-8", "surrogatepass") + b":" + raw
        encoded = {b64encode(each).decode().rstrip("=") for each in (raw, basic)}
        forms = {word, in_xml, ascii(word)[1:-1], json.dumps(word)[1:-1]}
        return sorted(forms | quoted | lower | encoded, key=len, reverse=True)


def find_credentials(address: UcsmAddress, environment: Mapping[str, str]) -> Credentials:
    """Raises UcsmError where there are none, or a file that others could read has them."""
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    if user and password:
        return Credentials(user, password)
    found = _from_netrc(address, user, environment) or _from_keyring(address, user)
    if found is None:
        raise UcsmError(
            f"There are no user and password for {address}: set {USER} and {PASSWORD}, add a line "
            f"`machine {address.name} ...` to ~/.netrc, or run `keyring set {address} USER`."
        )
    return found


def _from_netrc(
    address: UcsmAddress, user: str, environment: Mapping[str, str]
) -> Credentials | None:
    path = Path(environment.get(NETRC) or Path.home() / ".netrc")
    try:
        status = path.stat()
    except FileNotFoundError:
        if environment.get(NETRC):
            raise UcsmError(f"The file {path}, which {NETRC} names, is not there.") from None
        return None
    except OSError as error:
        raise UcsmError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        known = netrc.netrc(str(path)).hosts.get(address.name)
    except netrc.NetrcParseError as error:  # its message may hold a part of a password
        raise UcsmError(f"{path} is not a netrc file: line {error.lineno}.") from None
    except OSError as error:
        raise UcsmError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise UcsmError(f"{path} is not a netrc file: it is not text.") from None
    if known is None or (user and known[0] != user):
        return None
    if status.st_uid not in (os.getuid(), 0) or stat.S_IMODE(status.st_mode) & 0o077:
        raise UcsmError(f"{path} is not used: others than its owner can read it (chmod 600 it).")
    login, _, password = known
    return Credentials(login, password or "") if login and password else None


def _from_keyring(address: UcsmAddress, user: str) -> Credentials | None:
    """In a thread: a keyring without anybody to unlock it may never answer."""
    answer: SimpleQueue[Credentials | None] = SimpleQueue()
    in_background(_ask_keyring, answer, str(address), user)
    try:
        return answer.get(timeout=KEYRING_LIMIT)
    except Empty:
        raise UcsmError(f"The keyring gave no answer within {KEYRING_LIMIT} s.") from None


def _ask_keyring(answer: "SimpleQueue[Credentials | None]", service: str, user: str) -> None:
    try:
        import keyring

        found = keyring.get_credential(service, user or None)
        usable = found is not None and found.username and found.password
        answer.put(Credentials(found.username, found.password) if found and usable else None)
    except Exception:  # no keyring here, a locked one, or no such backend: there is nothing in it
        answer.put(None)
