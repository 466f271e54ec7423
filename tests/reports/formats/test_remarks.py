"""What is to be known of a decision stands in every format that says one."""

from dataclasses import replace

import pytest

from tests.support.format_readers import sheets
from tests.support.formats import CONTEXT, OK, host
from vmfex.checks.result.reading import Reading
from vmfex.reports.formats import MODULES, module_of

TOLD = (
    "no real host gave this evidence",
    "its last file is cut off",
    "what libvirt, the kernel and UCS Manager refuse does not count",
    "60 days before this certificate",
    "the certificate was not verified",
)
OF = replace(
    host(OK, guide_only=True, notes=("the certificate was not verified",)),
    lost="its last file is cut off",
    readings=(Reading("the host", "from a capture", "2025-12-31T10:00:00Z"),),
    out_of_scope=("infra-1",),
)
SAY_A_DECISION = [name for name in MODULES if name not in ("actions", "prometheus")]


@pytest.mark.parametrize("name", SAY_A_DECISION)
def test_each_remark_is_told(name: str) -> None:
    """Constructed, cut off, old, by the guide's rules alone, unverified: a reader of the decision
    reads that too."""
    made = module_of(name).render([OF], CONTEXT)
    text = _all_text(made).replace("\\", "")
    assert [told for told in TOLD if told not in text] == []
    if name != "nagios":  # which has room for five
        assert "infra-1" in text


def _all_text(made: object) -> str:
    if isinstance(made, bytes):
        return str(sheets(made))
    return "".join(made.values()) if isinstance(made, dict) else str(made)


def test_metrics_say_how_it_was_judged() -> None:
    """As labels, which an alert can leave out or ask for."""
    text = module_of("prometheus").render([OF], CONTEXT)
    assert 'constructed="yes",strict="no",guide_only="yes"} 1' in text
