"""Notebooks from sources: which cells go where, links, names of cells, and nothing lost."""

from __future__ import annotations

import json
from datetime import date

import nbformat
import pytest

from labkit.app import layout, notebooks, update

SOURCE = """\
# %% [markdown] tags=["core"]
# # Title
#
# **Minutes:** core 10, full 80
# **Kind:** working
#
# An [impostor](glossary.md#impostor), [more](08_other.ipynb), [a picture](../docs/x.webp),
# [here](#title) and [there](https://example.org/a.md).

# %% tags=["core"]
import labkit

# %%
full = 1

# %% tags=["core", "exercise"]
answer = ...

# %% [markdown] tags=["solution"]
# Because.

# %% tags=["core", "solution"]
answer = 1

# %%
full = 1
"""


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / notebooks.SOURCE
    folder.mkdir(parents=True)
    (folder / "07_try.py").write_text(SOURCE)
    (folder / "08_other.py").write_text("# %% [markdown]\n# # Other\n")
    (folder / "helper.py").write_text("not a notebook: its name has no number\n")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "glossary.md").write_text("# Glossary\n")
    return tmp_path


def sources(path):
    return ["".join(c["source"]) for c in json.loads(path.read_bytes())["cells"]]


def test_each_form_has_its_cells(project, tmp_path):
    notebooks.write(project, say=lambda _: None)
    core = tmp_path / "elsewhere" / "core"
    notebooks.write(project, core, say=lambda _: None)
    tail = {
        project / "notebooks": ["import labkit", "full = 1", "answer = ...", "full = 1"],
        project / notebooks.SOLVED: [
            "import labkit",
            "full = 1",
            "Because.",
            "answer = 1",
            "full = 1",
        ],
        core: ["import labkit", "answer = ..."],
    }
    for folder, expected in tail.items():
        expected[0] = f"{layout.SET_UP}\n{expected[0]}"
        assert sources(folder / "07_try.ipynb")[1:] == expected
        book = nbformat.read(folder / "07_try.ipynb", as_version=4)
        hidden = [c.metadata.get("jupyter", {}).get("source_hidden") for c in book.cells]
        assert hidden == [None, True] + [None] * (len(expected) - 1)
        nbformat.validate(nbformat.read(folder / "07_try.ipynb", as_version=4))
    assert (core / "glossary.md").read_text() == "# Glossary\n"
    assert len(list((project / "notebooks").glob("*.ipynb"))) == 2


def test_links_fit_the_place(project):
    notebooks.write(project, say=lambda _: None)
    core = project / "core"
    notebooks.write(project, core, say=lambda _: None)
    opened = sources(project / "notebooks" / "07_try.ipynb")[0]
    assert "(glossary.md#impostor)" in opened and "(../docs/x.webp)" in opened
    solved = sources(project / notebooks.SOLVED / "07_try.ipynb")[0]
    assert "(../../notebooks/glossary.md#impostor)" in solved
    assert "(08_other.ipynb)" in solved and "(../../docs/x.webp)" in solved
    in_core = sources(core / "07_try.ipynb")[0]
    assert "(glossary.md#impostor)" in in_core and "(../docs/x.webp)" in in_core
    for text in (opened, solved, in_core):
        assert "(#title)" in text and "(https://example.org/a.md)" in text
    assert "> `10 min` `working`\n" in in_core and "> `core 10 min` `full 80 min` " in opened


def test_sections_outside_the_core_say_so(project):
    path = project / notebooks.SOURCE / "07_try.py"
    more = "\n# %% [markdown]\n# End.\n#\n# ## More\n#\n# ### Details\n#\n# Text.\n"
    path.write_text(
        SOURCE.replace("# %%\nfull", '# %% [markdown] tags=["core"]\n# ## In\n\n# %%\nfull', 1)
        + more
    )
    notebooks.write(project, say=lambda _: None)
    core = project / "core"
    notebooks.write(project, core, say=lambda _: None)
    for folder in (project / "notebooks", project / notebooks.SOLVED):
        cells = sources(folder / "07_try.ipynb")
        assert "## In" in cells
        assert cells[-1] == "End.\n\n## More\n\n`full form`\n\n### Details\n\nText."
        assert sum(layout.FULL_ONLY in c for c in cells) == 1
    assert layout.FULL_ONLY not in (core / "07_try.ipynb").read_text()


