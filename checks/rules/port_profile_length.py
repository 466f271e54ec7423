"""Does the kernel take a port profile's name as libvirt sends it? (rule PRF-05, derived)

Since the fix of CVE-2024-38659 (May 2024) enic wants exactly 40 bytes; libvirt 11.3.0 sends the
name's length and a zero, and UCS Manager's names are at most 31 characters. Read from both
sources, never run on a VIC (docs/sources.md, 2).
"""

from vmfex.checks.model.fact import Known, Unknown
from vmfex.checks.model.host import Host, Thing
from vmfex.checks.result.verdict import Finding, found, undetermined
from vmfex.checks.text import one_line

FIX_MONTH = (2024, 5)
FIX_MARKS = ("CVE-2024-38659", "enic: Validate length of nl attributes")
CARRIERS = {(6, 1): 176, (6, 12): 107}  # stable kernels in whose source the fix was read
FIRST_RELEASED_AFTER = (6, 10)  # 6.9 was released on 12 May 2024, before the change was merged
TEST = (
    "Start one VM with a port profile on kernel {}: if it is refused (Invalid argument), "
    "boot a kernel from before May 2024 (`grubby --info=ALL`, `grubby --set-default`)."
)
CAVEAT = "read from the sources of both, never tested on a VIC"


def takes_profile_name(host: Host) -> Finding:
    """PRF-05."""
    kernel = host.kernel.need()
    evidence = host.kernel.evidence
    wanted = "a kernel whose enic takes a port profile name of any length"
    subject, release = Thing("kernel"), one_line(kernel.release)
    if kernel.built is not None and kernel.built < FIX_MONTH:
        built = f"{kernel.built[0]}-{kernel.built[1]:02d}"
        observed = f"{kernel.release}, built {built}, before the change of May 2024 ({CAVEAT})"
        return found(subject, True, observed, wanted, *evidence)
    first = next(
        (patch for series, patch in CARRIERS.items() if series == kernel.version[:2]), None
    )
    if first is not None and kernel.version[2:] >= (first,):
        observed = f"{kernel.release} wants exactly 40 bytes ({CAVEAT})"
        return found(subject, False, observed, wanted, *evidence, remedy=TEST.format(release))
    changelog = host.kernel_changelog
    if isinstance(changelog, Unknown):
        reason = f"{kernel.release} may carry the change of May 2024: {changelog.reason}"
        ask = "" if "rpm" in changelog.reason else _ask_rpm(host)
        remedy = changelog.remedy or ask or TEST.format(release)
        return undetermined("kernel", Unknown(reason, evidence, remedy), wanted)
    mark = next((mark for mark in FIX_MARKS if mark in changelog.value.text), None)
    if mark is None and changelog.value.oldest >= FIX_MONTH:
        year, month = changelog.value.oldest
        reason = f"the changelog of {kernel.release} begins in {year}-{month:02d} and may lack it"
        unknown = Unknown(reason, changelog.evidence, TEST.format(release))
        return undetermined("kernel", unknown, wanted)
    if mark is None and kernel.version >= FIRST_RELEASED_AFTER:
        reason = f"{kernel.release} is newer than the change of May 2024, so its changelog need not"
        unknown = Unknown(f"{reason} name it", changelog.evidence, TEST.format(release))
        return undetermined("kernel", unknown, wanted)
    found_mark = f"names {mark}" if mark else "does not name the change of May 2024"
    observed = f"the changelog of {kernel.release} {found_mark} ({CAVEAT})"
    remedy = TEST.format(release)
    return found(subject, mark is None, observed, wanted, *changelog.evidence, remedy=remedy)


def _ask_rpm(host: Host) -> str:
    """How this host's release is asked for its kernel's changelog."""
    release = host.release
    if not isinstance(release, Known) or not release.value.is_rhel:
        return ""
    package = "kernel-core" if release.value.version[0] >= 8 else "kernel"
    return (
        f"Run `rpm -q --changelog {package}-$(uname -r)` on the host, and give its whole output as "
        "`kernel-changelog` of a recording (docs/recordings.md)."
    )
