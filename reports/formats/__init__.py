"""Reports for auditors and machines, each a view of the records of one host or several.

A module renders one format: `render(hosts, context)` is its text or bytes, and `WORDS` has its word
for each verdict (docs/formats.md). None of these words is better than the verdict.
"""

from importlib import import_module
from types import ModuleType

MODULES = {  # by the name that `vmfex report` has for the format
    "cucumber": "cucumber",
    "sarif": "sarif",
    "hdf": "hdf",
    "csv": "findings_csv",
    "xlsx": "findings_xlsx",
    "nagios": "nagios",
    "prometheus": "prometheus",
    "oscal": "oscal",
    "actions": "actions",
}


def module_of(name: str) -> ModuleType:
    """The module of a format, loaded when it is asked for."""
    return import_module(f"{__name__}.{MODULES[name]}")
