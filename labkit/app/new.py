"""New parts of the lab, from skeletons that work and keep every rule: ``python -m labkit new``.

In: what, and its name.  Out: new files, to be replaced bit by bit.  A name that is taken or is no
name is refused before anything is written, and nothing half-written is left behind.
"""

from __future__ import annotations

import contextlib
import json
import keyword
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labkit.app import notebooks
from labkit.app.rules import KINDS
from labkit.base.files import write_whole

NAME = re.compile(r"\d\d_[a-z][a-z0-9_]*")
WORD = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MISTAKES = Path("tests") / "lessons" / "mistakes.json"
"""What each exercise means, held apart from the exercise by the tests."""


def notebook(name: str, kind: str = "working", project: Path | None = None) -> list[Path]:
    """A notebook: its source and its lesson, with as many exercises as its kind asks for.

    Parameters
    ----------
    name
        Two digits and words, ``"06_one_factor"``.
    kind
        One of :data:`labkit.app.rules.KINDS`.
    project
        The project's folder.

    Returns
    -------
    list of Path
        What was written, the generated notebooks and the line in the README included.

    Raises
    ------
    ValueError
        With one sentence, when the name cannot be used or the kind is not known.
    """
    project = notebooks.root() if project is None else project
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name for a notebook: write two digits and small letters, like"
            " 06_one_factor"
        )
    if kind not in KINDS:
        raise ValueError(f"there is no kind {kind!r} of notebook: use {', '.join(KINDS)}")
    number, _, words = name.partition("_")
    source, lesson = project / notebooks.SOURCE, project / "lessons" / f"nb{number}"
    there = [p for p in (*source.glob(f"{number}_*.py"), lesson) if p.exists()]
    if there:
        raise ValueError(f"the number {number} is taken by {there[0]}: choose another")
    given = {
        "number": number,
        "title": words.replace("_", " ").capitalize(),
        "kind": kind,
        "minutes": KINDS[kind].minutes[1],
        "last": "abc"[KINDS[kind].exercises - 1],
    }
    files = {
        source / f"{name}.py": _made("notebook.py", given),
        lesson / "exercises.py": _made("exercises.py", given),
        lesson / "words.py": _made("words.py", given),
        lesson / "__init__.py": f'"""Notebook {number}."""\n',
    }
    meaning = project / MISTAKES
    if meaning.is_file():
        pins = json.loads(meaning.read_text(encoding="utf-8"))
        pins |= json.loads(_made("mistakes.json", given))
        files[meaning] = json.dumps(dict(sorted(pins.items())), indent=1, ensure_ascii=False) + "\n"
    return _write(files) + notebooks.write(project, say=lambda sentence: None)


def matcher(name: str, project: Path | None = None) -> list[Path]:
    """A matcher: its file and its entry in the registry.

    Parameters
    ----------
    name
        The name of its file, ``"blocks"``; its class and its entry are called ``Blocks``.
    project
        The project's folder.

    Raises
    ------
    ValueError
        With one sentence, when the name cannot be used.
    """
    from labkit.matchers import MATCHERS

    project = notebooks.root() if project is None else project
    room = project / "labkit" / "matchers"
    entry = _class(name, "matcher", "blocks")
    _refuse_taken(name, room / f"{name}.py")
    if entry.lower() in map(str.lower, MATCHERS):
        raise ValueError(f"there is a matcher {name} in the registry: choose another name")
    registry = room / "registry.py"
    given = {"name": name, "class": entry}
    text = registry.read_text(encoding="utf-8")
    text = _insert(text, "_KNOWN = {\n", _made("matcher_maker", given), registry)
    text = _insert(text, "    )\n}\n\nMATCHERS: ", _made("matcher_entry", given), registry)
    return _write({room / f"{name}.py": _made("matcher.py", given), registry: text})


def explorer(name: str, project: Path | None = None) -> list[Path]:
    """An explorer: its class, its ES module and its entry in the registry.

    Parameters
    ----------
    name
        What notebooks call, ``"steps"``; its class is called ``StepsExplorer``.
    project
        The project's folder.

    Raises
    ------
    ValueError
        With one sentence, when the name cannot be used.
    """
    project = notebooks.root() if project is None else project
    room = project / "labkit" / "views" / "explorers"
    given = {
        "name": name,
        "class": _class(name, "explorer", "steps"),
        "title": name.replace("_", " ").capitalize(),
    }
    places = [room / f"_{name}.py", room / f"{name}.js", room / f"{name}.py"]
    _refuse_taken(name, *places)
    registry, kind = room / "__init__.py", f"{given['class']}Explorer"
    text = registry.read_text(encoding="utf-8")
    imports = re.findall(r"^from labkit\.views\.explorers\._\w+ import .*\n", text, re.MULTILINE)
    more = f"from labkit.views.explorers._{name} import {kind}, {name}\n"
    text = text.replace("".join(imports), "".join(sorted([*imports, more])))
    text = _insert(text, "        )\n    }\n)\n", f"            {kind},\n", registry)
    text = _insert(text, '    "pair_facts",\n', f'    "{name}",\n', registry)
    text = _insert(text, "]\n", f'    "{kind}",\n', registry)
    return _write(
        {
            places[0]: _made("explorer.py", given),
            places[1]: _made("explorer.js", given),
            registry: text,
        }
    )


def _class(name: str, what: str, example: str) -> str:
    """The class of a file: ``two_words`` becomes ``TwoWords``."""
    if not WORD.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(
            f"{name!r} is no name for a new {what}: write small letters, digits and _, like"
            f" {example}"
        )
    return "".join(part.capitalize() for part in name.split("_"))


def _refuse_taken(name: str, *places: Path) -> None:
    for path in places:
        if path.exists():
            raise ValueError(f"the name {name} is taken by {path}: choose another")


def _insert(text: str, before: str, new: str, path: Path) -> str:
    """Text with something put in before a place that is there once."""
    if text.count(before) != 1:
        raise ValueError(f"{path} is not as it was: no place for a new entry in it, add it by hand")
    return text.replace(before, new + before)


def _made(skeleton: str, given: Mapping[str, Any]) -> str:
    """A skeleton with names and numbers put in."""
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("labkit.app", "skeletons"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # it makes Python, not a page
    )
    return templates.get_template(f"{skeleton}.j2").render(given)


def _write(files: Mapping[Path, str]) -> list[Path]:
    """All of these files, or, where one cannot be written, what was there before."""
    before = {path: path.read_bytes() if path.is_file() else None for path in files}
    try:
        for path, text in files.items():
            write_whole(path, text.encode())
    except BaseException:
        for path, content in before.items():
            if content is not None:
                write_whole(path, content)
                continue
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # a folder that holds more stays
                path.parent.rmdir()
        raise
    return list(files)
