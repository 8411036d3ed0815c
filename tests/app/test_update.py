"""A new version arrives in a copy that somebody worked in: nothing of theirs is lost.

A small lab with a copy of ``update.py`` is updated by starting that file, as ``lab.py`` does.
"""

from __future__ import annotations

import ast
import gzip
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from datetime import date

import pytest

from labkit.app import update
from labkit.base.places import PROJECT

CODE = PROJECT / "labkit" / "app" / "update.py"
TODAY = date.today().isoformat()
FOUR, FIVE = "notebooks/04_four.ipynb", "notebooks/05_five.ipynb"


def cell(text, **more):
    return {"cell_type": "code", "source": [text], "outputs": [], "execution_count": None, **more}


def book(stem, *texts):
    """A generated notebook."""
    cells = [cell(t) for t in texts]
    mark = {"lab": {"made": update.generated_mark(stem, cells)}}
    return json.dumps({"cells": cells, "metadata": mark, "nbformat": 4, "nbformat_minor": 5})


def files(version, five, **more):
    """What a version of the small lab consists of."""
    return {
        "lab.py": f"print({version!r})\n",
        "requirements.lock": "numpy==2.1\n",
        "pyproject.toml": "[project]\n",
        ".ci/run": "#!/bin/sh\n",
        "labkit/__init__.py": f'__version__ = "{version}"\n',
        "labkit/app/update.py": CODE.read_text(encoding="utf-8"),
        "labkit/rates.py": f"VALUE = {version}\n",
        "labkit/same.py": "SAME = 1\n",
        FOUR: book("04_four", "a = 4"),
        FIVE: book("05_five", five),
        **more,
    }


OLD = files("1.1", "answer = ...", **{"labkit/gone.py": "GONE = 1\n"})
NEW = files("1.2", "answer = ...  # of 20", **{"labkit/fresh.py": "FRESH = 1\n"})


def fill(folder, tree):
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def wrote(text, words, count=1):
    """A notebook in which somebody wrote; it keeps what says how it was generated."""
    content = json.loads(text)
    content["cells"][0]["source"] = [words]
    content["cells"][0]["execution_count"] = count
    return json.dumps(content)


MINE = wrote(OLD[FIVE], "answer = 42")
MINE_FOUR = wrote(OLD[FOUR], "a = 'mine'")
THEIRS = {
    FIVE: MINE,
    FOUR: MINE_FOUR,
    "notebooks/09_my_own.ipynb": book("09_other", "mine"),
    "notebooks/diary.txt": "dear diary",
    "labkit/rates.py": "VALUE = 'changed by me'\n",
    "labkit/same.py": "SAME = 'changed by me'\n",
    ".lab/journal.json": '{"version": 1}',
    "pictures/me.jpg": "me",
}
"""What a learner wrote, changed and put there."""


