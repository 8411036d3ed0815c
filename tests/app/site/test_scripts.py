"""Modules become classic scripts that do the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.app.site import scripts
from labkit.app.site.frame import HERE
from labkit.views import explorers

from ...views.test_javascript import node  # noqa: F401

Node = Callable[..., subprocess.CompletedProcess]


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def said(node: Node, script: str, folder: Path) -> list:  # noqa: F811
    """What a script printed, each line as JSON; run as a browser runs a classic script."""
    file = folder / "whole.cjs"
    file.write_text(f"globalThis.window = globalThis;\n{script}", encoding="utf-8")
    done = node(str(file))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_names_of_one_module_cannot_meet_those_of_another(node: Node, tmp_path: Path) -> None:  # noqa: F811
    write(
        tmp_path,
        one="const secret = 1;\nexport const first = () => secret;\n",
        two='import { first } from "./one.js";\nconst secret = 2;\n'
        "export function both() {\n  return [first(), secret];\n}\n",
        all='import { both as pair } from "./two.js";\nimport { first } from "./one.js";\n'
        "console.log(JSON.stringify([...pair(), first()]));\n",
    )
    assert said(node, scripts.bundle(tmp_path / "all.js"), tmp_path) == [[1, 2, 1]]


def test_every_form_of_export_and_import_is_understood(node: Node, tmp_path: Path) -> None:  # noqa: F811
    write(
        tmp_path,
        forms="export class One {}\nexport async function two() {}\nexport function* three() {}\n"
        "const four = 4;\nconst five = 5;\nexport { four, five as fifth };\n"
        "export default { six: 6 };\n",
        all='import "./forms.js";\nimport {\n  One,\n  two,\n  three,\n  four,\n  fifth,\n'
        '} from "./forms.js";\n'
        "console.log(JSON.stringify([One.name, two.name, three.name, four, fifth]));\n",
    )
    whole = scripts.bundle(tmp_path / "all.js")
    assert said(node, whole, tmp_path) == [["One", "two", "three", 4, 5]]


def test_a_module_runs_once_however_many_ask_for_it(node: Node, tmp_path: Path) -> None:  # noqa: F811
    write(
        tmp_path,
        base='console.log(JSON.stringify("base"));\nexport const x = 1;\n',
        one='import { x } from "./base.js";\nexport const y = x;\n',
        two='import { x } from "./base.js";\nimport { y } from "./one.js";\n'
        "console.log(JSON.stringify(x + y));\n",
    )
    whole = scripts.bundle(tmp_path / "one.js", tmp_path / "two.js")
    assert said(node, whole, tmp_path) == ["base", 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('import all from "./one.js";\n', "cannot be put into one script"),
        ('import { a } from "package";\n', "cannot be put into one script"),
        ("export let changing = 1;\n", "cannot be put into one script"),
        ('import { a } from "./missing.js";\n', "not there"),
        ('import { a } from "./one.js";\n', "imports itself"),
    ],
)
def test_what_cannot_be_bundled_is_said_in_one_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    write(tmp_path, one=text)
    with pytest.raises(ValueError, match=words) as error:
        scripts.bundle(tmp_path / "one.js")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", explorers.ALL)
def test_the_script_of_each_explorer_gives_what_draws_it(
    node: Node,  # noqa: F811
    tmp_path: Path,
    name: str,
) -> None:
    end = f'console.log(JSON.stringify(typeof window.labExplorers["{name}"].render));\n'
    assert said(node, scripts.explorer(name) + end, tmp_path) == ["function"]


def test_the_scripts_of_all_pages_can_be_read_and_have_no_module_left(
    node: Node,  # noqa: F811
    tmp_path: Path,
) -> None:
    file = tmp_path / "site.cjs"
    file.write_text(scripts.bundle(HERE / "js" / "site.js"), encoding="utf-8")
    assert node("--check", str(file)).returncode == 0


def test_the_style_sheet_has_what_outputs_of_notebooks_leave_out() -> None:
    sheet = scripts.sheet()
    for part in ("--lab-paper", ".lab-callout", ".lab-figure", "@media print", ".site"):
        assert part in sheet, part
