"""The published record as one page that can be searched: every row with its source.

In: the tables of :mod:`labkit.published`.  Out: ``record/index.html``: a row for each figure,
claim, decision and case, with its date, what became of it, who says so and how that was checked.
Nothing of a row is left out, and nobody who was misidentified is named in the tables.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from labkit import published
from labkit.app import notebooks
from labkit.app.products import Product
from labkit.app.site import prose as texts
from labkit.app.site.frame import way
from labkit.app.site.rows import spoken
from labkit.base.dates import in_words
from labkit.base.words import N_, _
from labkit.published.arrests import UNREAD, told
from labkit.published.claims import DOCUMENTS, VERDICTS, count_claims, verdict
from labkit.published.reading import HEADINGS, OTHER_HEADINGS, figure
from labkit.published.record import COLUMNS, FIGURE_TABLES, STATISTICS, VERIFIED
from labkit.published.sides import SIDES

if TYPE_CHECKING:
    from labkit.app.site.frame import Site

HERE = Path(__file__).resolve().parent
AT = "record/index.html"
OF_CODE = re.compile(r"\s*[^.:]*:\s+`what_to_ask\(\)`\.")
"""The sentence of notebook 01 that leads to code."""

TITLES = {
    "claims": N_("The claims of 2018 and 2019"),
    "arguments": N_("The best arguments of both sides"),
    "congress_test": N_("Tests on politicians and athletes"),
    "aws_docs": N_("What Amazon's guide said, and when"),
    "policies": N_("Laws, bans and decisions"),
    "courts": N_("In court"),
    "remedies": N_("If it happened to you"),
    "wrongful_arrests": N_("Arrests of the wrong person"),
    "stops": N_("Stopped, searched or turned away"),
    "probes": N_("Pictures that police have searched with"),
    "live_trials": N_("Trials and tests of police face search"),
    "searches": N_("Searches of one face among many"),
    "human_review": N_("People who compare faces"),
    "nist": N_("Findings of NIST, 2019"),
    "gender_shades": N_("Gender Shades, 2018"),
    "actionable_auditing": N_("The audit that followed"),
    "vendors": N_("What a maker prints about its models"),
    "mobility": N_("Places that single people out"),
    "skin_tone_scales": N_("A scale of skin tones"),
}
"""The tables in the order of the page, and what stands above each."""

HEAVY = {
    "wrongful_arrests": N_(
        "These rows tell what happened to people who were arrested and had not done it. Nobody is"
        " named, what they were accused of is not repeated, and the words of the police stand"
        " beside their own."
    ),
    "stops": N_(
        "These rows tell of people who were stopped, searched or sent out, children among them."
        " Nobody is named."
    ),
}
"""Tables that are folded until somebody wants to read them, and what is said first."""

STATES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "claims": ("status", N_("state"), published.STATUS),
    "arguments": ("side", N_("side"), tuple(SIDES)),
    "policies": (
        "state",
        N_("still so?"),
        (
            N_("no end known"),
            N_("changed"),
            N_("ended"),
            N_("repealed"),
            N_("repealed in part"),
            N_("single act"),
        ),
    ),
    "courts": (
        "won",
        N_("for whom"),
        (
            N_("those who objected"),
            N_("police or company"),
            N_("in part"),
            N_("settled"),
            N_("pending"),
        ),
    ),
    "wrongful_arrests": (
        "status",
        N_("state"),
        (
            N_("dropped"),
            N_("settled"),
            N_("suit dismissed"),
            N_("disputed"),
            N_("open"),
        ),
    ),
    "stops": (
        "error",
        N_("what was wrong"),
        (N_("false match"), N_("wrong entry on the list"), N_("not clear")),
    ),
}
"""Table -> the column that says a side or a state, its heading, and what it can hold."""

SAID = {"confirmed": N_("confirmed"), "one source": N_("one source"), "corrected": N_("corrected")}
"""States of claims, for translators."""

MORE_HEADINGS = {
    "used_for": N_("what it was used for"),
    "witness": N_("a person, too, chose or confirmed"),
    "citation": N_("citation"),
    "gallery": N_("searched among"),
    "threshold": N_("at a setting of"),
    "reply_date": N_("date of the reply"),
    "reply_source": N_("where the reply stands"),
    "where": N_("where it was checked"),
    "commit": N_("version of the guide"),
    "value": N_("value"),
    "unit": N_("unit"),
    "red": N_("red"),
    "green": N_("green"),
    "blue": N_("blue"),
    "a": N_("a*"),
    "b": N_("b*"),
    "seed": N_("document"),
    "until": N_("until"),
}
"""What stands above columns that notebooks do not show."""

OWN_HEADINGS = {
    "claims": {"who": N_("who says it"), "words": N_("the claim, in our words")},
    "policies": {"until": N_("ended or changed")},
    "wrongful_arrests": {"words": N_("the person, in their own words")},
    "stops": {"words": N_("the person, in their own words")},
    "arguments": {"argument": N_("in short, by us"), "reply": N_("the reply, in short, by us")},
}
"""Where a heading of this page differs for one table."""

QUOTED = ("words", "reply_words")
BOTH_SIDES = {"wrongful_arrests": ("words", "police_say"), "probes": ("police_say",)}
"""Columns that are shown also where nothing was found, so that neither side is passed over."""

ORDER = {
    "wrongful_arrests": (
        *"place agency used_for held outcome status words police_say witness".split(),
        "race_as_reported",
    )
}
"""Where the page has another order of columns than the file: whom it happened to speaks first."""

END = ("source", "read_in", "verified", "conflict", "note")
NAME = re.compile(r"(?<![\w-])[a-z]\w*(?:-\w+)+(?![\w-])")
"""What may be the name of a row, within a text."""

COUNTED = {
    "all": N_("All {all} rows are shown."),
    "some": N_("{shown} of {all} rows fit."),
    "one": N_("1 of {all} rows fits."),
    "most": N_("No row has all {of} words; those that have {have} of them: {shown} of {all} rows."),
    "none": N_("None of the {all} rows fits: try fewer words, or another table."),
    "count": N_("{shown} of {all} rows"),
}
"""What is said after each key that is pressed."""


@dataclass(frozen=True)
class Row:
    """One row of the page.

    Parameters
    ----------
    id
        Its address within the page: table and name, for one name can stand in two tables.
    name
        Its name in the table.
    title, date
        What it is, and when.
    state
        What its column of :data:`STATES` holds; empty where the table has none.
    check
        One of :data:`~labkit.published.record.VERIFIED`.
    facts
        Heading and text of whatever else the table holds of it, and whether the text is in the
        site's language (most are in English).
    source, read_in, note, conflict
        Who says so, where that was read, what must be known, and what another source says.
    """

    id: str
    name: str
    title: str
    date: str
    state: str
    check: str
    facts: Sequence[tuple[str, Markup, bool]] = field(repr=False)
    source: str
    read_in: str
    note: Markup
    conflict: str


@dataclass(frozen=True)
class Table:
    """One table of the page.

    Parameters
    ----------
    name, title, about
        Its name, what stands above it, and a sentence.
    rows
        Its rows.
    warning
        What is said before it is unfolded; empty for a table that is not folded.
    said
        Sentences that belong to it.
    """

    name: str
    title: str
    about: str
    rows: Sequence[Row] = field(repr=False)
    warning: str = ""
    said: Sequence[str] = ()

    @property
    def states(self) -> list[tuple[str, str, int]]:
        """What can be chosen: value, words, how many rows have it."""
        if self.name not in STATES:
            return []
        counts = [row.state for row in self.rows]
        known = STATES[self.name][2]
        return [(s, state_words(self.name, s), counts.count(s)) for s in known if s in counts]


def products(site: Site) -> Iterator[Product]:
    """The page."""
    rests_on = site.code + _case(site.project).read_bytes()
    yield Product(AT, _("The published record"), rests_on, functools.partial(_page, site))


def _page(site: Site) -> str:
    found = tables(site.project)
    count = sum(len(table.rows) for table in found)
    checks = [row.check for table in found for row in table.rows]
    return site.render(
        HERE / "record.html.j2",
        title=_("The published record"),
        at=AT,
        words=spoken(COUNTED),
        tables=found,
        counted=_(COUNTED["all"]).format(all=f"{count:,}"),
        about=_(
            "What others measured, claimed, decided and lived through, from {first} to {last}:"
            " {rows} rows in {tables} tables. Each has its source, and says how far it was"
            " checked."
        ).format(rows=f"{count:,}", tables=len(found), **_years()),
        check_words=VERIFIED,
        checks=[(key, _(words), checks.count(key)) for key, words in VERIFIED.items()],
        english=site.language != "en",
        help=held(site.project),
        help_from=_case_link(site.project),
    )


# ---- what somebody can do who was misidentified -------------------------------------------------


def _case(project: Path) -> Path:
    """The source of the notebook that tells of the case, and who helps."""
    return next(path for path in notebooks.sources(project) if path.stem.startswith("01_"))


def _case_link(project: Path) -> Markup:
    page = way(AT, f"learn/{_case(project).stem}.html")
    return Markup('<a href="{}">{}</a>').format(page, _("notebook {n}").format(n="01"))


def held(project: Path) -> Markup:
    """What notebook 01 says to somebody who is held or questioned, and who helps, as HTML.

    Without the notebook's heading, and without its sentence about code that a page cannot run.

    Raises
    ------
    ValueError
        When the notebook has no such section.

    Examples
    --------
    >>> from labkit.base.places import PROJECT
    >>> str(held(PROJECT))[:44], "what_to_ask" in held(PROJECT)
    ('<p><strong>If you are held or questioned:</s', False)
    """
    source = _case(project)
    for cell in notebooks.read_source(source):
        _heading, _gap, text = notebooks.in_language(cell)[0].partition("\n\n")
        if cell.cell_type == "markdown" and cell.source.startswith(f"## {TITLES['remedies']}\n"):
            file = source.relative_to(project).as_posix()
            return Markup(texts.as_html(OF_CODE.sub("", text), file, AT))
    raise ValueError(
        f"{source.name} has no section {TITLES['remedies']!r}: write it, or change this"
    )


def _years() -> dict[str, str]:
    """First and last year of all dates."""
    years = [
        date[:4]
        for name in published.NAMES
        for column in ("date", "when", "since")
        for date in published.load(name).table.get(column, ())
        if date
    ]
    return {"first": min(years), "last": max(years)}


def tables(project: Path) -> list[Table]:
    """All tables, with all their rows.

    Examples
    --------
    >>> from labkit.base.places import PROJECT
    >>> found = tables(PROJECT)
    >>> [len(t.rows) == len(published.load(t.name)) for t in found] == [True] * len(TITLES)
    True
    """
    link = Names({name: published.load(name).table.iloc[:, 0].tolist() for name in TITLES})
    pages = {path.stem[:2]: path.stem for path in notebooks.sources(project)}
    return [_table(name, link, pages) for name in TITLES]


def _table(name: str, link: Names, pages: Mapping[str, str]) -> Table:
    record = published.load(name)
    when = next((c for c in ("date", "when", "since") if c in record.table), None)
    table = record.table
    if name in ("policies", "courts", "wrongful_arrests", "stops", "live_trials"):
        table = table.sort_values(str(when), kind="stable")
    rows = [_row(name, row, link, pages) for row in table.to_dict("records")]
    said = {
        "wrongful_arrests": lambda: [told(table)],
        "claims": lambda: [count_claims().words],
    }.get(name, list)()
    warning = _(HEAVY[name]) if name in HEAVY else ""
    return Table(name, _(TITLES[name]), record.about, rows, warning, said)


# ---- one row ------------------------------------------------------------------------------------


def _row(name: str, row: Mapping[Any, Any], link: Names, pages: Mapping[str, str]) -> Row:
    key = row[COLUMNS[name][0]]
    own = {"figure", "statistic", "seed", "until", "reply_date", *STATES.get(name, ())[:1]}
    facts = [
        (heading(name, column), link.led(text, name, key), column in own)
        for column, text in _texts(name, row)
        if text
    ]
    if name == "claims":
        facts.append((_("tested"), _tested(row, pages), True))
    return Row(
        id=f"{name}-{key}",
        name=key,
        title=TITLE.get(name, _of_figure)(row),
        date=_date(row),
        state=row[STATES[name][0]] if name in STATES else "",
        check=row["verified"],
        facts=facts,
        source=row["source"],
        read_in=row.get("read_in", ""),
        note=link.led(row.get("note", ""), name, key),
        conflict=row.get("conflict", ""),
    )


def heading(name: str, column: str) -> str:
    """What stands before a text of a column."""
    known = HEADINGS | MORE_HEADINGS | OTHER_HEADINGS.get(name, {}) | OWN_HEADINGS.get(name, {})
    return _(known[column])


def state_words(name: str, state: str) -> str:
    """A side or a state in words.

    Examples
    --------
    >>> state_words("arguments", "critics"), state_words("claims", "open")
    ('against', 'open')
    """
    return _(SIDES[state] if name == "arguments" else state)


def _texts(name: str, row: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Columns of a row in the order of its table, with what is shown of each; empty for nothing."""
    passed = {*END, COLUMNS[name][0], "date", "when", "since", *IN_TITLE.get(name, ())}
    if name in FIGURE_TABLES:
        passed |= {"until", "count", "of", "value", "unit", "bound", "statistic"}
        if row["statistic"] != "finding":
            yield "figure", figure(row)
            yield "statistic", _(STATISTICS[row["statistic"]])
    if name == "stops":
        passed.add("until")
    for column in ORDER.get(name, COLUMNS[name]):
        if column not in passed:
            yield column, _text(name, column, row[column])


