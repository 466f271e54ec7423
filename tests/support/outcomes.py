"""What a host comes to, before any report is made of it."""

from vmfex.checks.model.plan import Plan
from vmfex.engine.certify import Outcome, judge_host, open_host, prepared
from vmfex.engine.request import Request
from vmfex.evidence.host_spec import parse_host


def outcome_of(host: str) -> Outcome:
    """Of a host that is named as on the command line."""
    with prepared(Request(Plan())) as job:
        return judge_host(open_host(parse_host(host), job), job, host)
