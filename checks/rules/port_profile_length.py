"""Does the kernel take a port profile's name as libvirt sends it? (rule PRF-05, derived)

Since the fix of CVE-2024-38659 (May 2024) enic wants exactly 40 bytes; libvirt 11.3.0 sends the
name's length and a zero, and UCS Manager's names are at most 31 characters. Read from both
sources, never run on a VIC (docs/sources.md, 2).
"""

from vmfex.checks.model.fact import Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.result.verdict import Finding, found, undetermined

FIX_MONTH = (2024, 5)
FIX_MARKS = ("CVE-2024-38659", "enic: Validate length of nl attributes")
CARRIERS = {(6, 1): 176, (6, 12): 107}  # stable kernels in whose source the fix was read
FIRST_RELEASED_AFTER = (6, 10)  # 6.9 was released on 12 May 2024, before the change was merged
CAVEAT = "read from the sources of both, never tested on a VIC"


def takes_profile_name(host: Host) -> Finding:
    """PRF-05."""
    kernel = host.kernel.need()
    evidence = host.kernel.evidence
    wanted = "a kernel whose enic takes a port profile name of any length"
    subject = Thing("kernel")
    if kernel.built is not None and kernel.built < FIX_MONTH:
        built = f"{kernel.built[0]}-{kernel.built[1]:02d}"
        observed = f"{kernel.release}, built {built}, before the change of May 2024 ({CAVEAT})"
        return found(subject, True, observed, wanted, *evidence)
    first = next(
        (patch for series, patch in CARRIERS.items() if series == kernel.version[:2]), None
    )
    if first is not None and kernel.version[2:] >= (first,):
        observed = f"{kernel.release} wants exactly 40 bytes ({CAVEAT})"
        return found(subject, False, observed, wanted, *evidence)
    changelog = host.kernel_changelog
    if isinstance(changelog, Unknown):
        reason = f"{kernel.release} may carry the change of May 2024: {changelog.reason}"
        return undetermined("kernel", Unknown(reason, evidence), wanted)
    mark = next((mark for mark in FIX_MARKS if mark in changelog.value), None)
    if mark is None and kernel.version >= FIRST_RELEASED_AFTER:
        reason = f"{kernel.release} is newer than the change of May 2024, so its changelog need not"
        return undetermined("kernel", Unknown(f"{reason} name it", changelog.evidence), wanted)
    found_mark = f"names {mark}" if mark else "does not name the change of May 2024"
    observed = f"the changelog of {kernel.release} {found_mark} ({CAVEAT})"
    return found(subject, mark is None, observed, wanted, *changelog.evidence)
