"""Notebook 01, "The case": its exercise, and the published record as tables, sentences, a figure.

In: the tables of :mod:`labkit.published.record`.  Out: what the notebook shows.  Every figure comes
from those tables; the feedback of the exercise repeats a few, and a test holds them against the
tables.  Nobody who was wrongly arrested is named.
"""

from __future__ import annotations

import datetime
import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any

from labkit.learning import journal
from labkit.learning.exercises import Choose
from labkit.published import record as published

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Table = Any
"""A pandas DataFrame: its published types know less than this module does."""

NOTEBOOKS = {
    "00": "00_start_here",
    "01": "01_the_case",
    "02": "02_build_a_matcher",
    "03": "03_tune_the_threshold",
    "04": "04_how_sure_are_we",
    "05": "05_unequal_errors",
}
"""Notebooks that exist, for the links of the table of claims."""

WEIGHING = "12"
"""The notebook that decides: it weighs, it does not measure."""

DOCUMENTS = {
    "letter": "The coalition's letter, 22 May 2018",
    "petition": "The ACLU's press release, 18 June 2018",
    "buzzfeed": "BuzzFeed News, June 2018",
    "biometric": "Biometric Update, June 2018",
    "researchers": "The ACLU on the researchers' letter, 3 April 2019",
}

WORDS = {
    "everyone": "everyone",
    "caption": "{shown} of {all} claims ({who})",
    "nobody": "No claim is by {who!r}. Try one of: {names}, or {everyone!r}.",
    "planned": "{notebook}, {section} (still to come)",
    "linked": "{notebook}, {section}",
    "second": "({where})",
    "tested": "Of {all} claims in {documents} documents, {confirmed} are confirmed by a"
    " second source, {disputed} disputed, {corrected} corrected and {open} open. For {measured}"
    " a section of this lab measures the claim or something next to it: {there} in notebooks"
    " that exist so far, {planned} in notebooks still to come. {weighed} are demands and"
    " arguments, which notebook 12 weighs and nobody can measure. For the other {rest} there is"
    " only the reason why no experiment here can help.",
    "cases": "{count} arrests after a wrong match, as those arrested or the press tell it,"
    " stand in this lab's table, from {first} to {last}, in {places} places. In {disputed} of"
    " them it is disputed whether face recognition was used. These are cases that somebody"
    " reported. How many there were in all, and of how many searches, is not in any source of"
    " this lab: no rate can be made from them.",
    "ballot": "In the ballot box: {kept} of {all} predictions, to be opened: {opened}.",
    "no ballot": "The ballot box is empty: {all} predictions are still open.",
    "skipped": "Nothing is shown: `read_on` is False. Nothing later needs this section.",
}

LEFT = "text-align:left;vertical-align:top"
HEADS = ("claim", "who, when", "in short", "other sources", "tested in, or why not")


# --- the exercise --------------------------------------------------------------------------------

ONE_IN_SIX = "one in six"
GENDER = "Gender Shades"
BAN = "banned"
ALWAYS = "always 99"
ZERO = "never at 99"
CLEARED = "cleared by NIST"
CONGRESS = "28 members"
CARDIFF = "Cardiff"
CLOCK = "PST"

WRONG = (ONE_IN_SIX, GENDER, BAN, ALWAYS, ZERO, CLEARED)
"""Retellings whose mistake changes what a reader would conclude; three please each side."""

