"""The profile: every control of the catalog."""

from collections.abc import Sequence

from vmfex.checks.result.certification import Certification
from vmfex.reports.formats.oscal.parts import CATALOG, Json, identifier, metadata


def document(hosts: Sequence[Certification]) -> Json:
    return {
        "profile": {
            "uuid": identifier("profile", hosts[0].ruleset),
            "metadata": metadata(hosts, "All rules of Cisco VM-FEX for KVM"),
            "imports": [{"href": CATALOG, "include-all": {}}],
            "merge": {"as-is": True},
        }
    }
