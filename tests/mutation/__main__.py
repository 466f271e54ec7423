"""`make mutation`: changes each condition of the modules that are named, and shows what survives.

python -m tests.mutation [--jobs N] [checks/rules/pool.py ...]
"""

import sys
from argparse import ArgumentParser

import pytest

from tests.mutation.explained import change, explained
from tests.mutation.session import ROOT, Session

TESTS = (
    *("tests/rules", "tests/checks"),
    *("tests/reports/test_migration.py", "tests/vmfex/lint/test_rules.py"),
)
# Whatever they would notice, a row notices, in a fraction of their time.
SLOW = (
    "tests/rules/test_damaged.py",
    "tests/rules/test_damaged_fabric.py",
    "tests/rules/test_edited_features.py",
    "tests/rules/test_knocked_out.py",
    "tests/rules/test_new_rule.py",
)


EVERY_ROW = "test_subject_that_every_host_has_is_never_absent"


def main() -> int:
    """0 where a test kills every mutant, or it is explained."""
    parser = ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("paths", nargs="*", metavar="FILE", help="default: checks/rules/*.py")
    asked = parser.parse_args()
    paths = asked.paths or sorted(
        str(path.relative_to(ROOT)) for path in ROOT.glob("checks/rules/*.py")
    )
    session = Session(paths, asked.jobs)
    ignored = [f"--ignore={path}" for path in SLOW]
    options = ["--assert=plain", "--capture=no", "-p", "no:cacheprovider", "-p", "no:terminal"]
    # every row in one: slow, and what it asks the other rows ask of their own hosts
    options += ["--deselect", "tests/rules/test_matrix.py::" + EVERY_ROW]
    status = pytest.main([*options, *ignored, *TESTS], plugins=[session])
    if status:
        return int(status)
    reasons = explained()
    survivors = [o for o in session.outcomes if o.killer is None]
    open_ = [o for o in survivors if change(o.path, o.mutant) not in reasons]
    for outcome in open_:
        print(outcome)
    total, survive = len(session.outcomes), len(survivors)
    print(
        f"{total} mutants: {total - survive} killed, {survive - len(open_)} explained, "
        f"{len(open_)} survive"
    )
    return int(bool(open_))


sys.exit(main())
