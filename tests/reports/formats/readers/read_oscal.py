"""Run by the Python that has compliance-trestle, in an empty folder: takes the documents of a
folder into a workspace of trestle, has it validate them and resolve the profile, and prints the ids
of the controls of the resolved catalog as JSON. What is not valid ends it with another status."""

import json
import os
import shutil
import sys
from contextlib import redirect_stdout
from pathlib import Path

from trestle.cli import Trestle
from trestle.core.profile_resolver import ProfileResolver

documents, workspace = Path(sys.argv[1]), Path.cwd()


def trestle(*words: str) -> None:
    sys.argv = ["trestle", *words]
    if status := Trestle().run():
        sys.exit(f"trestle {' '.join(words)}: status {status}")


with redirect_stdout(sys.stderr):
    trestle("init", "--local")
    for path in sorted(documents.iterdir()):
        trestle("import", "--file", str(path), "--output", "vmfex")
    trestle("validate", "--all")
    shutil.copytree(documents, workspace / "set")
    os.chdir(workspace / "set")  # its references are names of files beside it
    resolve = ProfileResolver.get_resolved_profile_catalog
    catalog = resolve(workspace, str(workspace / "set" / "profile.json"))
ids = [control.id for group in catalog.groups or [] for control in group.controls or []]
ids += [control.id for control in catalog.controls or []]
print(json.dumps(ids, default=str))
