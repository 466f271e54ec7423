"""vmfex certifies KVM hosts for Cisco VM-FEX.

    from vmfex import certify, Plan
    result = certify("ssh://root@blade-7", plan=Plan({"SR-IOV with MacVTap passthrough": 12}))
    result.decision, result.rules["SRV-03"].findings, result.write("out")

docs/api.md has the whole of it. What is imported here is loaded when it is first used.
"""

from vmfex.errors import InternalError, UsageError, VmfexError

TYPE_CHECKING = False  # importing typing would cost a third of Python's own start
if TYPE_CHECKING:
    from vmfex.api import Result, certify
    from vmfex.checks.model.fact import Evidence
    from vmfex.checks.model.plan import Plan, Topology
    from vmfex.checks.result.certification import Decision, RuleResult
    from vmfex.checks.result.rule import Severity
    from vmfex.checks.result.verdict import Finding, Verdict

__all__ = [
    "Decision",
    "Evidence",
    "Finding",
    "InternalError",
    "Plan",
    "Result",
    "RuleResult",
    "Severity",
    "Topology",
    "UsageError",
    "Verdict",
    "VmfexError",
    "certify",
]

_HOMES = {
    "vmfex.api": ("Result", "certify"),
    "vmfex.checks.model.fact": ("Evidence",),
    "vmfex.checks.model.plan": ("Plan", "Topology"),
    "vmfex.checks.result.certification": ("Decision", "RuleResult"),
    "vmfex.checks.result.rule": ("Severity",),
    "vmfex.checks.result.verdict": ("Finding", "Verdict"),
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            found: object = getattr(import_module(home), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
