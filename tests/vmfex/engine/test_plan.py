"""The plan: what is taken, and what each mistake in it is answered with."""

import json
import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import meta

from vmfex.checks.model.plan import Plan, Topology
from vmfex.engine.plan_file import SCHEMA_FILE, PlanError, load_plan
from vmfex.errors import UsageError

WHOLE = """\
# the blade's role
topologies:
  SR-IOV with MacVTap passthrough: 12
  "SR-IOV VF passthrough": 4
live_migration:
  domains: ["web-*", '0815']
  destinations: [blade-2]
out_of_scope: ["infra-*", 1.5, 2020-01-01]
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Where a test puts its plan."""
    return tmp_path / "plan.yaml"


def test_a_whole_plan(plan: Path) -> None:
    """Each key arrives where the rules look for it; what YAML has as a date stays as written."""
    plan.write_text(WHOLE)
    assert load_plan(plan) == Plan(
        topologies={Topology.EMULATION: 12, Topology.HOSTDEV: 4},
        must_migrate=("web-*", "0815"),
        destinations=("blade-2",),
        out_of_scope=("infra-*", "1.5", "2020-01-01"),
    )


def test_each_key_alone_is_a_plan(plan: Path) -> None:
    """No key needs another one."""
    plan.write_text("topologies: {MacVTap direct: 1}")
    assert load_plan(plan) == Plan({Topology.PRIVATE: 1})
    plan.write_text("out_of_scope: [a]")
    assert load_plan(plan) == Plan(out_of_scope=("a",))
    plan.write_text("live_migration: {domains: [a]}")
    assert load_plan(plan) == Plan(must_migrate=("a",))


def test_a_byte_order_mark_is_no_mistake(plan: Path) -> None:
    """Editors on other systems write one."""
    plan.write_bytes(b"\xef\xbb\xbfout_of_scope: [a]\r\n")
    assert load_plan(plan) == Plan(out_of_scope=("a",))


INTERFACES = "must be a whole number of VM interfaces from 1 to 1000000, and is"
PATTERN = "must be a shell-style name pattern, as text"
MISTAKES = [
    ("", 1, "the plan must be a mapping of topologies, live_migration, out_of_scope, waivers"),
    ("# nothing\n", 1, "and is empty"),
    ("{}", 1, "with at least one of them, and is empty"),
    ("- a\n", 1, "and is a list"),
    ("\n\ntopologis:\n  MacVTap direct: 1\n", 3, "did you mean 'topologies'?"),
    ("live-migration: {domains: [a]}", 1, "did you mean 'live_migration'?"),
    ("colour: red", 1, "unknown key 'colour': allowed are topologies, live_migration, out_of_sco"),
    ("topologies:\n  sr-iov vf pass: 1", 2, "did you mean 'SR-IOV VF passthrough'?"),
    ("topologies:\n  MacVTap direct: 0", 2, f"topologies.MacVTap direct {INTERFACES} 0"),
    ("topologies:\n  MacVTap direct: -1", 2, f"{INTERFACES} -1"),
    ("topologies:\n  MacVTap direct: many", 2, f"{INTERFACES} 'many'"),
    ("topologies:\n  MacVTap direct: '3'", 2, f"{INTERFACES} '3'"),
    ("topologies:\n  MacVTap direct: yes", 2, f"{INTERFACES} a truth value"),
    ("topologies:\n  MacVTap direct: 2.5", 2, f"{INTERFACES} '2.5'"),
    ("topologies:\n  MacVTap direct: 010", 2, f"{INTERFACES} '010'"),
    ("topologies:\n  MacVTap direct: 1:30", 2, f"{INTERFACES} '1:30'"),
    ("topologies:\n  MacVTap direct: " + "9" * 5000, 2, f"{INTERFACES} '999"),
    ("topologies:\n  MacVTap direct:", 2, f"{INTERFACES} empty"),
    ("topologies:\nout_of_scope: [a]", 1, "topologies must be a mapping of at least one topology"),
    ("out_of_scope: infra-*", 1, "out_of_scope must be a list of at least one name pattern"),
    ("out_of_scope: []", 1, "and is empty"),
    ("out_of_scope:\n  - a\n  - on\n", 3, f"out_of_scope[1] {PATTERN}"),
    ("out_of_scope:\n  - a\n  - 12\n", 3, "and is 12"),
    ("out_of_scope:\n  - ''\n", 2, "and is empty"),
    (
        "out_of_scope:\n  - a\n  - '" + "[" * 20_000 + "'",
        3,
        "at most 1000 characters, and is '[[",
    ),
    ("out_of_scope: [" + "a, " * 1001 + "]", 1, "of at most 1000 name patterns"),
    ("live_migration:\n  destinations: [a]", 1, "and is without domains"),
    ("live_migration:\n  domains:\n   - a: b", 3, "live_migration.domains[0] must be"),
    ("out_of_scope: [a]\n\nout_of_scope: [b]", 3, "'out_of_scope' stands here a second time, aft"),
    ("topologies:\n  MacVTap direct: 1\n  MacVTap direct: 2", 3, "a second time, after line 2"),
    ("out_of_scope: &a [x]", 1, "aliases (*) and anchors (&) are not allowed"),
    ("out_of_scope:\n  - *web", 2, "text that starts with such a character needs quotes"),
    ("out_of_scope: !!python/object/apply:os.system [x]", 1, "tags (!) are not allowed"),
    ("<<: {out_of_scope: [a]}", 1, "unknown key '<<'"),
    ("? [a]\n: b", 1, "a key must be plain text"),
    ("out_of_scope: [a]\n---\nout_of_scope: [b]", 2, "a second document (---) is not allowed"),
    ("{" * 20_000, 1, "it is nested more than 8 levels deep"),
    ("topologies: [\n", 2, "this is not YAML: "),
    ("topologies:\n\tMacVTap direct: 1", 2, "this is not YAML: found character"),
    ("out_of_scope:\n - a\x07", 2, "it holds characters that YAML does not allow"),
]


