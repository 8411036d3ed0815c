"""End lab.py's set-up at every moment, and see each time that nothing is lost.

Run by ``test_lab.py`` in a program of its own, which forks: ``python ended.py LAB START FOLDER``.
Before and after every call that changes a file, a fresh copy of the start is set up by a process
that ends itself there, as if killed; then the set-up is run once more.  Prints how many moments
there were.  pip is pretended; all that concerns files is lab.py's own.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib.util
import os
import shutil
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

WHOLE = "whole"  # a file that says: everything is unpacked
STARTS = ("nothing", "earlier", "unfinished", "in .venv", "made, not started again")


def load(path: str, root: Path) -> ModuleType:
    """lab.py for this folder, with a pip that only pretends."""
    spec = importlib.util.spec_from_file_location("lab", path)
    assert spec is not None and spec.loader is not None
    lab: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lab)
    lab.ROOT, lab.VENVS, lab.LINK = str(root), str(root / ".venvs"), str(root / ".venv")

    def pretend(command: list[str]) -> tuple[int, str]:
        if "venv" in command:
            os.makedirs(os.path.join(command[-1], "bin"))
        else:
            made = "half" if "-r" in command else WHOLE
            (Path(command[0]).parent.parent / made).touch()
        return 0, ""

    lab.run_and_listen = pretend
    lab.check_disk = lambda **words: None
    lab.say = lambda text: None
    lab.Installation.works = lambda self: os.path.exists(os.path.join(self.folder, WHOLE))
    return lab


def make(folder: Path, mark: str | None) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "half").touch()
    if mark:
        (folder / WHOLE).touch()
        (folder / "lab-ready").write_text(mark + "\n")


def begin(start: str, root: Path) -> None:
    root.mkdir()
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (root / name).touch()
    if start == "earlier":
        make(root / ".venvs" / "1-1", "earlier")
        (root / ".venv").symlink_to(".venvs/1-1")
    if start == "unfinished":
        make(root / ".venvs" / "1-1", "earlier")
        make(root / ".venvs" / "2-1", None)
    if start == "in .venv":
        make(root / ".venv", "earlier")


def whole(root: Path) -> list[Path]:
    """Installations that are marked; each must be whole."""
    marked = [p.parent for p in [*root.glob(".venvs/*/lab-ready"), *root.glob(".venv/lab-ready")]]
    marked = [p for p in marked if "going-" not in str(p)]
    assert all((p / WHOLE).exists() for p in marked), f"marked, and not whole: {marked}"
    return marked


def watch(lab: ModuleType, moment: int) -> None:
    """End this process at this moment, without a chance to tidy up."""
    seen = 0

    def watched(module: Any, name: str) -> None:
        real = getattr(module, name)

        def call(*words: Any, **named: Any) -> Any:
            nonlocal seen
            for when in ("before", "after"):
                seen += 1
                if seen == moment:
                    os._exit(9)
                if when == "before":
                    out = real(*words, **named)
            return out

        setattr(module, name, call)

    for name in ("mkdir", "rename", "replace", "symlink", "unlink", "rmdir"):
        watched(os, name)
    watched(lab, "run_and_listen")
    watched(builtins, "open")


def child(lab: ModuleType, moment: int) -> int:
    """Set up in a process of its own, ended at this moment (0: never); its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if moment:
                watch(lab, moment)
            one = lab.set_up()
            assert lab.fingerprint() in one.marks() and one.works()
            assert os.path.realpath(lab.LINK) == os.path.realpath(one.folder)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main(path: str, start: str, folder: str) -> None:
    root = Path(folder) / "lab"
    lab = load(path, root)
    for moment in range(1, 10_000):
        shutil.rmtree(root, ignore_errors=True)
        begin(start, root)
        if start == STARTS[-1]:  # the next start removes what was before
            make(root / ".venvs" / "1-1", "earlier")
            assert child(lab, 0) == 0
        before = len(whole(root))
        code = child(lab, moment)
        assert code in (0, 9), f"moment {moment}: {code}"
        assert len(whole(root)) >= min(before, 1), f"moment {moment}: nothing works any more"
        assert child(lab, 0) == 0, f"moment {moment}: the next start fails"
        assert child(lab, 0) == 0
        left = sorted(p.name for p in (root / ".venvs").iterdir() if p.is_dir())
        assert len(left) == 1, f"moment {moment}: left behind {left}"
        with contextlib.suppress(OSError):
            assert not os.readlink(root / ".venv.new")
        if code == 0:
            print(moment)
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
