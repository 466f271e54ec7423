"""OSCAL 1.2.1: a set of documents that refer to each other by their names, in one folder.

The rules are controls of a catalog, which a profile selects whole; an assessment plan says how they
are assessed, the assessment results what was found, and the plan of action what is to be done.
"""

from collections.abc import Sequence

from vmfex.checks.result.certification import Certification
from vmfex.reports import ReportError
from vmfex.reports.formats.action_rows import actions
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.oscal import catalog, plan, poam, profile, results
from vmfex.reports.formats.oscal.parts import AP, AR, CATALOG, POAM, PROFILE
from vmfex.reports.formats.oscal.results import WORDS
from vmfex.reports.formats.telling import dumps

__all__ = ["WORDS", "render"]


def render(hosts: Sequence[Certification], context: Context) -> dict[str, str]:
    """The documents by the names of their files. Where nothing is to be done there is no plan of
    action, which the format does not allow to be empty. Raises ReportError where the hosts were
    judged by different rules."""
    if len({of.ruleset for of in hosts}) > 1:
        raise ReportError("OSCAL has one catalog, and the records were made with different rules")
    to_do = actions(hosts, context)
    documents = {
        CATALOG: catalog.document(hosts),
        PROFILE: profile.document(hosts),
        AP: plan.document(hosts),
        AR: results.document(hosts, to_do),
    }
    if to_do:
        documents[POAM] = poam.document(hosts, to_do)
    return {name: dumps(document) for name, document in documents.items()}
