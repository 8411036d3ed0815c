"""What a town can decide about face recognition by its police: each option in one shape.

In: nothing.  Out: :data:`OPTIONS`.  An option says what would hold, and names rows of the published
record: the strongest argument of those who want it, the best reply of the other side, where it was
tried, what others measured.  :mod:`labkit.published.options` makes pages of them.

The words of an option are a row of ``arguments`` and ``"words"``, what its own side says in it, or
``"reply"``, what the other side answers there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.base.words import N_

Place = tuple[str, str]
"""A row of ``arguments``, and ``"words"`` or ``"reply"``; or a table of the record and its row."""


@dataclass(frozen=True)
class Option:
    """One thing that can be decided.

    Parameters
    ----------
    name
        In a few words.
    means
        What would hold, in one or two sentences.
    case
        The strongest argument of those who want it.
    reply
        The best reply of those who do not.
    since
        Where it was tried and what became of it: tables of the record and their rows.
    published
        What others measured on real people that bears on it: tables of figures and their rows.
    numbers
        Numbers of the lab that bear on it, by their names in
        :data:`labkit.learning.own.MEASURED`.
    no_number
        What no number says about it.
    besides
        A fact that belongs beside the quotations, because it came later or is not in them.
    """

    name: str
    means: str
    case: Place
    reply: Place
    since: tuple[Place, ...]
    published: tuple[Place, ...]
    numbers: tuple[str, ...]
    no_number: str
    besides: str = ""


def _rows(table: str, names: str) -> tuple[Place, ...]:
    return tuple((table, name) for name in names.split())


NPL_2025 = _rows(
    "live_trials",
    "npl-2025-white npl-2025-black-men npl-2025-asian npl-2025-black npl-2025-black-women",
)
"""One test, all its groups: who shows one of them shows all."""

CITIES = _rows("live_trials", "johnson-2024 johnson-2022")
"""The two studies of cities, which point two ways."""

OPTIONS: Mapping[str, Option] = {
    "no": Option(
        name=N_("No"),
        means=N_(
            "The town's police do not use it, the town buys none, and asks no other agency to"
            " search for it."
        ),
        case=("c-freedom", "words"),
        reply=("v-ban", "words"),
        since=_rows(
            "policies",
            "san-francisco boston portland new-orleans king-county virginia washington-county",
        ),
        published=CITIES
        + _rows("live_trials", "met-2025-alerts met-2025-faces met-2025-arrests met-2025-black"),
        numbers=("alerts", "right", "links"),
        no_number=N_("What it is worth to go unwatched, and what it costs not to find somebody."),
        besides=N_(
            "Police of a town that had said no have asked neighbouring agencies to search: San"
            " Francisco's, as The Washington Post found."
        ),
    ),
    "pause": Option(
        name=N_("Not now"),
        means=N_("No use until a law says what is allowed. Then the council decides again."),
        case=("c-safeguards", "words"),
        reply=("c-shortcut", "reply"),
        since=_rows(
            "policies",
            "axon-2019 ab-1215 amazon-moratorium amazon-extended microsoft uk-consultation"
            " milwaukee",
        ),
        published=(*_rows("nist", "nist-fmr-factor-high nist-undetectable"), *CITIES),
        numbers=("darker", "rejected", "none"),
        no_number=N_(
            "How long a law takes, and what happens to whom until then, with it and without it."
        ),
    ),
    "agree": Option(
        name=N_("Only if the public has agreed"),
        means=N_(
            "Before anything is bought, the police publish what for, at what cost and with which"
            " errors. The public is heard, and the council may say no."
        ),
        case=("c-agree", "words"),
        reply=("c-agree", "reply"),
        since=_rows("policies", "santa-clara ccops washington-2020 san-francisco-2024 milwaukee"),
        published=_rows("live_trials", "npl-2023-tpir npl-2023-fpir"),
        numbers=("none", "alerts", "again"),
        no_number=N_("What the people who live there want, and who of them is not heard."),
    ),
    "after": Option(
        name=N_("After a crime only, never live"),
        means=N_(
            "The police may search with a photograph from an investigation. No camera in the"
            " street is connected."
        ),
        case=("c-freedom", "reply"),
        reply=("c-shortcut", "words"),
        since=(
            *_rows("policies", "washington-county new-orleans-2022 maryland ai-act"),
            *_rows("courts", "detroit-2025 new-jersey-2026"),
        ),
        published=(
            *NPL_2025,
            *_rows("human_review", "white-2015-adults white-2015-examiners"),
        ),
        numbers=("named", "lost", "found"),
        no_number=N_(
            "Whether the person in the photograph did it; and whether searches stay with the crimes"
            " for which they were allowed."
        ),
        besides=N_(
            "The sheriff's office quoted here ended its programme in 2020. No wrong arrest of this"
            " lab's record is known to follow a live camera: a face was searched afterwards."
        ),
    ),
    "law": Option(
        name=N_("With rules in law"),
        means=N_(
            "A law lists the crimes and who has to sign. A match alone is no reason to arrest, and"
            " whoever is accused is told of the search."
        ),
        case=("v-rules", "words"),
        reply=("v-rules", "reply"),
        since=_rows(
            "policies",
            "washington-2020 maine virginia-2022 detroit maryland ai-act uk-consultation",
        ),
        published=(
            *_rows("live_trials", "met-2025-black met-2025-not-stopped"),
            *NPL_2025,
            *_rows("human_review", "howard-2020-labels"),
        ),
        numbers=("right", "named", "singled"),
        no_number=N_("Whether a rule is kept when nobody looks, and who answers when it was not."),
    ),
    "audit": Option(
        name=N_("With an audit"),
        means=N_(
            "Only after an independent test that anybody can read: this matcher, this setting, a"
            " gallery of this size, the errors of each group. The same again every year."
        ),
        case=("c-test", "reply"),
        reply=("c-test", "words"),
        since=_rows("policies", "washington-2020 virginia-2022 maryland essex"),
        published=(*_rows("live_trials", "npl-2023-fpir"), *NPL_2025),
        numbers=("none", "darker", "rejected", "remedy"),
        no_number=N_(
            "Whether something that works well enough should be used at all, and on whom."
        ),
    ),
    "strict": Option(
        name=N_("At a strict setting, a person decides"),
        means=N_(
            "As Amazon advises the police: a high threshold, a trained person looks at each match,"
            " and a match is a lead and no more. No further rule."
        ),
        case=("v-setting", "words"),
        reply=("v-setting", "reply"),
        since=(
            *_rows("aws_docs", "search-default-80 law-enforcement-99"),
            *_rows("courts", "detroit-2024"),
        ),
        published=_rows("live_trials", "npl-2023-tpir npl-2023-fpir")
        + NPL_2025
        + _rows("live_trials", "npcc-2025-leads-lower npcc-2025-leads-higher"),
        numbers=("missed", "stricter", "lost", "named"),
        no_number=N_("What the setting is on a day when nobody checks it."),
        besides=N_(
            "The test at 99 is the company's own, and its pictures were not published. 99 is a"
            " place on its scale, no share of right answers. A stricter setting also finds fewer:"
            " British police chiefs took one back within a month."
        ),
    ),
    "police": Option(
        name=N_("Under existing law, by the police's own rules"),
        means=N_(
            "The police may use it under the laws that hold already, and write the rules for it"
            " themselves: where, when and for whom."
        ),
        case=("v-police", "words"),
        reply=("c-law", "words"),
        since=(
            *_rows("courts", "swp-2020 met-2026"),
            *_rows("policies", "axon-edmonton essex"),
        ),
        published=_rows(
            "live_trials",
            "met-2025-arrests met-2025-alerts met-2025-faces met-2025-black met-2025-not-stopped",
        )
        + CITIES,
        numbers=("alerts", "right", "members", "again"),
        no_number=N_(
            "Whether those who use it keep to rules that they wrote, and who would find out."
        ),
        besides=N_(
            "In April 2026 the High Court found the rules of London's police clear enough to be"
            " law."
        ),
    ),
}
"""Short word -> option, from the one that allows least to the one that allows most."""
