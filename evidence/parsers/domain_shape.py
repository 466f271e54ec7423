"""The shape of a domain's XML: all of it but what each VM has of its own, and no schema cares for.

Two documents of one shape are both valid by libvirt's schema, or neither is: wherever these
elements may stand, every value that is left out here is as good as another (domaincommon.rng and
basictypes.rng: objectNameWithSlash, UUID, uniMacAddr, absFilePath, deviceName, unsignedInt, text).
"""

import re
from functools import cache

LONGEST = 32 * 2**10  # characters of a document that is worth the memory of its shape
# Before a VM's own, its own, what comes after it, and the word that stands in its place.
OWN = (
    ("<name>", r"[A-Za-z0-9][\w.-]*", "</name>", "vm"),
    (
        "<uuid>",
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "</uuid>",
        "00000000-0000-0000-0000-000000000000",
    ),
    ("<mac address='", r"[0-9a-f][02468ace](?::[0-9a-f]{2}){5}", "'", "52:54:00:00:00:00"),
    ("<source (?:dev|file)='", r"/[\w./-]+", "'", "/path"),
    ("<target dev='(?:vnet|macvtap)", r"[0-9]+", "'", "0"),
    ("<(?:image)?label>", r"[\w:,.+-]+", "</", "label"),
    ("<domain type='[a-z]+' id='", r"[0-9]{1,9}", "'", "1"),
)


def shape(xml: str) -> str | None:
    """A document with fixed words in the place of a VM's own; None for one that is long, or where
    a comment or CDATA may hold what looks like an element and is none."""
    if len(xml) > LONGEST or "<!" in xml:
        return None
    for own, fixed in _patterns():
        xml = own.sub(fixed, xml)
    return xml


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(f"({before}){own}(?={after})", re.ASCII), rf"\g<1>{word}")
        for before, own, after, word in OWN
    )