RETELLINGS = Choose(
    "01-a",
    question="Which of these retellings is wrong in a way that matters?",
    options={
        ONE_IN_SIX: "Wrong, in favour of the critics. 27 of 188 is 14.4%: one in seven. It is the"
        " test makers' own release that rounds up. The finding stands without it, and a reader"
        " who checks the sum will trust the rest less.",
        GENDER: "Wrong, in favour of the critics. Gender Shades measured whether software names a"
        " person's gender rightly, not whether it recognises a person; 34.7% is one product's"
        " error (IBM's) for one group, darker-skinned women; and Amazon was not in that test. It"
        " was in a later one, of gender classification too.",
        BAN: "Wrong, in favour of the critics. The Court of Appeal found in 2020 that this police"
        " force's use had been unlawful on three grounds: unclear rules, an inadequate assessment"
        " of data protection, and no proper look at equality. It did not forbid live face"
        " recognition, and it did not find the use out of proportion.",
        ALWAYS: "Wrong, in favour of the vendor. Amazon's first answer said 95, on 26 July 2018;"
        " the next day's said 99. In the public source of its guide the advice for law"
        " enforcement first stands on 19 September 2018. With care: that source may lag behind"
        " the website, and customers may have been told elsewhere.",
        ZERO: "Wrong, in favour of the vendor. That there were none is what Amazon reported of its"
        " own test; pictures and code were not published. Even taken at its word, none in 535"
        " people would still be compatible with a true rate of about 0.6% (3 in 535; notebook 04"
        " shows why). And a higher setting can only lose matches of the right people: how many"
        " was not reported.",
        CLEARED: "Wrong, in favour of vendors. NIST IR 8280 found differences too small to detect"
        " for some algorithms, and for many others false positives that differ by factors of 10"
        " to beyond 100 (countries of birth and sex, border and visa data). Amazon's was not"
        " among the algorithms.",
        CONGRESS: "This one is sound: it says how many, of how many, and at which setting. Its"
        " authors and Amazon disagree about the setting, not about the count.",
        CARDIFF: "This one is sound, because it says what it is a share of. 2,297 of 2,470 ALERTS"
        " were wrong, 93.0% (the press printed 92%). Of the 170,000 people in town that day it is"
        " a small share. Both are true: whoever prints one should print the other.",
        CLOCK: "A slip, and a true one: in June Seattle has daylight time, PDT. Nothing hangs on"
        " it. An opponent who makes much of such a slip has not answered the argument.",
    },
    best=WRONG,
)

EXERCISES = (RETELLINGS,)


# --- the table of claims -------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Something to read in a notebook, as HTML and as plain text."""

    text: str
    page: str

    def _repr_html_(self) -> str:
        return self.page

    def __repr__(self) -> str:
        return self.text