def _text(name: str, column: str, value: Any) -> str:
    """One cell in words."""
    import pandas as pd

    if pd.isna(value) or value == "":
        return _(UNREAD) if column in BOTH_SIDES.get(name, ()) else ""
    if column in ("gallery", "count"):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.10g}"
    if name in STATES and column == STATES[name][0]:
        return state_words(name, value)
    if column in QUOTED and name != "claims":
        return _("“{words}”").format(words=value.rstrip("."))
    if column in ("until", "reply_date"):
        return in_words(value)
    return _(DOCUMENTS[value]) if column == "seed" else str(value)


def _date(row: Mapping[Any, Any]) -> str:
    """When it was, with how long where the row says so."""
    date = next((row[c] for c in ("date", "when", "since") if row.get(c)), "")
    until = row.get("until", "") if "state" not in row else ""
    if not date:
        return ""
    if not until:
        return in_words(date)
    if until.startswith(date):
        return _("{date}, to {until}").format(date=in_words(date), until=in_words(until))
    return _("{date} to {until}").format(date=in_words(date), until=in_words(until))


def _of_figure(row: Mapping[Any, Any]) -> str:
    """A figure's row is named by who measured it; the figure follows."""
    return f"{row['study']}: {row['system']}" if row["system"] else str(row["study"])