@pytest.mark.parametrize(("text", "line", "says"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_named_with_its_line(plan: Path, text: str, line: int, says: str) -> None:
    """One sentence: the file, the line, the key, and what is allowed."""
    plan.write_text(text)
    with pytest.raises(PlanError, match=re.escape(says)) as caught:
        load_plan(plan)
    message = str(caught.value)
    assert message.startswith(f"{plan}, line {line}: ")
    assert message.isprintable()
    assert len(message) < 500


def test_the_first_mistake_in_the_file_is_the_one_that_is_told(plan: Path) -> None:
    """A user goes through the file from its top."""
    plan.write_text("out_of_scope: [1]\ntopologies: {x: 1}\nlive_migration: 3\n")
    with pytest.raises(PlanError, match=r"line 1: out_of_scope\[0\]"):
        load_plan(plan)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x7fELF\x02\x01\x01\xff\xfe", "is not a text file in UTF-8"),
        (b"out_of_scope: [a]\0", "it holds NUL bytes"),
        (b"out_of_scope: [a]\n" + b"#" * 70_000, "is larger than 64 KiB, which no plan is"),
    ],
)
def test_what_is_no_plan_at_all_is_refused(plan: Path, raw: bytes, says: str) -> None:
    """Binary and huge files are refused before they are parsed."""
    plan.write_bytes(raw)
    with pytest.raises(PlanError, match=says):
        load_plan(plan)


def test_a_plan_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    """Missing, a directory, an impossible name: the reason stands in the sentence."""
    with pytest.raises(UsageError, match=r"the plan .*gone\.yaml cannot be read: No such file"):
        load_plan(tmp_path / "gone.yaml")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        load_plan(tmp_path)
    with pytest.raises(UsageError, match="cannot be read: embedded null byte"):
        load_plan(Path("a\0b"))


def test_a_plan_may_come_through_a_pipe(plan: Path) -> None:
    """A shell's process substitution is a FIFO."""
    os.mkfifo(plan)
    writer = threading.Thread(target=plan.write_text, args=("out_of_scope: [a]",))
    writer.start()
    assert load_plan(plan) == Plan(out_of_scope=("a",))
    writer.join()


@given(text=st.text("&*!?:-[]{},'\"|>%@#\n\t 0ayx<~\\", max_size=60))
def test_no_text_gets_past_with_anything_but_a_plan_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    """YAML's own corners never escape as another error."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(text)
    try:
        outcome: object = load_plan(path)
    except PlanError as error:
        outcome = str(error)
    assert isinstance(outcome, Plan) or str(outcome).isprintable()


def test_the_published_schema_names_the_topologies_of_the_model() -> None:
    """The schema is valid by its dialect, and knows exactly the topologies that the checks know."""
    schema = json.loads(SCHEMA_FILE.read_text())
    meta.validate(schema)
    assert list(schema["properties"]["topologies"]["properties"]) == [str(t) for t in Topology]
