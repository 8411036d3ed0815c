"""The frame of all pages: its colours, its stylesheet, and that what it shows is text."""

from __future__ import annotations

import gettext
import itertools
import re
from types import SimpleNamespace

import jinja2
import pytest
from markupsafe import Markup

from labkit.views import page
from labkit.views.identity import palette

SCHEMES = ("light", "dark theme", "dark system")
TEXT, MARKS = ("ink", "quiet", "a", "b"), ("rule", "focus")


def blocks() -> dict[str, dict[str, str]]:
    """Name -> value of each custom property, in each scheme."""
    found = re.findall(r"\{([^{}]*)\}", page.tokens())
    assert len(found) == len(SCHEMES)
    return {
        scheme: dict(re.findall(r"--lab-([a-z]+): ([^;]+);", block))
        for scheme, block in zip(SCHEMES, found, strict=True)
    }


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_guidelines_do():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_text_and_marks_can_be_seen(scheme, ground):
    colours = blocks()[scheme]
    for name, least in [*((n, 4.5) for n in TEXT), *((n, 3.0) for n in MARKS)]:
        assert contrast(colours[name], colours[ground]) >= least, name


def test_a_dark_theme_and_a_dark_system_are_the_same_dark():
    found = blocks()
    colours = {name for name, value in found["light"].items() if value.startswith("#")}
    assert found["dark theme"] == found["dark system"]
    assert set(found["dark theme"]) == colours >= {*TEXT, *MARKS, "paper", "panel", "faint"}
    assert all(found["light"][name] != found["dark theme"][name] for name in colours)


def test_the_stylesheet_has_no_colour_of_its_own_and_asks_for_no_other():
    css = (page.HERE / "page.css").read_text("utf-8")
    assert not re.search(r"#[0-9a-f]{3}|\b(rgb|hsl)a?\(|\b(white|black|gr[ae]y)(?!-)\b", css, re.I)
    asked = set(re.findall(r"var\(--lab-([a-z]+)\)", css))
    assert asked and asked <= set(blocks()["light"])
    assert not re.search(r"@import|url\(", page.style())


def test_static_figures_are_grey_where_pages_are():
    """Text in grey is read on the same white in both."""
    assert contrast(palette()["quiet"], blocks()["light"]["paper"]) >= 4.5


def test_what_is_shown_is_text(tmp_path):
    """Every part escapes what it is given, also within an attribute."""
    template = tmp_path / "all.html.j2"
    template.write_text(
        '{% extends "base.html.j2" %}'
        '{% from "parts.html.j2" import bullets, cards, contents, figure, glossary, lines %}'
        '{% from "parts.html.j2" import note, section, table %}'
        "{% block contents %}{{ contents({bad: bad}) }}{% endblock %}"
        "{% block main %}{% call section(bad, bad) %}{{ bullets([bad]) }}{{ note(bad) }}"
        "{{ lines([line]) }}{{ glossary([(entry, bad)]) }}"
        "{{ table(t) }}{{ figure(f) }}{{ cards([card]) }}{% endcall %}{% endblock %}",
        encoding="utf-8",
    )
    bad = "<b x='\">&"
    table = SimpleNamespace(
        caption=bad,
        heads=[SimpleNamespace(name=bad, number=n) for n in (False, True)],
        rows=[[bad, bad]],
        thin=(),
        terms=True,
    )
    line = SimpleNamespace(name=bad, text=bad)
    entry = SimpleNamespace(id=bad, forms=(bad,))
    mark = SimpleNamespace(name="text", attributes={"x": bad}, text=bad)
    looks = {"name": bad, "title": bad, "said": bad, "width": 1, "height": 2.0, "marks": [mark]}
    figure = SimpleNamespace(**looks, phone=SimpleNamespace(**looks))
    card = SimpleNamespace(name=bad, value=bad, text=bad)
    shown = {"t": table, "f": figure, "line": line, "entry": entry, "card": card}
    said = page.render(template, title=bad, bad=bad, **shown)
    body = re.sub(r"<style>.*?</style>", "", said, flags=re.S)
    assert "<b x" not in body and "='\">" not in body
    assert body.count("&lt;b x=&#39;&#34;&gt;&amp;") == 36


def test_words_of_parts_are_linked_where_a_page_has_a_glossary(tmp_path):
    template = tmp_path / "page.html.j2"
    template.write_text(
        '{% extends "base.html.j2" %}{% from "parts.html.j2" import note, table with context %}'
        "{% block main %}{{ note(said) }}{{ table(t) }}{% endblock %}",
        encoding="utf-8",
    )
    heads = [SimpleNamespace(name="FMR", number=n) for n in (False, True)]

    def shown(terms: bool) -> str:
        t = SimpleNamespace(caption="FMR", heads=heads, rows=[["FMR", "1"]], thin=(), terms=terms)

        def linked(text: str) -> Markup:
            return Markup("<i>%s</i>") % text

        return page.render(template, linked=linked, title="x", said="FMR", t=t)

    assert shown(True).count("<i>FMR</i>") == 4 and shown(False).count("<i>FMR</i>") == 3
    assert 'data-label="FMR"' in shown(True), "what a screen reader says has no markup"


def test_a_name_that_was_not_given_is_an_error_and_no_gap(tmp_path):
    template = tmp_path / "gap.html.j2"
    template.write_text('{% extends "base.html.j2" %}{% block main %}{{ nobody }}{% endblock %}')
    with pytest.raises(jinja2.UndefinedError, match="nobody"):
        page.render(template, title="x")


def test_the_parts_of_a_table():
    """Numbers to the right, greyed rows, short names whole, and a long table may be torn apart."""
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(page.HERE), autoescape=True)
    made.globals.update(_=str)
    made.filters["linked"] = str
    parts = made.get_template("parts.html.j2").module

    def table(rows, thin=()):
        heads = [SimpleNamespace(name="who", number=False), SimpleNamespace(name="n", number=True)]
        return str(
            parts.table(
                SimpleNamespace(caption="c", heads=heads, rows=rows, thin=thin, terms=False)
            )
        )

    said = table([["a" * 16, "1"], ["b" * 17, "2"]], [False, True])
    rows = re.findall(r"<tr.*?</tr>", said, re.S)
    assert [("thin" in row, 'class="s"' in row) for row in rows[1:]] == [
        (False, True),
        (True, False),
    ]
    assert re.findall(r'<th scope="col"[^>]*>', said)[1].count('class="n"') == 1
    assert all('class="n"' in cell for cell in re.findall(r"<td[^>]*>", said))
    assert "few" in said
    assert "few" in table([["a", "1"]] * 12) and "few" not in table([["a", "1"]] * 13)
    assert "<details>" in table([["a", "1"]] * 11) and "<details>" not in table([["a", "1"]] * 10)


def test_the_page_says_which_language_it_is_in(monkeypatch):
    class Spanish(gettext.NullTranslations):
        def info(self):
            return {"language": "es"}

    assert '<html lang="en">' in page.render(page.HERE / "base.html.j2", title="x")
    monkeypatch.setattr(page, "translations", Spanish)
    assert '<html lang="es">' in page.render(page.HERE / "base.html.j2", title="x")


def test_every_part_says_what_it_is_for():
    lines = (page.HERE / "parts.html.j2").read_text("utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        if line.startswith("{% macro"):
            assert before.endswith("#}"), line
