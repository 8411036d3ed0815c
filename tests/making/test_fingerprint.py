"""The name of the code that made the data: deaf to moves and comments, not to what code does."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from labkit.data import data_folder
from labkit.making import fingerprint as maker
from labkit.making.fingerprint import PACKAGE, earlier, files, name_of, recorded


@pytest.fixture
def package(tmp_path):
    """A copy of the sources."""
    return shutil.copytree(PACKAGE, tmp_path / "labkit", ignore=shutil.ignore_patterns("*.pyc"))


def find(package, name):
    (path,) = package.joinpath("people").rglob(name)
    return path


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path.name}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_the_code_that_made_the_data_is_todays_code():
    """When this fails: draw the data anew, or show with ``make --accept`` that nothing changed."""
    assert recorded() == maker.fingerprint()


def test_every_set_was_made_by_one_code():
    """Or by code that ``make --accept`` has shown to draw all of them as stored."""
    made_by = {json.loads(p.read_text())["code"] for p in data_folder().rglob("seeds.json")}
    assert made_by <= {recorded(), *earlier()}, (
        "sets were made by different code: make all of them again"
    )


def test_the_code_that_sets_were_made_by_is_remembered(tmp_path, monkeypatch):
    """A set that is added later has the name of its day; the others keep theirs."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "seeds.json").write_text(json.dumps({"code": name}))
    for name in ("second", "third", "fourth"):
        monkeypatch.setattr(maker, "fingerprint", lambda name=name: name)
        maker.record(tmp_path, "shown")
        assert recorded(tmp_path) == name
    assert earlier(tmp_path) == ["first", "second"]


def test_every_file_below_people_counts(package):
    counted = set(files(package))
    apart = {package / name for name in maker.APART}
    assert set(package.joinpath("people").rglob("*.py")) - apart <= counted
    assert {p.name for p in counted} >= {"codec.py", "align.py", "scene.py", "camera.py"}


def test_what_stands_apart_changes_no_name(package):
    """Pictures of crowds came after the sets; a change of them is no change of any set's code."""
    before = name_of(package)
    for name in maker.APART:
        path = package / name
        path.write_text(path.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")
    assert name_of(package) == before and not {package / n for n in maker.APART} & set(
        files(package)
    )


def test_nothing_that_draws_a_set_knows_what_stands_apart():
    """Or a change there could change a stored byte, and nobody would notice."""
    grimp = pytest.importorskip("grimp")
    graph = grimp.build_graph("labkit", include_external_packages=False)
    apart = {named(name) for name in maker.APART}
    drawing = {named(f.relative_to(PACKAGE).as_posix()) for f in files(PACKAGE)}
    mine = ("labkit.street", "labkit.making.street", "labkit.views")
    for module in apart:
        users = graph.find_downstream_modules(module) - apart
        assert users, "the graph knows the module"
        assert not users & drawing
        others = {user for user in users if not user.startswith(mine)}
        assert not [u for u in others if u.startswith(("labkit.making", "labkit.people"))], others


def named(file):
    """The module of a file of the package."""
    return "labkit." + file.removesuffix(".py").replace("/", ".")


def test_moving_a_file_changes_nothing(package):
    before = name_of(package)
    room = package / "people" / "attic"
    room.mkdir()
    (room / "__init__.py").write_text('"""A new room."""\n')
    moved = find(package, "ears.py")
    found = moved.relative_to(package).with_suffix("").as_posix().replace("/", ".")
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        parent = re.escape("labkit." + found.rsplit(".", 1)[0])
        text = text.replace("labkit." + found, "labkit.people.attic.ears")
        text = re.sub(rf"from {parent} import ears\b", "from labkit.people.attic import ears", text)
        path.write_text(text, encoding="utf-8")
    moved.rename(room / "ears.py")
    assert "labkit.people.attic.ears" in find(package, "head.py").read_text(encoding="utf-8")
    assert name_of(package) == before


def test_comments_docstrings_layout_and_the_order_of_imports_change_nothing(package):
    before = name_of(package)
    path = find(package, "camera.py")
    text = path.read_text(encoding="utf-8")
    assert text.startswith('"""')
    text = '"""Something else."""\n# a comment\n' + text[text.index('"""', 3) + 3 :]
    path.write_text(text + "\n\n\n# the end\n", encoding="utf-8")
    styling = find(package, "styling.py")
    change(styling, "    pick,\n    smooth,\n", "    smooth,\n    pick,\n")
    assert name_of(package) == before


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("people/*/person.py", "AGE_RANGE = (18.0, 85.0)", "AGE_RANGE = (18.0, 85.5)"),
        ("people/*/styling.py", "    pick,\n", "    stream as pick,\n"),
        ("base/codec.py", "QUALITY = 88", "QUALITY = 87"),
        ("base/codec.py", "CROP, TILES = 64, 32", "CROP, TILES = 64, 31"),
        ("base/codec.py", "cv2.COLOR_BGR2RGB", "cv2.COLOR_RGB2BGR"),
        ("matchers/align.py", "PADDING = 0.25", "PADDING = 0.26"),
        ("making/plans.py", "HARD = 0.5", "HARD = 0.4"),
        ("making/studio.py", "SIZE = 160", "SIZE = 161"),
    ],
)
def test_a_changed_constant_changes_the_name(package, file, before, after):
    name = name_of(package)
    (path,) = package.glob(file)
    change(path, before, after)
    assert name_of(package) != name


def test_another_module_of_the_same_function_changes_the_name(package):
    """An import is known by where the name comes from, not by its folder."""
    name = name_of(package)
    path = next(p for p in files(package) if "mesh import " in p.read_text(encoding="utf-8"))
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\.mesh import ", ".strands import ", text, count=1), encoding="utf-8")
    assert name_of(package) != name


def test_a_version_of_a_library_is_part_of_the_name():
    assert name_of(PACKAGE, ["dlib-bin 20.0"]) != name_of(PACKAGE, ["dlib-bin 20.1"])
    assert any("dlib" in name for name in maker.LIBRARIES)


def test_a_missing_file_is_named(package):
    (package / "base" / "codec.py").unlink()
    with pytest.raises(FileNotFoundError, match=r"codec\.py decides stored bytes"):
        name_of(package)


@pytest.mark.parametrize("content", [None, "", "[]", "{}"])
def test_data_that_do_not_say_who_made_them_are_refused(tmp_path, content):
    if content is not None:
        (tmp_path / maker.RECORD).write_text(content)
    with pytest.raises(ValueError, match="make --accept"):
        recorded(tmp_path)
