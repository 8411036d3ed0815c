"""The claims that started this lab, as a table to read, and counted.

In: the published table ``claims``: every claim of five documents of 2018 and 2019, who makes it,
what other sources say, and which section of which notebook measures it or shows how one would, or
why none can.  Out:
:func:`claims`, a page with links to the sections, and :func:`count_claims`.

A demand or a judgement cannot be measured: the deciding notebook weighs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labkit.base.dates import in_words
from labkit.base.places import PROJECT
from labkit.base.words import N_, _
from labkit.published.listed import Link, listed, sentence
from labkit.published.reading import Page
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

VERDICTS = {
    "measured": N_("Measured in {notebook}, {section}"),
    "method shown": N_(
        "The method is shown in {notebook}, {section}; the claim itself is not tested"
    ),
    "not yet": N_("Not yet: {notebook}, {section}"),
    "weighed": N_("Cannot be; {notebook} weighs it"),
    "cannot be": N_("Cannot be"),
}
"""Whether a claim is measured: what its row says."""

HEADS = (N_("claim"), N_("who, when"), N_("other sources"), N_("measured here"))


def verdict(row: Mapping[str, Any]) -> str:
    """Whether a claim is measured: a key of :data:`VERDICTS`.

    Parameters
    ----------
    row
        A row of the table ``claims``, as loaded.

    Examples
    --------
    >>> verdict({"notebook": "05", "tested": "method shown"})
    'method shown'
    >>> verdict({"notebook": "12", "tested": "cannot be"})
    'weighed'
    """
    return "weighed" if row["notebook"] == WEIGHING else str(row["tested"])


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
    >>> claims("Narayan").text.splitlines()[1].split(";")[1]
    ' petition-05'
    """
    if document and document not in DOCUMENTS:
        said = _("there is no document {document!r}: use {names}")
        raise ValueError(said.format(document=document, names=", ".join(DOCUMENTS)))
    table = load("claims").table
    chosen = table[table["seed"] == document] if document else table
    wanted = str(who).strip().casefold()
    if wanted != EVERYONE:
        chosen = chosen[chosen["who"].str.casefold().str.contains(wanted, regex=False)]
    if not len(chosen):
        names = ", ".join(repr(n) for n in sorted({n.split(",")[0] for n in table["who"]}))
        said = _("No claim is by {who!r}. Try one of: {names}, or {everyone!r}.")
        return sentence(said.format(who=who, names=names, everyone=EVERYONE))
    rows: list[Any] = chosen.to_dict("records")
    said = _("{shown} of {all} claims ({who})")
    there = notebooks()
    return listed(
        said.format(shown=len(rows), all=len(table), who=who),
        [_(head) for head in HEADS],
        [_cells(row, there) for row in rows],
        framed=True,
        record=True,
    )


def notebooks() -> dict[str, str]:
    """Number of a notebook that exists -> the name of its file."""
    found = sorted((PROJECT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return {path.name[:2]: path.name for path in found}


def _cells(row: Mapping[str, Any], there: Mapping[str, str]) -> list[Any]:
    """One claim: what it says, who says it, what others say, whether it is measured."""
    found = f"{_(row['status'])}: {row['detail']}"
    return [
        [row["words"], row["claim"]],
        f"{row['who']}, {in_words(row['when'])}",
        [found if found.endswith((".", '."')) else f"{found}.", row["where"]],
        _measured(row, there),
    ]


def _measured(row: Mapping[str, Any], there: Mapping[str, str]) -> list[str | Link]:
    """Whether it is measured, with a link where it is, and what no measurement can settle."""
    number, section = row["notebook"], row["section"]
    which = verdict(row)
    place = _(VERDICTS[which]).format(notebook=number, section=section)
    # JupyterLab names a section by its words, with hyphens between them.
    known = which in ("measured", "method shown", "weighed") and number in there
    link = f"{there[number]}#{section.replace(' ', '-')}" if known else ""
    return [(place, link) if link else place, row["why_not"]]


@dataclass(frozen=True)
class ClaimCounts:
    """How many claims there are, and how many this lab measures.

    Parameters
    ----------
    claims, documents
        Claims, and the documents they stand in.
    measured
        Claims that a notebook measures on the people, product or place that they are about.
    shown, not_yet
        Claims for which a notebook shows how one would measure, on drawn people: one that exists,
        and one still to come.
    weighed, cannot
        Claims that no measurement can settle: demands and judgements, which the deciding notebook
        weighs, and those with a reason alone.
    status
        Claims by what became of them, for each of :data:`labkit.published.record.STATUS`.
    """

    claims: int
    documents: int
    measured: int
    shown: int
    not_yet: int
    weighed: int
    cannot: int
    status: Mapping[str, int]

    @property
    def words(self) -> str:
        """The counts in a sentence, for the README as for notebook 01."""
        to_come = _(
            "Of {claims} claims in {documents} documents, this lab has measured {measured} on what"
            " they are about. For {shown} a notebook that exists shows how one would measure, on"
            " drawn people; for {not_yet} one is to come. The other {rest} cannot be measured:"
            " {weighed} are demands or judgements, which notebook {number} weighs, and each of the"
            " last {cannot} says why."
        )
        all_there = _(
            "Of {claims} claims in {documents} documents, this lab has measured {measured} on what"
            " they are about. For {shown} a notebook shows how one would measure, on drawn people."
            " The other {rest} cannot be measured: {weighed} are demands or judgements, which"
            " notebook {number} weighs, and each of the last {cannot} says why."
        )
        return (to_come if self.not_yet else all_there).format(
            claims=self.claims,
            documents=self.documents,
            measured=self.measured or _("none"),
            shown=self.shown,
            not_yet=self.not_yet,
            rest=self.weighed + self.cannot,
            weighed=self.weighed,
            cannot=self.cannot,
            number=WEIGHING,
        )


def count_claims() -> ClaimCounts:
    """Count the claims by what became of them and by whether they are measured.

    Examples
    --------
    >>> count = count_claims()
    >>> count.measured + count.shown + count.not_yet + count.weighed + count.cannot == count.claims
    True
    """
    table = load("claims").table
    rows: list[Any] = table.to_dict("records")
    found = [verdict(row) for row in rows]
    return ClaimCounts(
        claims=len(rows),
        documents=table["seed"].nunique(),
        measured=found.count("measured"),
        shown=found.count("method shown"),
        not_yet=found.count("not yet"),
        weighed=found.count("weighed"),
        cannot=found.count("cannot be"),
        status={status: int((table["status"] == status).sum()) for status in STATUS},
    )