def test_the_same_source_gives_the_same_bytes_and_names_stay(project):
    path = project / notebooks.SOURCE / "07_try.py"
    first = notebooks.build(path, "open", project / "notebooks", project)
    assert first == notebooks.build(path, "open", project / "notebooks", project)
    names = [c["id"] for c in json.loads(first)["cells"]]
    assert len(set(names)) == len(names), "two equal cells have names of their own"
    path.write_text(SOURCE.replace("import labkit\n", "import labkit\n\n# %%\nnew = 1\n"))
    again = notebooks.build(path, "open", project / "notebooks", project)
    after = [c["id"] for c in json.loads(again)["cells"]]
    assert [n for n in after if n in names] == names, "a new cell renames no other"


def test_nothing_is_written_twice(project):
    assert len(notebooks.write(project, say=lambda _: None)) == 4
    assert notebooks.write(project, say=lambda _: None) == []
    assert notebooks.out_of_step(project) == []


def test_what_is_out_of_step_is_named(project):
    notebooks.write(project, say=lambda _: None)
    (project / "notebooks" / "mine.ipynb").write_text("{}")
    for name, old in (("07_try", "full = 1"), ("08_other", "# # Other")):
        path = project / notebooks.SOURCE / f"{name}.py"
        path.write_text(path.read_text().replace(old, old + " now"))
    (project / "notebooks" / "07_try.ipynb").unlink()
    (project / notebooks.SOURCE / "08_other.py").rename(project / notebooks.SOURCE / "06_new.py")
    said = " ".join(notebooks.out_of_step(project))
    assert "07_try.ipynb is missing" in said and "solutions/07_try.ipynb differs" in said
    assert "notebooks/08_other.ipynb has no source" in said and "mine.ipynb" not in said


def book_of(project, name="07_try"):
    return project / "notebooks" / f"{name}.ipynb"


