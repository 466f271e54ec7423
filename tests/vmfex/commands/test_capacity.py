"""`vmfex capacity`: what is shown, in text and JSON, exit statuses, and that nothing is written."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema_rs import Draft202012Validator

from vmfex.cli import cli
from vmfex.evidence.embedded import embedded_file

LABEL = "what if, not a certificate"
NAME = "SR-IOV with MacVTap passthrough"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def vmfex(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def capacity(*words: str) -> Result:
    return vmfex("capacity", *words)


def rows(done: Result) -> dict[str, list[str]]:
    """The cells of each row by its first one."""
    lines = [line.split("  ") for line in done.stdout.splitlines() if "  " in line]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    return {first: rest for first, *rest in cells}


def test_one_host_with_its_limits() -> None:
    """Its number for each topology, and how it comes about (tests/checks/inventory)."""
    done = capacity("reference")
    assert done.exit_code == 0
    assert rows(done)[NAME] == ["5", "VFs: 8 there, 3 taken"]
    assert LABEL.upper() not in done.stdout.upper()


def test_several_hosts_in_one_table(tmp_path: Path) -> None:
    """A row each, those of a folder too; of one that cannot be read nothing is known, and that is
    the exit status."""
    folder = tmp_path / "captures"
    folder.mkdir()
    for name in ("reference", "unreadable"):
        (folder / f"{name}.tar.gz").write_bytes(embedded_file(name).read_bytes())
    done = capacity("rhel65-libvirt010", "captures")
    assert done.exit_code == 6
    table = rows(done)
    assert table["host"] == ["MacVTap direct", NAME, "SR-IOV VF passthrough"]
    assert table["rhel65-libvirt010, constructed"][1] == "16 (Netlink)"
    assert table["reference, constructed"][1] == "5 (VFs)"
    assert table["unreadable, constructed"] == ["not known"] * 3


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["reference"], 0),
        (["reference", "--vfs", "4"], 0),  # it has four on each PF
        (["reference", "--vfs", "12"], 6),  # the IOMMU groups of eight are not known
        (["reference", "--release", "7.9"], 0),  # it runs that
        (["reference", "--release", "8.4"], 6),
        (["reference", "--release", "6.0"], 1),  # HST-01
        (["reference", "--topology", f"{NAME}=7"], 0),  # and db01 on hostdev: 8 VFs
        (["reference", "--topology", f"{NAME}=8"], 1),  # SRV-05
        (["rhel65-libvirt010", "--vfs", "24"], 0),  # better: advice alone is worse
        (["reference", "rhel65-libvirt010", "--vfs", "4", "--release", "6.0"], 1),
        (["unreadable"], 6),
        (["ssh://127.0.0.1:1"], 6),
    ],
)
def test_exit_status(words: list[str], status: int) -> None:
    """What the change would make of what decides, and whether a number is known."""
    assert capacity(*words).exit_code == status


def test_a_record_has_its_capacity() -> None:
    """That of the host it is of; also the folder of a run, of one or of several hosts."""
    vmfex("certify", "reference", "-q", "--out", "one")
    vmfex("certify", "reference", "rhel65-libvirt010", "-q", "--out", "two")
    expected = capacity("reference").stdout
    assert capacity("one").stdout == capacity("one/certification.json").stdout == expected
    several = capacity("reference", "rhel65-libvirt010").stdout
    assert capacity("two").stdout == capacity("two/summary.json").stdout == several
    assert rows(capacity("two", "unreadable"))["reference, constructed"][1] == "5 (VFs)"


def test_a_host_that_has_reports_in_its_folder_is_a_host(tmp_path: Path) -> None:
    """As for `vmfex certify`: what is one is judged, and no record beside it is believed."""
    vmfex("hosts", "unpack", "rhel65-libvirt010", "host")
    vmfex("certify", "reference", "-q", "--out", "one")
    (tmp_path / "one/certification.json").rename(tmp_path / "host/certification.json")
    assert rows(capacity("host"))[NAME][0] == "16"


def test_a_record_of_some_rules_has_none() -> None:
    """Which is said, and no number is made up."""
    vmfex("certify", "reference", "-q", "--rule", "VIC-02", "--out", "some")
    done = capacity("some")
    assert done.exit_code == 6
    assert rows(done)[NAME] == [
        "not known",
        "the record has no capacity: some rules alone were run",
    ]
    assert rows(capacity("some", "reference"))["reference, constructed"]


def test_a_host_that_is_named_twice() -> None:
    """Would be counted twice in the room of a site, as a host or by its record."""
    vmfex("certify", "reference", "-q", "--out", "one")
    for words in (["reference", "reference"], ["one", "one"], ["one", "one/certification.json"]):
        done = capacity(*words)
        assert (done.exit_code, done.stdout) == (4, "")
        assert "is named twice: name each " in done.stderr


def test_a_record_answers_no_what_if() -> None:
    """It has no evidence that could be judged anew."""
    vmfex("certify", "reference", "-q", "--out", "one")
    done = capacity("one", "--vfs", "4")
    assert (done.exit_code, done.stdout) == (4, "")
    assert "one is a record, which has no evidence to be judged anew" in done.stderr


def test_what_if_is_said_to_be_one() -> None:
    """In the first line and in the last, with the numbers before and after, and the verdicts that
    change."""
    done = capacity("rhel65-libvirt010", "--vfs", "24", "--topology", NAME)
    first, *_, last = done.stdout.splitlines()
    assert first == last
    assert (
        first
        == f"{LABEL.upper()}: 24 VFs on each PF that has VFs; planned: 1 VM interface on {NAME}"
    )
    assert rows(done)[NAME] == ["16 -> 16", "VFs: 24 there, 8 taken"]
    assert rows(done)["SRV-03"][0] == "violated -> compliant"
    assert rows(done)["FAB-05"][0] == "compliant -> violated [decides nothing]"
    assert "CERTIFIED" not in done.stdout
    assert "\nNo verdict would change.\n" in capacity("reference", "--vfs=4").stdout
    of_two = capacity("reference", "rhel65-libvirt010", "--vfs=4").stdout
    assert "\nNo verdict would change on 1 of 2 hosts.\n" in of_two


@pytest.mark.parametrize(
    "words",
    [
        ["reference"],
        ["reference", "unreadable"],
        ["reference", "rhel65-libvirt010", "--vfs=eth0=24", "--release=8.4", f"--topology={NAME}"],
        ["unreadable", "--vfs=4"],
    ],
)
def test_json(words: list[str]) -> None:
    """Valid by its schema, without a decision, and labelled in each host where it is what if."""
    done = capacity(*words, "--json")
    document = json.loads(done.stdout)
    Draft202012Validator(json.loads(vmfex("schema", "capacity").stdout)).validate(document)
    assert "CERTIFIED" not in done.stdout
    is_what_if = any(word.startswith("--") for word in words)
    for place in (document, *document["hosts"]):
        assert ("what_if" in place) is is_what_if
        assert not is_what_if or place["what_if"]["label"] == LABEL
    assert done.exit_code == capacity(*words).exit_code


def test_json_says_what_text_says() -> None:
    """The same numbers and the same changes."""
    document = json.loads(capacity("rhel65-libvirt010", "--vfs", "24", "--json").stdout)
    [host] = document["hosts"]
    now, then = host["capacity"][1], host["what_if"]["capacity"][1]
    assert (now["room"], now["binds"], now["sure"]) == (16, "Netlink", True)
    assert (then["room"], then["binds"]) == (16, "VFs")
    assert [(v["rule"], v["now"], v["then"]) for v in host["what_if"]["verdicts"]] == [
        ("SRV-03", "violated", "compliant"),
        ("FAB-05", "compliant", "violated"),
    ]
    assert document["what_if"]["vfs"] == [{"pf": None, "number": 24}]


def test_nothing_is_written_and_nothing_reads_it_as_a_record(tmp_path: Path) -> None:
    """No folder, no record; the JSON is refused where a record is wanted."""
    done = capacity("reference", "--vfs", "4", "--json")
    assert [*tmp_path.iterdir()] == []
    (tmp_path / "certification.json").write_text(done.stdout)
    for words in (
        ["report", "text", "certification.json"],
        ["compare", ".", "."],
        ["capacity", "."],
    ):
        assert vmfex(*words).exit_code == 4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nobody"], "There is no host 'nobody'"),
        (["gone.json"], "There is no host 'gone.json'"),
        (["reference", "--vfs", "many"], "--vfs takes a number"),
        (["reference", "--release", "seven"], "--release takes"),
        (["reference", "--topology", "hostdev"], "is not a topology"),
        (["reference", "--inventory", "x.yaml"], "name no HOST beside it"),
        (["reference", "--plan", "gone.yaml"], "cannot be read"),
        (["reference", "--ucsm-insecure"], "need --ucsm"),
        (["--", "--vfs"], "no host's name begins with `-`"),
    ],
)
def test_wrong_usage(words: list[str], says: str) -> None:
    """One sentence, and nothing on stdout."""
    done = capacity(*words)
    assert (done.exit_code, done.stdout) == (4, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_hosts_of_an_inventory_by_their_own_plans(tmp_path: Path) -> None:
    """Each by the plan that the inventory names for it: nine interfaces, and two on macvtap, on 12
    VFs in the place of eight."""
    (tmp_path / "plan.yaml").write_text("topologies: {SR-IOV VF passthrough: 9}\n")
    (tmp_path / "site.yaml").write_text("hosts:\n  reference: {plan: plan.yaml}\n  rhel79-idle:\n")
    done = capacity("--inventory", "site.yaml", "--vfs", "6", "--json")
    one, two = json.loads(done.stdout)["hosts"]
    turned = {v["rule"]: (v["now"], v["then"]) for v in one["what_if"]["verdicts"]}
    assert turned["SRV-05"] == ("violated", "compliant")
    assert (one["label"], two["label"]) == ("reference", "rhel79-idle")


def test_text_of_a_host_steers_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A host may be called anything."""
    vmfex("certify", "reference", "-q", "--out", "one")
    path = tmp_path / "one/certification.json"
    record = json.loads(path.read_text())
    record["host"] = "\x1b[31m::error::x\nCERTIFIED"
    record["capacity"][0]["limits"][0]["how"] = "\u202e\x07##vso[x]"
    path.write_text(json.dumps(record))
    for words in (["one"], ["one", "reference"], ["one", "--json"]):
        done = capacity(*words)
        assert done.exit_code == 0
        assert all(line.isprintable() for line in done.stdout.splitlines())
        assert not any(line.startswith("CERTIFIED") for line in done.stdout.splitlines())


def test_a_fault_of_the_program_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of reading, or of a rule: status 3, and no number of that host."""

    def broken(*_args: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr("vmfex.capacity.hosts._judged", broken)
    done = capacity("reference")
    assert done.exit_code == 3
    assert "internal error" in done.stderr
    assert rows(done)[NAME][0] == "not known"