IN_TITLE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(FIGURE_TABLES, ("study", "system")),
    "claims": ("words", "notebook", "section", "planned"),
    "arguments": ("who",),
    "aws_docs": ("topic",),
    "policies": ("place", "body"),
    "courts": ("between",),
    "remedies": ("place", "situation"),
    "wrongful_arrests": ("place", "agency"),
    "stops": ("place", "by"),
    "probes": ("place", "agency"),
    "skin_tone_scales": ("scale", "step"),
}
"""Columns that the title of a row says."""

TITLE: dict[str, Callable[[Mapping[Any, Any]], str]] = {
    "claims": lambda row: row["words"],
    "arguments": lambda row: f"{row['who']}, {_(SIDES[row['side']])}",
    "aws_docs": lambda row: row["topic"],
    "policies": lambda row: f"{row['place']}: {row['body']}",
    "courts": lambda row: row["between"],
    "remedies": lambda row: f"{row['place']}: {row['situation']}",
    "wrongful_arrests": lambda row: f"{row['place']}: {row['agency']}",
    "stops": lambda row: f"{row['place']}: {row['by']}",
    "probes": lambda row: f"{row['place']}: {row['agency']}",
    "skin_tone_scales": lambda row: f"{row['scale']} {row['step']}",
}
"""What a row of a table is called; one of figures by who measured."""


