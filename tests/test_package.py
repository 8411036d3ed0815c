"""The package, its lock, and what the files beside it say; nothing here touches the network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from labkit.base.places import PROJECT


def project() -> dict:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


LOCKS = ("requirements.lock", "requirements-dev.lock")


def entries(lock: str) -> list[str]:
    """The entries of a lock: what is pinned, and its hashes."""
    text = (PROJECT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def locked(lock: str = LOCKS[1]) -> dict[str, str]:
    """Name to version, as a lock has them."""
    found = [
        re.match(r"([a-z0-9-]+)==([^ ;]+)( ; .*?)?( +--hash=sha256:|$)", e) for e in entries(lock)
    ]
    assert all(found), [e for e, match in zip(entries(lock), found) if not match]
    return {match[1]: match[2] for match in found if match}


# ---- environment.yml


OWN_STEP = "pip install --no-deps --no-build-isolation --editable"


def test_binder_installs_the_same_lock() -> None:
    """In a file with hashes nothing may stand without: labkit is installed in a step of its own."""
    text = (PROJECT / "environment.yml").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines() if not line.startswith("#")]
    assert lines[-2:] == ["- pip:", "- -r requirements.lock"]
    after = (PROJECT / "postBuild").read_text(encoding="utf-8")
    assert OWN_STEP in text and OWN_STEP in after and os.access(PROJECT / "postBuild", os.X_OK)
    (pinned,) = re.findall(r"- python=(\d+\.\d+)$", text, flags=re.MULTILINE)
    if os.environ.get("CI"):
        assert pinned == ".".join(map(str, sys.version_info[:2])), "pin the Python that CI tests"


# ---- pyproject.toml and the lock


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9_.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_the_locks_pin_everything_and_name_no_address() -> None:
    needed = project()["project"]["dependencies"]
    extras = project()["project"]["optional-dependencies"]
    for lock, more in zip(LOCKS, (extras["notebooks"], extras["notebooks"] + extras["dev"])):
        assert "://" not in (PROJECT / lock).read_text(encoding="utf-8")
        assert {canonical(r) for r in needed + more} - {"labkit"} <= set(locked(lock))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_its_hashes(lock: str) -> None:
    """Without them another file under the same name would be installed unseen."""
    assert len(entries(lock)) > 100
    for entry in entries(lock):
        hashes = re.findall(r"--hash=(\S+)", entry)
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), entry


def test_learners_install_what_tests_install_and_no_test_tools() -> None:
    """A browser driver, node and linters took 0.5 GB of each learner's disk."""
    learners, tests = locked(LOCKS[0]), locked(LOCKS[1])
    assert learners.items() <= tests.items()
    extras = project()["project"]["optional-dependencies"]
    only_tests = {canonical(r) for r in extras["dev"]} - {"labkit"}
    # Jupyter itself needs these.
    needed = {"nbconvert", "nbformat", "babel", "psutil", "websocket-client"}
    assert only_tests & set(learners) == needed & only_tests


def test_opencv_still_has_its_cascades() -> None:
    assert int(locked()["opencv-contrib-python-headless"].split(".")[0]) < 5


def test_version_is_said_once() -> None:
    import labkit

    assert project()["project"]["dynamic"] == ["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", labkit.__version__)


def test_the_wheel_holds_code_and_nothing_else(tmp_path: Path) -> None:
    """Build it from a copy, so that nothing is left in the source folder."""
    pytest.importorskip("setuptools", minversion="77")
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-CONTENT"):
        shutil.copy(PROJECT / name, source)
    for name in ("labkit", "lessons"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / name, source / name, ignore=ignored)
    translated = source / "labkit" / "locale" / "xx" / "LC_MESSAGES" / "labkit.mo"
    translated.parent.mkdir(parents=True)
    translated.write_bytes(b"a translation")
    (source / "data" / "anytown").mkdir(parents=True)
    (source / "data" / "anytown" / "people.csv").write_text("person\n0\n")
    build = "import sys; from setuptools import build_meta; print(build_meta.build_wheel('out'))"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (source / "out").glob("*.whl")
    names = {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}
    whole = (p for name in ("labkit", "lessons") for p in (source / name).rglob("*"))
    shipped = (
        p for p in whole if p.is_file() and p.suffix not in (".po", ".pot")
    )  # for translators
    assert names == {p.relative_to(source).as_posix() for p in shipped}
    assert {Path(n).suffix for n in names} == {".py", ".typed", ".js", ".css", ".j2", ".mo"}
    for needed in (
        "labkit/people/photo/camera.py",
        "labkit/app/skeletons/notebook.py.j2",
        "labkit/views/explorers/threshold.js",
        "lessons/nb03/exercises.py",
    ):
        assert needed in names
    assert wheel.stat().st_size < 2_000_000


def test_importing_labkit_loads_nothing_heavy() -> None:
    heavy = ("numpy", "numba", "cv2", "pandas", "sklearn", "deepface", "dlib")
    ask = f"import sys, labkit; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# ---- what the files say


def test_readme_keeps_its_promises() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    flat = " ".join(text.replace("**", "").split())
    for said in (
        "\npython3 lab.py\n",
        "\npython3 lab.py test\n",
    ):
        assert said in text
    for said in (
        "The matcher is not innocent: dlib's network was trained on about 3 million photographs of"
        " 7,485 people, many scraped; no consent is recorded; it is used because it runs offline"
        " and is public domain.",
        "Intel Macs",
        "68-point",
        "CC BY 4.0",
    ):
        assert said in flat


def test_readme_examples_run() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == 2
    names: dict = {}
    for example in examples:
        exec(compile(example.replace("size=512", "size=96"), "README.md", "exec"), names)
    assert names["picture"].shape == (96, 96, 3)
    assert names["same_face_deeper_skin"].shape == names["person"].shape
    assert len(names["faces"].people) == 480 and names["faces"].templates.shape == (1920, 128)


def test_the_non_commercial_landmarks_are_never_loaded() -> None:
    for path in (PROJECT / "labkit").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert "68_face_landmarks" not in code and "68_point" not in code, path


def test_ci_runs_the_printed_command() -> None:
    text = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n") and "lab.py test" in text


def test_readme_names_every_notebook_with_its_minutes() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(.+)\]\(notebooks/(.+)\.ipynb\) \| (\d+) / (\d+) \|", text, re.M)
    made = []
    for path in sorted((PROJECT / "instructors" / "source").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        (title,) = re.findall(r"^# # (.+)$", source, re.M)
        ((core, full),) = re.findall(r"^# \*\*Minutes:\*\* core (\d+), full (\d+)", source, re.M)
        made.append((f"{path.name[:2]} {title}", path.stem, core, full))
    assert rows == made


def test_tests_find_the_project_by_one_name() -> None:
    for path in (PROJECT / "tests").rglob("*.py"):
        assert "parents[" not in path.read_text("utf-8").replace('"parents["', ""), path