def clean_env():
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "JPY_", "JUPYTERHUB"))}
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    return {**env, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def run(folder, *words, env=None, program=None):
    """Start the update of a copy; returns its exit code and everything that it said."""
    command = [sys.executable, str(program or folder / "labkit/app/update.py"), *map(str, words)]
    done = subprocess.run(
        command, env={**clean_env(), **(env or {})}, cwd=folder.parent, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    for line in said.splitlines():
        assert line.startswith("lab: "), f"not our words: {line}"
    for word in ("fatal", "error:", "hint:", "HEAD", "stash"):
        assert word not in said, said
    return done.returncode, said


def git(folder, *words):
    done = subprocess.run(
        ["git", "-C", str(folder), *words], env=clean_env(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(folder, tree):
    """Make these the files of a repository, and nothing else."""
    for name in git(folder, "ls-files").split():
        (folder / name).unlink()
    fill(folder, tree)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "version")


def clone(tmp_path):
    """A place with the old version, and a clone of it; the place then gets the new version."""
    place = tmp_path / "place"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    commit(place, {**OLD, ".gitignore": "/.lab/\nyours/\n"})
    copy = tmp_path / "my lab"
    git(tmp_path, "clone", "-q", str(place), str(copy))
    commit(place, {**NEW, ".gitignore": "/.lab/\nyours/\n"})
    return place, copy


def zipped(path, tree, top="lab-1.2/"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in tree.items():
            archive.writestr(top + name, text)
    return path


def tarred(path, tree, top="lab-1.2/"):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in tree.items():
            item = tarfile.TarInfo(top + name)
            item.size, item.mode = len(text.encode()), 0o755 if name == ".ci/run" else 0o644
            archive.addfile(item, io.BytesIO(text.encode()))
    return path


def unpacked(path, tree):
    return fill(path, tree)


def everything(folder):
    """Every file but what git and an update keep for themselves."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.relative_to(folder).parts[0] != ".git"
        and p.relative_to(folder).parts[:2] != (".lab", "update")
    }  # fmt: skip


def nothing_lost(folder, theirs=None):
    """Whether each thing of the learner's is somewhere they can see it, byte for byte."""
    now = everything(folder)
    for name, text in (theirs or THEIRS).items():
        stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        found = [n for n, c in now.items() if c == text.encode() and stem in n]
        assert found, f"{name} is lost: {list(now)}"
        assert any(name.startswith(".lab/") or not n.startswith(".") for n in found), found


WAYS = {"git": None, "zip": zipped, "tar": tarred, "folder": unpacked}


@pytest.fixture(params=WAYS)
def updated(request, tmp_path):
    """A worked-in copy after its update, in each way, and what was said."""
    way = WAYS[request.param]
    if way is None:
        copy = clone(tmp_path)[1]
        words = []
    else:
        copy = fill(tmp_path / "my lab", OLD)
        assert run(copy, "--remember") == (0, "")
        words = [way(tmp_path / f"lab-1.2.{request.param}", NEW)]
    fill(copy, THEIRS)
    code, said = run(copy, *words)
    assert code == 0, said
    return copy, said, words


def test_a_worked_in_copy_gets_the_new_version_and_loses_nothing(updated):
    """Finding: a pull over an edited notebook stopped with git's own words."""
    copy, said, _ = updated
    nothing_lost(copy)
    for name, text in NEW.items():
        if name not in (FOUR, "labkit/same.py"):
            assert (copy / name).read_bytes() == text.encode(), name
    assert not (copy / "labkit/gone.py").exists()
    assert "the lab is now version 1.2; it was 1.1" in said
    kept = f"notebooks/yours/05_five {TODAY}.ipynb"
    assert f"{FIVE}: you worked in it; your version is now {kept}" in said
    assert (copy / kept).read_bytes() == MINE.encode()
    # The new version does not change this one: the learner goes on in it.
    assert (copy / FOUR).read_bytes() == MINE_FOUR.encode() and "left as you have them" in said
    assert f"now in yours/{TODAY}: labkit/rates.py, labkit/same.py" in said
    assert (copy / "labkit/same.py").read_text() == OLD["labkit/same.py"]
    assert "run 'python3 lab.py'" in said


def test_a_second_update_finds_nothing_to_do_and_keeps_nothing_twice(updated):
    copy, _, words = updated
    before = everything(copy)
    code, said = run(copy, *words)
    assert (code, said) == (0, "lab: this copy is the newest version already\n")
    assert everything(copy) == before


def test_an_untouched_copy_keeps_nothing(tmp_path):
    _, copy = clone(tmp_path)
    code, said = run(copy)
    assert code == 0 and not list(copy.rglob("yours")) and "you" not in said.replace("your", "")
    assert git(copy, "status", "--porcelain") == ""


def opened(text, stem):
    """What JupyterLab makes of a notebook by opening and saving it."""
    content = json.loads(text)
    content["metadata"] |= {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "name": "python3"},
        "language_info": {"name": "python", "version": "3.11.7"},
    }
    for c in content["cells"]:
        c["metadata"] = {"scrolled": True}
    return json.dumps(content, indent=1)


@pytest.mark.parametrize("way", WAYS)
def test_what_only_jupyterlab_changed_is_not_kept(tmp_path, way):
    copy = clone(tmp_path)[1] if way == "git" else fill(tmp_path / "my lab", OLD)
    if way != "git":
        run(copy, "--remember")
    fill(copy, {FIVE: opened(OLD[FIVE], "05_five")})
    words = [] if way == "git" else [WAYS[way](tmp_path / "new", NEW)]
    code, said = run(copy, *words)
    assert code == 0 and not list(copy.rglob("yours")), said
    assert (copy / FIVE).read_text() == NEW[FIVE]


def test_a_copy_that_wrote_nothing_down_keeps_every_file_that_differs(tmp_path):
    copy = fill(tmp_path / "my lab", {**OLD, **THEIRS})
    code, said = run(copy, zipped(tmp_path / "new.zip", NEW))
    assert code == 0 and "nothing in this copy says which files" in said
    nothing_lost(copy)
    assert (copy / f"yours/{TODAY}/labkit/gone.py").exists()
    assert not (copy / "labkit/gone.py").exists()


def test_a_notebook_written_in_before_the_first_start_is_not_taken_for_the_labs(tmp_path):
    copy = fill(tmp_path / "my lab", {**OLD, FIVE: MINE})
    run(copy, "--remember")
    code, said = run(copy, zipped(tmp_path / "new.zip", NEW))
    assert code == 0 and f"{FIVE}: you worked in it" in said
    nothing_lost(copy, {FIVE: MINE})


def test_a_clone_can_be_given_an_archive_and_later_fetch_again(tmp_path):
    place, copy = clone(tmp_path)
    fill(copy, THEIRS)
    assert run(copy, zipped(tmp_path / "new.zip", NEW))[0] == 0
    nothing_lost(copy)
    commit(place, {**files("1.3", "answer = ...  # of 30"), ".gitignore": "/.lab/\nyours/\n"})
    before = {n for n in everything(copy) if n.startswith("yours")}
    code, said = run(copy)
    assert code == 0 and "now version 1.3" in said, said
    nothing_lost(copy)
    assert {n for n in everything(copy) if n.startswith("yours")} == before, "ours was kept"


def test_a_notebook_of_their_own_in_the_place_of_a_new_one_is_kept(tmp_path):
    place, copy = clone(tmp_path)
    six = "notebooks/06_six.ipynb"
    commit(place, {**NEW, six: book("06_six", "six"), "extra/a.txt": "ours"})
    fill(copy, {six: book("other", "my six"), "extra": "a file where a folder will be"})
    code, said = run(copy)
    assert code == 0, said
    assert (copy / six).read_text() == book("06_six", "six")
    assert (copy / f"notebooks/yours/06_six {TODAY}.ipynb").read_text() == book("other", "my six")
    assert (copy / f"yours/{TODAY}/extra").read_text().startswith("a file where")
    assert (copy / "extra/a.txt").read_text() == "ours"


def test_a_folder_in_the_place_of_a_new_file_is_kept(tmp_path):
    for way in ("git", "zip"):
        folder = tmp_path / way
        folder.mkdir()
        copy = clone(folder)[1] if way == "git" else fill(folder / "my lab", OLD)
        fill(copy, {"labkit/fresh.py/mine.txt": "mine"})
        words = [] if way == "git" else [zipped(folder / "new.zip", NEW)]
        assert run(copy, *words)[0] == 0
        assert (copy / "labkit/fresh.py").read_text() == "FRESH = 1\n"
        assert (copy / f"yours/{TODAY}/labkit/fresh.py/mine.txt").read_text() == "mine"


# ---- a clone that cannot be updated: one sentence each, and nothing changed ---------------------


def no_git_folder(place, copy):
    shutil.rmtree(copy / ".git")


def no_origin(place, copy):
    git(copy, "remote", "remove", "origin")


def place_gone(place, copy):
    shutil.rmtree(place)


def no_network(place, copy):
    git(copy, "remote", "set-url", "origin", "http://127.0.0.1:9/lab.git")


def branch_gone(place, copy):
    git(place, "branch", "-m", "main", "other")


def diverged(place, copy):
    (copy / "mine.txt").write_text("mine")
    git(copy, "add", "mine.txt")
    git(copy, "commit", "-q", "-m", "mine")


def detached(place, copy):
    git(copy, "checkout", "-q", "--detach")


def staged(place, copy):
    (copy / "mine.txt").write_text("mine")
    git(copy, "add", "mine.txt")


def half_merge(place, copy):
    git(copy, "checkout", "-q", "-b", "side")
    fill(copy, {"labkit/rates.py": "1\n"})
    git(copy, "commit", "-q", "-am", "side")
    git(copy, "checkout", "-q", "main")
    fill(copy, {"labkit/rates.py": "2\n"})
    git(copy, "commit", "-q", "-am", "main")
    subprocess.run(
        ["git", "-C", str(copy), "merge", "side"], env=clean_env(), capture_output=True, check=False
    )


def at_work(place, copy):
    (copy / ".git/index.lock").touch()


def no_lab(place, copy):
    commit(place, {"README.md": "something else"})


STOPS = {
    no_git_folder: "was not made with git",
    no_origin: "does not say where it came from",
    place_gone: "cannot be reached",
    no_network: "cannot be reached",
    branch_gone: "branch main is no longer",
    diverged: "has 1 commit of its own",
    detached: "one fixed version",
    staged: "prepared for a commit",
    half_merge: "a merge in this copy was begun",
    at_work: "git is at work",
    no_lab: "no whole copy of the lab",
}


@pytest.mark.parametrize("stop", STOPS, ids=lambda f: f.__name__)
def test_what_stops_an_update_is_said_in_one_sentence_and_changes_nothing(tmp_path, stop):
    place, copy = clone(tmp_path)
    fill(copy, {FIVE: MINE})
    stop(place, copy)
    before = everything(copy)
    code, said = run(copy)
    assert code == 1 and STOPS[stop] in said and said.count("\n") == 1, said
    assert everything(copy) == before


def test_without_the_program_git(tmp_path):
    _, copy = clone(tmp_path)
    code, said = run(copy, env={"PATH": str(tmp_path)})
    assert code == 1 and "git is not installed" in said and said.count("\n") == 1


def test_own_commits_without_anything_newer_are_up_to_date(tmp_path):
    place, copy = clone(tmp_path)
    assert run(copy)[0] == 0
    diverged(place, copy)
    assert run(copy) == (0, "lab: this copy is the newest version already\n")


def test_a_hook_of_the_learners_does_not_run(tmp_path):
    _, copy = clone(tmp_path)
    hook = copy / ".git/hooks/post-merge"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)
    assert run(copy)[0] == 0 and not (copy / "ran").exists()


# ---- archives that are refused ------------------------------------------------------------------


def link(path):
    with tarfile.open(path, "w:gz") as archive:
        item = tarfile.TarInfo("lab/notebooks")
        item.type, item.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(item)
    return path


def hard_link(path):
    with tarfile.open(path, "w:gz") as archive:
        item = tarfile.TarInfo("lab/notebooks")
        item.type, item.linkname = tarfile.LNKTYPE, "../../secret"
        archive.addfile(item)
    return path


def zip_link(path):
    with zipfile.ZipFile(path, "w") as archive:
        item = zipfile.ZipInfo("lab/notebooks")
        item.external_attr = 0o120777 << 16
        archive.writestr(item, "/etc")
    return path


def folder_link(path):
    fill(path, NEW)
    (path / "docs").symlink_to("/etc")
    return path


def cut(path):
    zipped(path, {**NEW, "labkit/long.txt": os.urandom(9000).hex()})
    path.write_bytes(path.read_bytes()[:-3000])
    return path


def cut_tar(path):
    tarred(path, {**NEW, "labkit/long.txt": os.urandom(9000).hex()})
    path.write_bytes(path.read_bytes()[:-3000])
    return path


def plain_tar(path):
    """Its files and their headers, by position, and all of its bytes."""
    with tarfile.open(path, "w") as archive:
        for name, text in NEW.items():
            item = tarfile.TarInfo("lab/" + name)
            item.size = len(text.encode())
            archive.addfile(item, io.BytesIO(text.encode()))
    with tarfile.open(path) as archive:
        return [item.offset for item in archive], path.read_bytes()


def cut_before_a_header(path):
    places, content = plain_tar(path)
    path.write_bytes(content[: places[-1]])
    return path


def damaged_header(path):
    places, content = plain_tar(path)
    path.write_bytes(content[: places[-1]] + b"?" + content[places[-1] + 1 :])
    return path


def zeroed_header(path):
    places, content = plain_tar(path)
    path.write_bytes(content[: places[-1]] + bytes(512) + content[places[-1] + 512 :])
    return path


def flipped_gzip(path):
    """Every header of the tar is sound; one byte of a file is not, and gzip's checksum says so."""
    content = plain_tar(path)[1]
    packed = bytearray(gzip.compress(content, compresslevel=0))
    packed[packed.index(b"FRESH = 1")] ^= 1
    path.write_bytes(bytes(packed))
    return path


def flipped(path):
    """A file of the archive has other bytes than its checksum says."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in NEW.items():
            archive.writestr(name, text)
    path.write_bytes(path.read_bytes().replace(b"FRESH = 1", b"FRESH = 2"))
    return path


def named(name):
    return lambda path: zipped(path, {**NEW, name: "x"}, top="")


def in_tar(name):
    return lambda path: tarred(path, {**NEW, name: "x"}, top="")


def words(path):
    path.write_text("not an archive")
    return path


def part(path):
    return zipped(path, {k: v for k, v in NEW.items() if k != "requirements.lock"})


def older(path):
    return zipped(path, files("1.0", "answer = ..."))


def pipe(path):
    os.mkfifo(path)
    return path


REFUSED = {
    "link": (link, "is a link"),
    "hard link": (hard_link, "is a link"),
    "link in a zip": (zip_link, "is a link"),
    "link in a folder": (folder_link, "is a link"),
    "cut": (cut, ": "),
    "cut tar": (cut_tar, "damaged or cut short"),
    "cut before a header": (cut_before_a_header, "damaged or cut short"),
    "damaged header": (damaged_header, "damaged or cut short"),
    "zeroed header": (zeroed_header, "damaged or cut short"),
    "flipped in gzip": (flipped_gzip, "damaged or cut short"),
    "flipped": (flipped, "damaged or cut short"),
    "up": (named("../evil.txt"), "outside the lab's folder"),
    "up inside": (named("labkit/../../evil.txt"), "outside the lab's folder"),
    "root": (named("/evil.txt"), "outside the lab's folder"),
    "drive": (named("C:/evil.txt"), "outside the lab's folder"),
    "backslash": (in_tar("..\\evil.txt"), "outside the lab's folder"),
    "up in a tar": (in_tar("../evil.txt"), "outside the lab's folder"),
    "twice": (named("LAB.py"), "twice"),
    "words": (words, "is no archive"),
    "part": (part, "requirements.lock is not in it"),
    "older": (older, "holds version 1.0, which is older"),
    "pipe": (pipe, "is no archive"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_archive_that_is_not_sound_is_refused_and_changes_nothing(tmp_path, name):
    make, says = REFUSED[name]
    copy = fill(tmp_path / "in" / "my lab", {**OLD, **THEIRS})
    given = make(tmp_path / "in" / "new.zip")
    before = everything(tmp_path / "in" / "my lab")
    code, said = run(copy, given)
    assert code == 1 and says in said and said.count("\n") == 1, said
    assert everything(copy) == before and not (copy / ".lab/update/new").exists()
    assert sorted(p.name for p in tmp_path.rglob("evil*")) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["https://example.org/lab.zip"], "download that file first"),
        (["nowhere.zip"], "does not exist"),
        (["a", "b"], "python3 lab.py update FILE"),
        (["--force"], "python3 lab.py update FILE"),
        (["my lab"], "is this copy of the lab"),
        (["."], "is this copy of the lab"),
    ],
)
def test_what_cannot_be_given_is_refused_in_one_sentence(tmp_path, words, says):
    copy = fill(tmp_path / "my lab", OLD)
    code, said = run(copy, *words)
    assert code == 1 and says in said and said.count("\n") == 1


def test_an_archive_brings_no_state_of_another_copy(tmp_path):
    copy = fill(tmp_path / "my lab", {**OLD, ".lab/journal.json": "mine"})
    run(copy, "--remember")
    foreign = {".venvs/1/a": "x", ".lab/journal.json": "x",
               ".git/config": "x", ".GIT/hooks/a": "x", ".venv/a": "x",
               "notebooks/yours/a.ipynb": "x", "yours/a": "x"}  # fmt: skip
    assert run(copy, zipped(tmp_path / "new.zip", {**NEW, **foreign}))[0] == 0
    now = everything(copy)
    assert now[".lab/journal.json"] == b"mine" and b"x" not in now.values()


# ---- stopped in the middle ----------------------------------------------------------------------

STOPPED = """
import os, sys
sys.path.insert(0, sys.argv[1] + "/labkit/app")
import update
from pathlib import Path
real, left = update.put, [int(sys.argv[3])]
def put(path, *more):
    if not left[0]:
        os.kill(os.getpid(), 9)
    left[0] -= 1
    real(path, *more)
update.put = put
update.main([sys.argv[2]], Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("after", range(16))
def test_an_update_that_is_killed_is_not_begun_or_is_ended_by_the_next_start(tmp_path, after):
    copy = fill(tmp_path / "my lab", OLD)
    run(copy, "--remember")
    fill(copy, THEIRS)
    archive = zipped(tmp_path / "new.zip", NEW)
    before = everything(copy)
    program = [sys.executable, "-c", STOPPED, str(copy), str(archive), str(after)]
    done = subprocess.run(program, env=clean_env(), capture_output=True, check=False)
    assert done.returncode in (-signal.SIGKILL, 0)
    begun = (copy / ".lab/update/plan.json").exists()
    if not begun and done.returncode:
        now = everything(copy)
        assert {n: c for n, c in now.items() if "yours" not in n} == before
    nothing_lost(copy)
    later = {
        FIVE: wrote(NEW[FIVE], "written after it was stopped"),
        "labkit/same.py": "# changed after it was stopped\n",
    }
    fill(copy, later)
    code, said = run(copy, "--finish")
    assert code == 0 and ("has been ended" in said) is begun
    run(copy, archive)
    nothing_lost(copy, later)
    nothing_lost(copy, {k: v for k, v in THEIRS.items() if begun or k not in later})
    assert (copy / "labkit/rates.py").read_text() == NEW["labkit/rates.py"]
    assert not (copy / "labkit/gone.py").exists()


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("after", range(1, 16, 2))
def test_after_an_update_that_was_killed_it_is_said_where_things_are(tmp_path, after):
    copy = fill(tmp_path / "my lab", OLD)
    run(copy, "--remember")
    fill(copy, {FIVE: MINE, "labkit/rates.py": "MINE = 1\n"})
    archive = zipped(tmp_path / "new.zip", NEW)
    program = [sys.executable, "-c", STOPPED, str(copy), str(archive), str(after)]
    done = subprocess.run(program, env=clean_env(), capture_output=True, text=True, check=False)
    assert done.returncode in (-signal.SIGKILL, 0)
    said = done.stdout + run(copy, "--finish")[1] + run(copy, archive)[1]
    assert said.count(f"notebooks/yours/05_five {TODAY}.ipynb") == 1, said
    assert said.count(f"are now in yours/{TODAY}: labkit/rates.py") == 1, said


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("harm", ["empty", "gone"])
def test_a_stopped_update_whose_files_are_damaged_stops_no_later_one(tmp_path, harm):
    copy = fill(tmp_path / "my lab", OLD)
    run(copy, "--remember")
    fill(copy, THEIRS)
    archive = zipped(tmp_path / "new.zip", NEW)
    for after in range(1, 30):
        program = [sys.executable, "-c", STOPPED, str(copy), str(archive), str(after)]
        subprocess.run(program, env=clean_env(), capture_output=True, check=False)
        if (copy / ".lab/update/plan.json").exists():
            break
    brought = copy / ".lab/update/new/labkit/rates.py"
    brought.write_bytes(b"") if harm == "empty" else shutil.rmtree(brought.parent.parent)
    assert "cannot be ended" in run(copy, "--finish")[1]
    assert run(copy, "--finish") == (0, "")
    assert run(copy, archive)[0] == 0
    assert (copy / "labkit/rates.py").read_text() == NEW["labkit/rates.py"]
    nothing_lost(copy)


KILLED_GIT = """
import os, sys
sys.path.insert(0, sys.argv[1] + "/labkit/app")
import update
from pathlib import Path
real = update._git
def git(root, *words, **more):
    if words[0] == sys.argv[2] and sys.argv[3] == "before":
        os.kill(os.getpid(), 9)
    out = real(root, *words, **more)
    if words[0] == sys.argv[2]:
        os.kill(os.getpid(), 9)
    return out
update._git = git
update.main([], Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
@pytest.mark.parametrize("moment", ["before checkout", "after checkout", "after merge"])
def test_an_update_by_git_that_is_killed_says_where_things_are_at_the_next(tmp_path, moment):
    copy = clone(tmp_path)[1]
    fill(copy, {FIVE: MINE, "labkit/rates.py": "MINE = 1\n"})
    when, word = moment.split()
    program = [sys.executable, "-c", KILLED_GIT, str(copy), word, when]
    done = subprocess.run(program, env=clean_env(), capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL and not done.stdout
    code, said = run(copy)
    assert code == 0 and f"notebooks/yours/05_five {TODAY}.ipynb" in said, said
    assert f"are now in yours/{TODAY}: labkit/rates.py" in said
    assert "now is" not in said and run(copy)[1].count("\n") == 1
    assert (copy / FIVE).read_text() == NEW[FIVE]


def test_what_lay_in_a_copy_before_its_first_start_is_not_deleted_unkept(tmp_path):
    copy = fill(tmp_path / "my lab", {**OLD, "notebooks/diary.txt": "mine"})
    run(copy, "--remember")
    said = run(copy, zipped(tmp_path / "new.zip", NEW))[1]
    now = everything(copy)
    assert b"mine" in now.values() and "notebooks/diary.txt" in said
    run(copy, zipped(tmp_path / "newer.zip", {**NEW, "lab.py": "2"}))
    assert everything(copy).items() >= {(n, c) for n, c in now.items() if n.startswith("yours")}


def test_two_updates_at_once(tmp_path):
    copy = fill(tmp_path / "my lab", OLD)
    with update._alone(copy):
        code, said = run(copy, zipped(tmp_path / "new.zip", NEW))
    assert code == 1 and "another update of this copy is running" in said


# ---- how it is started --------------------------------------------------------------------------


def test_lab_py_starts_it_before_anything_is_installed(tmp_path):
    real = (PROJECT / "lab.py").read_text(encoding="utf-8")
    copy = fill(tmp_path / "my lab", {**OLD, "lab.py": real})
    archive = zipped(tmp_path / "new.zip", {**NEW, "lab.py": real})
    code, said = run(copy, "update", archive, program=copy / "lab.py")
    assert code == 0 and "now version 1.2" in said and not (copy / ".venv").exists()


def test_lab_py_ends_an_update_that_was_stopped(tmp_path):
    real = (PROJECT / "lab.py").read_text(encoding="utf-8")
    copy = fill(tmp_path / "my lab", {**OLD, "lab.py": real})
    archive = zipped(tmp_path / "new.zip", {**NEW, "lab.py": real})
    program = [sys.executable, "-c", STOPPED, str(copy), str(archive), "8"]
    subprocess.run(program, env=clean_env(), capture_output=True, check=False)
    assert (copy / ".lab/update/plan.json").exists()
    done = subprocess.run(
        [sys.executable, str(copy / "lab.py"), "help"], env=clean_env(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert "has been ended" in done.stdout
    assert (copy / "labkit/fresh.py").exists() and not (copy / "labkit/gone.py").exists()


def test_inside_a_running_lab_it_says_what_to_do_there(tmp_path):
    copy = fill(tmp_path / "my lab", OLD)
    lock = {"requirements.lock": "numpy==2.2\n"}
    archive = zipped(tmp_path / "new.zip", {**NEW, **lock})
    said = run(copy, archive, env={"JPY_PARENT_PID": "1"})[1]
    assert "without saving" in said and "on Binder, begin a new session" in said


def test_it_can_be_read_by_a_python_of_years_ago_and_needs_nothing_installed():
    tree = ast.parse(CODE.read_text(encoding="utf-8"), feature_version=(3, 8))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom)
                     else [a.name for a in node.names])
    }  # fmt: skip
    assert modules <= sys.stdlib_module_names


def test_the_command_of_labkit_is_the_same_code(monkeypatch, capsys):
    from labkit.app import command

    assert command.main(["update", "a", "b"]) == 1
    assert "python3 lab.py update FILE" in capsys.readouterr().err


def test_every_sentence_is_one_sentence():
    for text in update.SENTENCES.values():
        assert "\n" not in text and not text.endswith(".") and len(text) < 200