def _tested(row: Mapping[Any, Any], pages: Mapping[str, str]) -> Markup:
    """Whether the lab measures a claim, with the way to the section that does."""
    which = verdict(row)
    named = _("notebook {n}").format(n=row["notebook"])
    words = _(VERDICTS[which]).format(notebook=named, section=row["section"])
    if which not in ("measured", "method shown", "weighed") or row["notebook"] not in pages:
        return escape(words)
    page = f"learn/{pages[row['notebook']]}.html#{row['section'].replace(' ', '-')}"
    return Markup('<a href="{}">{}</a>').format(way(AT, page), words)


class Names:
    """Names of rows within texts, led to their rows.

    Parameters
    ----------
    rows
        Table -> names of its rows.

    Examples
    --------
    >>> names = Names({"courts": ["swp-2020", "swp-2019"], "policies": ["swp-2020", "a-ban"]})
    >>> str(names.led("appealed; see swp-2020", "courts", "swp-2019"))
    'appealed; see <a href="#courts-swp-2020">swp-2020</a>'
    >>> str(names.led("swp-2020 < a-ban", "courts", "swp-2020"))
    'swp-2020 &lt; <a href="#policies-a-ban">a-ban</a>'
    """

    def __init__(self, rows: Mapping[str, Sequence[str]]) -> None:
        self.rows = {name: set(names) for name, names in rows.items()}

    def led(self, text: str, table: str, own: str) -> Markup:
        """A text of a row, escaped, in which the names of other rows are links."""

        def lead(found: re.Match[str]) -> str:
            name = found[0]
            holders = [t for t, names in self.rows.items() if name in names]
            if table in holders:
                holders = [table]
            if len(holders) != 1 or (holders == [table] and name == own):
                return name
            return f'<a href="#{holders[0]}-{name}">{name}</a>'

        return Markup(NAME.sub(lead, str(escape(text))))
