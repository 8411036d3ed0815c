"""The claims that started this lab, as a table to read, and counted.

In: the published table ``claims``: every claim of five documents of 2018 and 2019, who makes it,
what other sources say, and which section of which notebook tests it, or why no experiment here can.
Out: :func:`claims`, a page with links to the sections, and :func:`count_claims`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labkit.base.dates import in_words
from labkit.base.places import PROJECT
from labkit.base.words import N_, _
from labkit.published.reading import LEFT, Page
from labkit.published.record import STATUS, WEIGHING, load

EVERYONE = "everyone"

DOCUMENTS = {
    "letter": N_("The coalition's letter, 22 May 2018"),
    "petition": N_("The ACLU's press release, 18 June 2018"),
    "buzzfeed": N_("BuzzFeed News, June 2018"),
    "biometric": N_("Biometric Update, June 2018"),
    "researchers": N_("The ACLU on the researchers' letter, 3 April 2019"),
}
"""The documents, by the name used in the table."""

HEADS = (
    N_("claim"),
    N_("who, when"),
    N_("in short"),
    N_("other sources"),
    N_("tested in, or why not"),
)


def claims(who: str = EVERYONE, document: str = "") -> Page:
    """The claims as a table to read, with links to the sections that exist.

    Parameters
    ----------
    who
        Part of the name of whoever says it, such as ``"Amazon"``; ``"everyone"`` for all.
    document
        One of :data:`DOCUMENTS`, to read one document only; all when empty.

    Returns
    -------
    page
        The table; or one sentence with the names there are, when nobody is called ``who``.

    Raises
    ------
    ValueError
        For a document that there is not.

    Examples
    --------
    >>> claims("Narayan").text.splitlines()[1].split(":")[:2]
    ['petition-05', ' ACLU (Narayan)']
    """
    if document and document not in DOCUMENTS:
        sentence = _("there is no document {document!r}: use {names}")
        raise ValueError(sentence.format(document=document, names=", ".join(DOCUMENTS)))
    table = load("claims").table
    chosen = table[table["seed"] == document] if document else table
    wanted = str(who).strip().casefold()
    if wanted != EVERYONE:
        chosen = chosen[chosen["who"].str.casefold().str.contains(wanted, regex=False)]
    if not len(chosen):
        names = ", ".join(repr(n) for n in sorted({n.split(",")[0] for n in table["who"]}))
        sentence = _("No claim is by {who!r}. Try one of: {names}, or {everyone!r}.")
        said = sentence.format(who=who, names=names, everyone=EVERYONE)
        return Page(said, f"<p>{html.escape(said)}</p>")
    rows: list[Any] = chosen.to_dict("records")
    sentence = _("{shown} of {all} claims ({who})")
    caption = sentence.format(shown=len(rows), all=len(table), who=who)
    lines = [f"{r['claim']}: {r['who']}: {r['words']} [{r['status']}]" for r in rows]
    return Page("\n".join([caption, *lines]), _page(caption, rows))


def _page(caption: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The table as HTML, in a frame that scrolls."""
    said = html.escape(caption)
    head = "".join(f'<th scope="col" style="{LEFT}">{html.escape(_(h))}</th>' for h in HEADS)
    there = _notebooks()
    body = "".join(_row(row, there) for row in rows)
    return (
        '<div style="overflow-x:auto;max-height:36em;overflow-y:auto" tabindex="0" role="region"'
        f' aria-label="{said}">'
        f'<table style="text-align:left"><caption style="text-align:left">{said}'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _notebooks() -> dict[str, str]:
    """Number of a notebook that exists -> the name of its file."""
    found = sorted((PROJECT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return {path.name[:2]: path.name for path in found}


def _row(row: Mapping[str, Any], there: Mapping[str, str]) -> str:
    """One claim as a row of HTML."""
    where = " " + _("({where})").format(where=row["where"]) if row["where"] else ""
    cells = [
        f"{row['who']}, {in_words(row['when'])}",
        row["words"],
        f"{_(row['status'])}: {row['detail']}.{where}",
    ]
    plain = "".join(f'<td style="{LEFT}">{html.escape(c)}</td>' for c in cells)
    name = html.escape(row["claim"])
    return (
        f'<tr><th scope="row" style="{LEFT};white-space:nowrap">{name}</th>{plain}'
        f'<td style="{LEFT}">{_tested(row, there)}</td></tr>'
    )


def _tested(row: Mapping[str, Any], there: Mapping[str, str]) -> str:
    """Where a claim is tested, as a link, and what no experiment can settle."""
    parts = []
    number, section = row["notebook"], row["section"]
    if number and number in there:
        # JupyterLab names a section by its words, with hyphens between them.
        link = html.escape(f"{there[number]}#{section.replace(' ', '-')}")
        place = _("{notebook}, {section}").format(notebook=number, section=section)
        parts.append(f'<a href="{link}">{html.escape(place)}</a>')
    elif number:
        place = _("{notebook}, {section} (still to come)").format(notebook=number, section=section)
        parts.append(html.escape(place))
    if row["why_not"]:
        parts.append(html.escape(row["why_not"]))
    return "<br>".join(parts)


@dataclass(frozen=True)
class ClaimCounts:
    """How many claims there are, and how many this lab can test.

    Parameters
    ----------
    claims, documents
        Claims, and the documents they stand in.
    there, planned
        Claims with a section that measures them or something next to them: in notebooks that exist,
        and in notebooks still to come.
    weighed
        Claims that are demands or arguments, which the deciding notebook weighs.
    untested
        Claims with nothing but the reason why no experiment here can help.
    status
        Claims by what became of them, for each of :data:`labkit.published.record.STATUS`.
    """

    claims: int
    documents: int
    there: int
    planned: int
    weighed: int
    untested: int
    status: Mapping[str, int]

    @property
    def measured(self) -> int:
        """Claims with a section that measures them or something next to them."""
        return self.there + self.planned


def count_claims() -> ClaimCounts:
    """Count the claims by what became of them and by where they are tested.

    Examples
    --------
    >>> count = count_claims()
    >>> count.measured + count.weighed + count.untested == count.claims
    True
    """
    table, there = load("claims").table, list(_notebooks())
    number = table["notebook"]
    measured, weighed = ~number.isin(["", WEIGHING]), number == WEIGHING
    exists = measured & number.isin(there)
    return ClaimCounts(
        claims=len(table),
        documents=table["seed"].nunique(),
        there=int(exists.sum()),
        planned=int((measured & ~exists).sum()),
        weighed=int(weighed.sum()),
        untested=int((number == "").sum()),
        status={status: int((table["status"] == status).sum()) for status in STATUS},
    )
