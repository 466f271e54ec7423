"""CI files: valid by their schemas, and their commands honour the verdict and keep the reports."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.contrib import CONTRIB, VMFEX, actionlint, outline, tool
from tests.support.sessions import process_environment
from vmfex.evidence.embedded import embedded_file

CI = CONTRIB / "ci"
IMAGE, IN_THE_IMAGE = "registry.example.com/vmfex:0.2.0", "/opt/vmfex/bin/vmfex"
KEPT = {"certificate.html", "certification.json", "junit.xml", "allure-results"}


def parsed(name: str) -> Any:
    return yaml.safe_load((CI / name).read_text())


def gitlab() -> str:
    [line] = parsed("gitlab-ci.yml")["vmfex-certify"]["script"]
    return str(line)


def github() -> str:
    steps = parsed("github-workflow.yml")["jobs"]["certify"]["steps"]
    [line] = [step["run"] for step in steps if "run" in step]
    return str(line)


def jenkins() -> str:
    [line] = re.findall(r"sh '(.+)'", (CI / "Jenkinsfile").read_text())
    return str(line)


def run(line: str, folder: Path, host: str) -> int:
    """The exit status of a command as the service's shell would run it, with our own program."""
    (folder / "plan.yaml").write_text("out_of_scope: [nobody]\n")
    assert line.startswith(f"{IN_THE_IMAGE} ")
    line = line.replace(IN_THE_IMAGE, shlex.quote(str(VMFEX)))
    environment = process_environment({"VMFEX_HOST": host})
    done = subprocess.run(
        ["sh", "-eu", "-c", line], cwd=folder, env=environment, capture_output=True, check=False
    )
    return done.returncode


@pytest.mark.parametrize(
    ("schema", "name"),
    [("vendor.gitlab-ci", "gitlab-ci.yml"), ("vendor.github-workflows", "github-workflow.yml")],
)
def test_schema(schema: str, name: str) -> None:
    """As the service itself has it."""
    command = [str(tool("check-jsonschema")), "--builtin-schema", schema, str(CI / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint() -> None:
    """It has nothing against GitHub's file, and sees what a schema does not."""
    text = (CI / "github-workflow.yml").read_text()
    assert actionlint(text) == []
    [fault] = actionlint(text.replace("inputs.host ||", "inputs.hots ||"))
    assert 'property "hots" is not defined' in fault


def test_jenkinsfile_is_a_declarative_pipeline() -> None:
    """Groovy, of the sections and directives that Jenkins' book names (Pipeline Syntax, Declarative
    Pipeline); each stage has steps. Broken Groovy is seen."""
    text = (CI / "Jenkinsfile").read_text()
    [(name, pipeline)] = outline(text).items()
    assert name == "pipeline"
    directives = {"environment", "options", "parameters", "tools", "triggers", "libraries"}
    assert {"agent", "stages"} <= set(pipeline) <= {"agent", "stages", "post", *directives}
    assert set(pipeline["post"]) == {"always"}
    assert set(pipeline["post"]["always"]) == {"junit", "allure", "archiveArtifacts"}
    [stage] = pipeline["stages"].values()
    assert set(stage) == {"steps"}
    with pytest.raises(AssertionError, match="Unexpected"):
        outline(text.removesuffix("}\n"))


@pytest.mark.parametrize("command", [gitlab, github, jenkins])
@pytest.mark.parametrize(("host", "status"), [("reference", 0), ("centos7", 1), ("unreadable", 6)])
def test_exit_status_is_the_verdict(command: Any, host: str, status: int, tmp_path: Path) -> None:
    """And what is kept is there, whatever it is."""
    shutil.copyfile(embedded_file(host), tmp_path / "a host.tar.gz")
    assert run(command(), tmp_path, "./a host.tar.gz") == status
    assert not KEPT - {path.name for path in (tmp_path / "certification").iterdir()}


@pytest.mark.parametrize("command", [gitlab, github, jenkins])
@pytest.mark.parametrize(
    "host", ["--help", "--out=elsewhere", "-q", "$(touch x)", "a; touch x", ""]
)
def test_no_name_is_an_option_or_a_command(command: Any, host: str, tmp_path: Path) -> None:
    """It is refused as a host, and nothing is written."""
    assert run(command(), tmp_path, host) == 4
    assert {path.name for path in tmp_path.iterdir()} == {"plan.yaml"}


@pytest.mark.parametrize("name", ["gitlab-ci.yml", "github-workflow.yml", "Jenkinsfile"])
def test_each_uses_the_image_and_keeps_the_reports(name: str) -> None:
    """By the one name that a site has to change."""
    text = (CI / name).read_text()
    assert text.count(IMAGE) == 1
    assert "certification" in text
    assert "${{ inputs" not in "".join(re.findall(r"run: .*", text))


def test_reports_are_kept_of_a_job_that_fails() -> None:
    """Always; JUnit where the service reads it, and never that of an earlier run."""
    artifacts = parsed("gitlab-ci.yml")["vmfex-certify"]["artifacts"]
    assert (artifacts["when"], artifacts["paths"]) == ("always", ["certification/"])
    assert artifacts["reports"] == {"junit": "certification/junit.xml"}
    *_, keep = parsed("github-workflow.yml")["jobs"]["certify"]["steps"]
    assert (keep["if"], keep["with"]["path"]) == ("always()", "certification")
    jenkinsfile = (CI / "Jenkinsfile").read_text()
    after = jenkinsfile.partition("always {")[2]
    for kept in ("certification/junit.xml", "certification/allure-results", "certification/**"):
        assert kept in after
    assert jenkinsfile.index("deleteDir()") < jenkinsfile.index("sh '")


def test_lint_of_a_merge_request(tmp_path: Path) -> None:
    """GitLab's second job: the folder's definitions, with SARIF."""
    [line] = parsed("gitlab-ci.yml")["vmfex-lint"]["script"]
    (tmp_path / "libvirt").mkdir()
    (tmp_path / "libvirt/pom.xml").write_text("<project/>")
    (tmp_path / "libvirt/a.xml").write_text("<network><name>a</name></network>")
    assert run(line, tmp_path, "") == 0
    assert (tmp_path / "lint.sarif").exists()
