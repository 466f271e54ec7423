"""Capacities as JSON, by `capacity.schema.json`. It has no decision: nothing in it can be taken for
a certificate."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vmfex.checks.inventory.parts import Capacity
from vmfex.checks.what_if.change import LABEL, Change, dotted
from vmfex.reports.capacity.host import HostCapacity
from vmfex.reports.comparison.compare import RuleChange, SubjectChange

SCHEMA = "urn:vmfex:capacity:1"
SCHEMA_FILE = Path(__file__).with_name("capacity.schema.json")

Json = dict[str, Any]


def render(hosts: Sequence[HostCapacity], version: str) -> str:
    """The whole document; `version` is the program's."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "vmfex", "version": version},
        **_what_if(hosts[0].change),
        "hosts": [_host(host) for host in hosts],
    }
    return json.dumps(document, indent=2) + "\n"


def _what_if(change: Change) -> Json:
    if not change:
        return {}
    told = {
        "label": LABEL,
        "vfs": [{"pf": pf or None, "number": number} for pf, number in change.vfs.items()],
        "release": dotted(change.release) if change.release else None,
        "topologies": {str(topology): n for topology, n in change.topologies.items()},
    }
    return {"what_if": told}


def _host(host: HostCapacity) -> Json:
    told: Json = {
        "label": host.label,
        "host": host.now.host,
        "constructed": host.now.constructed,
        "lost": host.now.lost or None,
        "capacity": [_capacity(each) for each in host.now.capacity],
    }
    if host.then is not None:
        told["what_if"] = {
            "label": LABEL,
            "capacity": [_capacity(each) for each in host.then.capacity],
            "verdicts": [_change(change) for change in host.changes],
        }
    return told


def _capacity(capacity: Capacity) -> Json:
    """`room` is None where nothing is known, and no more than that where it is not `sure`."""
    return {
        "topology": str(capacity.topology),
        "room": capacity.room,
        "sure": capacity.sure,
        "binds": capacity.binds,
        "limits": [{"name": x.name, "how": x.how, "room": x.room} for x in capacity.limits],
    }


def _change(change: RuleChange) -> Json:
    return {
        "rule": change.rule.id,
        "severity": str(change.rule.severity),
        "decides": change.decides,
        "now": change.old,
        "then": change.new,
        "subjects": [_subject(each) for each in change.subjects],
    }


def _subject(subject: SubjectChange) -> Json:
    """What was found on it now and would be then; empty where there is no such subject."""
    now, then = (
        [{"verdict": str(f.verdict), "observed": f.observed, "wanted": f.wanted} for f in found]
        for found in (subject.old, subject.new)
    )
    return {"subject": subject.subject, "now": now, "then": then}