def saved(book):
    """A notebook as JupyterLab saves it: its stamps, its layout."""
    book["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
    book["metadata"]["language_info"] = {"name": "python", "version": "3.11.7", "file_extension": 1}
    for cell in book["cells"]:
        cell["metadata"]["scrolled"] = True
        cell["source"] = "".join(cell["source"])
    return json.dumps(book, indent=2).encode()


def ran(book):
    book["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["1"]}]


def answered(book):
    next(c for c in book["cells"] if c["source"] == ["answer = ..."])["source"] = ["answer = 42"]


def changed_text(book):
    book["cells"][0]["source"].append("My thoughts.")


def added_note(book):
    book["cells"].append({"cell_type": "markdown", "id": "x", "metadata": {}, "source": ["mine"]})


def added_code(book):
    book["cells"].insert(
        1,
        {"cell_type": "code", "id": "y", "metadata": {}, "source": ["mine"], "outputs": [],
         "execution_count": None},
    )  # fmt: skip


def moved(book):
    book["cells"].reverse()


def took_away(book):
    del book["cells"][-1]


def pasted(book):
    book["cells"][0]["attachments"] = {"me.png": {"image/png": "abc"}}


def tagged(book):
    book["cells"][0]["metadata"]["tags"] = ["core", "look again"]


WORKED = [tagged, ran, answered, changed_text, added_note, added_code, moved, took_away, pasted]


@pytest.mark.parametrize("how", WORKED, ids=lambda f: f.__name__)
def test_a_notebook_that_was_worked_in_is_kept_where_its_owner_sees_it(project, how):
    """Finding: only a changed code cell, or a kernel's stamp, saved a notebook; text was lost."""
    notebooks.write(project, say=lambda _: None)
    path = book_of(project)
    book = json.loads(path.read_bytes())
    how(book)
    worked = saved(book)
    path.write_bytes(worked)
    assert notebooks.learners(project) == [path.relative_to(project)]
    said = []
    notebooks.write(project, say=said.append)
    copy = path.parent / "yours" / f"07_try {date.today().isoformat()}.ipynb"
    assert copy.read_bytes() == worked
    assert any("you worked in it" in s and str(copy) in s for s in said)
    assert notebooks.out_of_step(project, strict=True) == [] and not notebooks.learners(project)


def test_what_is_no_notebook_at_all_is_kept_too(project):
    notebooks.write(project, say=lambda _: None)
    for content in (b"{}", b"my notes", b"\xff\xfe", b"[" * 100_000, b'{"cells": 3}'):
        book_of(project).write_bytes(content)
        notebooks.write(project, say=lambda _: None)
        assert content in [p.read_bytes() for p in (project / "notebooks/yours").iterdir()]


def test_a_notebook_that_only_jupyterlab_changed_is_not_kept(project):
    notebooks.write(project, say=lambda _: None)
    path = book_of(project)
    path.write_bytes(saved(json.loads(path.read_bytes())))
    assert notebooks.learners(project) == [] and notebooks.out_of_step(project, strict=False) == []
    assert "07_try.ipynb differs" in " ".join(notebooks.out_of_step(project, strict=True))
    notebooks.write(project, say=lambda _: None)
    assert not (project / "notebooks" / "yours").exists()


def test_the_same_work_is_kept_once_and_other_work_beside_it(project):
    notebooks.write(project, say=lambda _: None)
    path, made = book_of(project), book_of(project).read_bytes()
    for text in ("one", "one", "two"):
        book = json.loads(made)
        book["cells"][0]["source"] = [text]
        path.write_bytes(saved(book))
        notebooks.write(project, say=lambda _: None)
    names = sorted(p.name for p in (project / "notebooks/yours").iterdir())
    day = date.today().isoformat()
    assert names == [f"07_try {day} (2).ipynb", f"07_try {day}.ipynb"]


@pytest.mark.parametrize("how", ["renamed", "new", "copied"])
def test_a_notebook_of_the_learners_own_stays_where_it_is(project, how):
    """Finding: notebooks/09_my_own.ipynb was taken out of the folder."""
    notebooks.write(project, say=lambda _: None)
    own = book_of(project, "09_my_own")
    if how == "renamed":
        book_of(project).rename(own)
    elif how == "copied":
        own.write_bytes(book_of(project).read_bytes())
    else:
        own.write_bytes(b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    content = own.read_bytes()
    notebooks.write(project, say=lambda _: None)
    assert own.read_bytes() == content and notebooks.out_of_step(project, strict=True) == []


@pytest.mark.parametrize("strict", [True, False])
def test_a_check_passes_over_what_is_the_learners_unless_it_is_strict(project, monkeypatch, strict):
    """Finding: the tests were red for anyone who had done a lesson."""
    monkeypatch.setenv("CI", "true" if strict else "")
    notebooks.write(project, say=lambda _: None)
    book = json.loads(book_of(project).read_bytes())
    answered(book)
    book_of(project).write_bytes(saved(book))
    problems = notebooks.out_of_step(project)
    assert problems == ([f"{notebooks.OPEN}/07_try.ipynb differs from its source"] * strict)
    source = project / notebooks.SOURCE / "07_try.py"
    source.write_text(source.read_text().replace("full = 1", "full = 2"))
    notebooks.write(project, say=lambda _: None)
    book_of(project).write_bytes(saved(book))  # theirs is of an earlier source
    assert notebooks.out_of_step(project) == problems
    said = notebooks.passed_over(project)
    assert said == "passed over, because you worked in them: notebooks/07_try.ipynb"


def test_a_glossary_with_notes_is_kept_beside_a_core_edition(project):
    core = project / "core"
    notebooks.write(project, core, say=lambda _: None)
    (core / "glossary.md").write_text("# Glossary\n\nMy notes.\n")
    notebooks.write(project, core, say=lambda _: None)
    (kept,) = (core / "yours").iterdir()
    assert "My notes." in kept.read_text() and "My" not in (core / "glossary.md").read_text()


def test_the_way_a_notebook_is_known_is_part_of_its_valid_form(project):
    notebooks.write(project, say=lambda _: None)
    content = book_of(project).read_bytes()
    nbformat.validate(nbformat.reads(content.decode(), as_version=4))
    assert update.mark_of(content) and not update.is_theirs(content, "07_try")
    assert update.is_theirs(content, "07_try-Copy1"), "a copy under another name is theirs"


def test_a_changed_source_sets_nothing_aside(project):
    notebooks.write(project, say=lambda _: None)
    path = project / notebooks.SOURCE / "07_try.py"
    path.write_text(SOURCE.replace("full = 1", "full = 2"))
    notebooks.write(project, say=lambda _: None)
    assert not list(project.rglob("yours"))


def test_a_notebook_without_a_source_goes(project):
    notebooks.write(project, say=lambda _: None)
    (project / notebooks.SOURCE / "08_other.py").unlink()
    notebooks.write(project, say=lambda _: None)
    assert not (project / "notebooks" / "08_other.ipynb").exists()
    assert notebooks.out_of_step(project) == []


@pytest.mark.parametrize(
    ("tags", "says"),
    [('["corre"]', "has the tag 'corre'"), ('["exercise", "solution"]', "choose one")],
)
def test_a_wrong_tag_is_named(project, tags, says):
    (project / notebooks.SOURCE / "08_other.py").write_text(f"# %% tags={tags}\n1\n")
    with pytest.raises(ValueError, match=r"08_other.py: cell 1 .*") as error:
        notebooks.write(project, say=lambda _: None)
    assert says in str(error.value)
    assert not list((project / "notebooks").glob("*.ipynb")), "nothing is half-made"


def test_other_forms_do_not_exist(project):
    path = project / notebooks.SOURCE / "07_try.py"
    with pytest.raises(ValueError, match="there is no form 'closed'"):
        notebooks.build(path, "closed", project, project)


def test_the_head_is_a_card_and_exercises_and_guesses_carry_their_signs() -> None:
    """What a learner will do and need stands in one quoted block, up to the next heading."""
    head = "# T\n\n**Minutes:** core 5, full 9\n\n**Kind:** reading\n\n**You will**\n\n- a"
    head += "\n\n## N\n\nText."
    shown = layout.prose(head, ["core"])
    assert shown == (
        "# T\n\n> `core 5 min` `full 9 min` `reading`\n>\n> **You will**\n>\n> - a\n\n## N\n\nText."
    )
    words = "**Predict before you run:** take\n\n**Exercise 03-b (choose).** Which?"
    assert layout.prose(words, ["core"]).splitlines() == [
        "◇ **Predict before you run:** take",
        "",
        "✎ **Exercise 03-b.** Which?",
    ]


def test_the_readme_says_how_many_claims_are_measured_and_is_made_with_the_notebooks() -> None:
    from labkit.published.claims import count_claims

    old = "Before.\n<!-- claims -->\nOf 7 claims\n<!-- /claims -->\nAfter.\n"
    new = notebooks.with_claims(old)
    assert new.startswith("Before.\n<!-- claims -->\nOf ") and new.endswith("-->\nAfter.\n")
    assert count_claims().words in " ".join(new.split())
    assert notebooks.with_claims("no marks") == "no marks"
    assert notebooks.with_claims(new) == new
