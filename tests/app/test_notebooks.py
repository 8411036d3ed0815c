"""Notebooks from sources: which cells go where, links, names of cells, and nothing lost."""

from __future__ import annotations

import json

import nbformat
import pytest

from labkit.app import layout, notebooks

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
    (project / "notebooks" / "07_try.ipynb").unlink()
    (project / notebooks.SOLVED / "08_other.ipynb").write_text("{}")
    (project / "notebooks" / "03_old.ipynb").write_text("{}")
    (project / "notebooks" / "mine.ipynb").write_text("{}")
    said = " ".join(notebooks.out_of_step(project))
    assert "07_try.ipynb is missing" in said and "08_other.ipynb differs" in said
    assert "03_old.ipynb has no source" in said and "mine.ipynb" not in said


@pytest.mark.parametrize("how", ["ran", "answered"])
def test_a_notebook_that_was_worked_in_is_kept(project, how):
    notebooks.write(project, say=lambda _: None)
    path = project / "notebooks" / "07_try.ipynb"
    book = json.loads(path.read_bytes())
    code = next(c for c in book["cells"] if c["cell_type"] == "code")
    if how == "ran":
        code["execution_count"] = 3
    else:
        code["source"] = ["answer = 42"]
    worked = json.dumps(book).encode()
    path.write_bytes(worked)
    said = []
    notebooks.write(project, say=said.append)
    aside = list((project / ".lab" / "set-aside").iterdir())
    assert [p.read_bytes() for p in aside] == [worked]
    assert any("had been worked in" in s for s in said)
    assert notebooks.out_of_step(project) == []


def test_a_changed_source_sets_nothing_aside(project):
    notebooks.write(project, say=lambda _: None)
    path = project / notebooks.SOURCE / "07_try.py"
    path.write_text(SOURCE.replace("full = 1", "full = 2"))
    notebooks.write(project, say=lambda _: None)
    assert not (project / ".lab").exists()


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