def claims(who: str = WORDS["everyone"], document: str = "") -> Page:
    """The claims of the five documents as a table to read.

    Parameters
    ----------
    who
        Part of the name of whoever says it, such as ``"Amazon"``; ``"everyone"`` for all.
    document
        One of ``DOCUMENTS``, to read one document only.

    Returns
    -------
    page
        A table; in its last column links to the sections that exist.

    Examples
    --------
    >>> claims("Narayan").text.splitlines()[1].split(":")[:2]
    ['petition-05', ' ACLU (Narayan)']
    """
    table = published.load("claims").table
    chosen = table[table["seed"] == document] if document else table
    if who.strip().casefold() != WORDS["everyone"]:
        said = chosen["who"].str.casefold()
        chosen = chosen[said.str.contains(who.strip().casefold(), regex=False)]
    if not len(chosen):
        names = ", ".join(repr(n) for n in sorted({n.split(",")[0] for n in table["who"]}))
        sentence = WORDS["nobody"].format(who=who, names=names, everyone=WORDS["everyone"])
        return Page(sentence, f"<p>{html.escape(sentence)}</p>")
    caption = WORDS["caption"].format(shown=len(chosen), all=len(table), who=who)
    head = "".join(f'<th scope="col" style="{LEFT}">{c}</th>' for c in HEADS)
    body = "".join(_row(row) for row in _records(chosen))
    page = (
        '<div style="overflow-x:auto;max-height:36em;overflow-y:auto" tabindex="0" role="region"'
        f' aria-label="{html.escape(caption)}">'
        f'<table style="text-align:left"><caption style="text-align:left">{html.escape(caption)}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    lines = [f"{r['claim']}: {r['who']}: {r['words']} [{r['status']}]" for r in _records(chosen)]
    return Page("\n".join([caption, *lines]), page)


def _records(table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in table.to_dict("records")]


def _row(row: dict[str, Any]) -> str:
    """One claim as a row of HTML."""
    where = f" {WORDS['second'].format(where=row['where'])}" if row["where"] else ""
    cells = [
        f"{row['who']}, {_day(row['when'])}",
        row["words"],
        f"{row['status']}: {row['detail']}.{where}",
    ]
    plain = "".join(f'<td style="{LEFT}">{html.escape(c)}</td>' for c in cells)
    name = html.escape(row["claim"])
    return (
        f'<tr><th scope="row" style="{LEFT};white-space:nowrap">{name}</th>{plain}'
        f'<td style="{LEFT}">{_tested(row)}</td></tr>'
    )


def _tested(row: dict[str, Any]) -> str:
    """Where a claim is tested, as a link, and what no experiment can settle."""
    words = "linked" if row["notebook"] in NOTEBOOKS else "planned"
    parts = []
    if row["notebook"]:
        place = html.escape(WORDS[words].format(**row))
        parts.append(f'<a href="{_link(row)}">{place}</a>' if words == "linked" else place)
    if row["why_not"]:
        parts.append(html.escape(row["why_not"]))
    return "<br>".join(parts)


def _link(row: dict[str, Any]) -> str:
    """The section as JupyterLab names it: words with hyphens between them."""
    return html.escape(f"{NOTEBOOKS[row['notebook']]}.ipynb#{row['section'].replace(' ', '-')}")


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _day(when: Any) -> str:
    """A date as far as it is known, in words.

    Examples
    --------
    >>> _day("2018-05-22"), _day("2018-05"), _day("2018")
    ('22 May 2018', 'May 2018', '2018')
    """
    parts = str(when)[:10].split("-")
    year, month, day = (*parts, "", "")[:3]
    name = MONTHS[int(month) - 1] if month else ""
    return " ".join(p for p in (day.lstrip("0"), name, year) if p)


def told_tested() -> str:
    """How many claims a notebook tests, and for how many there is only a reason why none can."""
    listed = _records(published.load("claims").table)
    weighed = sum(r["notebook"] == WEIGHING for r in listed)
    measured = [r for r in listed if r["notebook"] not in ("", WEIGHING)]
    there = sum(r["notebook"] in NOTEBOOKS for r in measured)
    return WORDS["tested"].format(
        all=len(listed),
        documents=len({r["seed"] for r in listed}),
        measured=len(measured),
        there=there,
        planned=len(measured) - there,
        weighed=weighed,
        rest=len(listed) - len(measured) - weighed,
        **{status: sum(r["status"] == status for r in listed) for status in published.STATUS},
    )


# --- who objected, who defended ------------------------------------------------------------------

ACTORS = (
    (
        "Amazon",
        "to keep selling, under rules that its customers sign",
        "it helps to find missing"
        " people; a tool should not be outlawed because somebody could abuse it",
    ),
    (
        "a sheriff's office",
        "to keep using it",
        "it searches its own booking photographs, faster than by hand, and an officer decides",
    ),
    (
        "coalition around the ACLU",
        "no sales to governments",
        "the power to follow everybody is too"
        " great, and falls hardest on people who are already watched",
    ),
    ("some shareholders", "no sales until a review", "risks to rights, and so to the company"),
    (
        "Congressional Black Caucus",
        "answers",
        "harm that nobody need intend, to people of color, immigrants and protesters",
    ),
    ("AI researchers", "no sales to police", "unequal errors for women and people of color"),
    (
        "other companies",
        "to wait: no such product, or none for police",
        "its dangers first to be dealt with, or a law first",
    ),
    ("cities, legislatures, courts", "limits of many kinds", "see the timeline"),
)


def actors() -> Page:
    """Who wanted what, and the strongest reason given, in our words."""
    return _table(("who", "wanted", "because"), ACTORS)


def readable(table: Table, limit: int = 2) -> Page:
    """A pandas table to read, with no text cut short (notebooks cut it after 50 characters).

    Parameters
    ----------
    table
        Any table; its index names the rows.
    limit
        Digits that count, of numbers that are not whole.

    Examples
    --------
    >>> import pandas as pd
    >>> readable(pd.DataFrame({"rate": [0.0123]}, index=["everyone"])).text
    'everyone; 0.012'
    """
    cells = [
        [str(name), *(_cell(value, limit) for value in row)]
        for name, row in zip(table.index, table.itertuples(index=False), strict=True)
    ]
    return _table([str(table.index.name or ""), *map(str, table.columns)], cells)


def _cell(value: Any, limit: int) -> str:
    if _missing(value):
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else f"{value:.{limit}g}"
    return f"{value:,}" if isinstance(value, Integral) else str(value)


def _table(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> Page:
    """A table to read, with nothing cut short: the first cell of a row names it."""
    head = "".join(f'<th scope="col" style="{LEFT}">{html.escape(h)}</th>' for h in heads)
    body = "".join(
        f'<tr><th scope="row" style="{LEFT}">{html.escape(first)}</th>'
        + "".join(f'<td style="{LEFT}">{html.escape(c)}</td>' for c in rest)
        + "</tr>"
        for first, *rest in cells
    )
    text = "\n".join("; ".join(row) for row in cells)
    return Page(text, f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


# --- what was sold -------------------------------------------------------------------------------

SOLD = (
    "collection-limit",
    "faces-per-image",
    "compare-default",
    "search-default-none",
    "surveillance-wording",
    "surveillance-removed",
    "law-enforcement-absent",
    "law-enforcement-99",
)


def rows(name: str, ids: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Rows of a published table, some of them by name and in the order asked for.

    Raises
    ------
    KeyError
        When the table has no row of that name.
    """
    table = published.load(name).table
    found = {r["id"]: r for r in _records(table)}
    return [found[i] for i in ids or found]


def sold() -> Page:
    """What Amazon's own guide said about the product, and when; one row for each version."""
    listed = sorted(rows("aws_docs", SOLD), key=lambda r: str(r["date"]))
    cells = [(_day(r["date"]), r["topic"], r["said"], r["verified"]) for r in listed]
    return _table(("date", "about", "Amazon's guide, in our words", "verified"), cells)


# --- the timeline --------------------------------------------------------------------------------

LANES = ("said or done by a vendor", "objected, tested or counted", "decided by others")
SAID, ASKED, DECIDED = LANES

EVENTS = (  # table, row, lane, what happened; {names} are columns of the row
    ("policies", "ccops", ASKED, "Campaign for public control of police surveillance"),
    ("aws_docs", "collection-limit", SAID, "Amazon's guide: {value:,.0f} faces in one collection"),
    ("claims", "letter-01", ASKED, "Letter of the coalition to Amazon"),
    ("aws_docs", "surveillance-removed", SAID, "Guide edited: surveillance no longer typical use"),
    ("claims", "petition-01", ASKED, "Petition, letters delivered"),
    ("congress_test", "aclu-2018", ASKED, "ACLU test: {count:.0f} of {of:.0f} in Congress, at 80"),
    ("congress_test", "amazon-99-retest", SAID, "Amazon: none in Congress at {threshold:.0f}"),
    ("aws_docs", "law-enforcement-99", SAID, "Guide first advises {value:.0f} for police"),
    ("claims", "researchers-01", ASKED, "Letter of AI researchers to Amazon"),
    ("policies", "san-francisco", DECIDED, "San Francisco bans use by the city"),
    ("congress_test", "aclu-2019-massachusetts", ASKED, "ACLU: {count:.0f} of {of:.0f} athletes"),
    ("nist", "nist-undetectable", ASKED, "NIST report on differences between groups"),
    ("policies", "amazon-moratorium", SAID, "Amazon pauses police use of Rekognition"),
    ("policies", "bridges", DECIDED, "Court: South Wales Police's use was unlawful"),
    ("policies", "amazon-extended", SAID, "Amazon's pause goes on without an end date"),
    ("policies", "new-orleans", DECIDED, "New Orleans bans police use; partly undone in 2022"),
    ("live_trials", "npl-2023-fpir", ASKED, "NPL tests a police system in the UK"),
    ("policies", "rite-aid", DECIDED, "US trade commission: no use in a chain's stores"),
    ("policies", "detroit", DECIDED, "Detroit limits what police may do with a match"),
    ("live_trials", "met-2025-alerts", ASKED, "London: {of:,.0f} alerts, {count:.0f} false"),
    ("policies", "ai-act", DECIDED, "EU: AI Act limits live use by police"),
    ("policies", "people-pathing-ends", SAID, "Amazon ends tracking of people in videos"),
    ("live_trials", "npl-2025-white", ASKED, "NPL tests police searches in the UK"),
)


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    when: str
    lane: str
    words: str
    source: str
    verified: str

    @property
    def year(self) -> float:
        """The date as a number; the middle of the month or year when no more is known."""
        year, month, day = (*map(int, self.when.split("-")), 0, 0)[:3]
        if not month:
            return year + 0.5
        date = datetime.date(year, month, day or 15)
        return year + (date.timetuple().tm_yday - 1) / 366


def events() -> list[Event]:
    """The timeline's events from the published tables, in order."""
    found = list(_found())
    return sorted(found, key=lambda e: e.year)


def _found() -> Iterator[Event]:
    for name, key, lane, words in EVENTS:
        if name == "claims":
            table = published.load("claims").table
            row = next(r for r in _records(table) if r["claim"] == key)
            when = row["when"]
        else:
            row = rows(name, [key])[0]
            when = row["until"] if key == "met-2025-alerts" else row["date"]
        yield Event(str(when)[:10], lane, words.format(**row), row["source"], row["verified"])


def timeline() -> tuple[Figure, str, Table]:
    """The case from 2016 to 2026, one line for each event: figure, alt text, table."""
    import pandas as pd

    from labkit.views import plots

    listed = events()
    table = pd.DataFrame(
        [(_day(e.when), e.lane, e.words, e.verified, e.source) for e in listed],
        columns=["date", "what kind", "what happened", "verified", "source"],
    ).set_index("date")
    fig, ax = plots.figure(8.6, 6.6)
    with plots.style():
        for n, lane in enumerate(LANES):
            mine = [(e.year, place) for place, e in enumerate(listed) if e.lane == lane]
            ax.scatter(
                [x for x, _ in mine],
                [y for _, y in mine],
                s=55,
                zorder=3,
                label=lane,
                marker=plots.MARKERS[n],
                color=plots.colours(3)[n],
            )
        for place, e in enumerate(listed):
            left = e.year > 2021.4
            ax.annotate(
                e.words,
                (e.year, place),
                xytext=(-8 if left else 8, 0),
                fontsize=9,
                textcoords="offset points",
                va="center",
                ha="right" if left else "left",
            )
        ax.set(ylim=(len(listed), -1), xlim=(2016, 2026.2), yticks=[], xticks=range(2016, 2027))
        ax.grid(axis="y", visible=False)
        fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return fig, _timeline_alt(listed), table


def _timeline_alt(listed: Sequence[Event]) -> str:
    """What the timeline shows, counted."""
    counts = ", ".join(f"{sum(e.lane == lane for e in listed)} {lane}" for lane in LANES)
    years = [int(e.year) for e in listed]
    busiest = max(sorted(set(years)), key=years.count)
    first, last = listed[0], listed[-1]
    return (
        f"A timeline with {len(listed)} events: {counts}. It begins in {_day(first.when)}"
        f" ({first.words}) and ends in {_day(last.when)} ({last.words}). The year with most events"
        f" is {busiest}, with {years.count(busiest)}."
    )


# --- the ballot ----------------------------------------------------------------------------------

BALLOT = {
    "01-ballot-a": "08",
    "01-ballot-b": "03",
    "01-ballot-c": "04",
    "01-ballot-d": "05",
    "01-ballot-e": "09",
}
"""Name of a prediction -> the notebook that opens it."""


def told_ballot() -> str:
    """Which predictions of the ballot are in the journal, and where they are opened."""
    kept = [key for key in BALLOT if journal.recall(key, None).yours]
    if not kept:
        return WORDS["no ballot"].format(all=len(BALLOT))
    opened = ", ".join(f"{key[-1]} in {BALLOT[key]}" for key in kept)
    return WORDS["ballot"].format(kept=len(kept), all=len(BALLOT), opened=opened)


# --- what errors have cost -----------------------------------------------------------------------


def arrests(read_on: bool) -> Page:
    """The arrests that became public, without names; nothing unless ``read_on`` is True."""
    if read_on is not True:
        return Page(WORDS["skipped"], f"<p>{html.escape(WORDS['skipped'])}</p>")
    cases = sorted(rows("wrongful_arrests"), key=lambda r: str(r["date"]))
    words = WORDS["cases"].format(
        count=len(cases),
        first=str(cases[0]["date"])[:4],
        last=str(cases[-1]["date"])[:4],
        places=len({c["place"] for c in cases}),
        disputed=sum(c["status"] == "disputed" for c in cases),
    )
    heads = ("arrested", "where", "held for", "what came of it", "note", "source")
    table = _table(heads, [_case(c) for c in cases])
    return Page(words, f"<p>{html.escape(words)}</p>{table.page}")


def _case(case: dict[str, Any]) -> list[str]:
    """One arrest; a name that stands in a source's title is left out."""
    keys = ("date", "place", "held", "outcome", "note", "source")
    day, *rest = ("" if _missing(case[k]) else str(case[k]) for k in keys)
    if not _missing(case["name"]):
        rest = [text.replace(case["name"], "[name]") for text in rest]
    return [_day(day), *rest]


def _missing(value: Any) -> bool:
    """An empty cell of a table, however it was read."""
    import pandas as pd

    return bool(pd.isna(value)) or value == ""
