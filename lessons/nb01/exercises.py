"""Notebook 01: its exercise.

Out: nine retellings, which of them are wrong in a way that matters, and what the record says of
each.  A test holds the figures in these sentences against the tables of :mod:`labkit.published`.
"""

from __future__ import annotations

from dataclasses import dataclass

from labkit.base.words import N_
from labkit.learning.exercises import Check, Exact

CRITICS, VENDORS = "critics", "vendors"


@dataclass(frozen=True)
class Retelling:
    """A sentence as people pass it on.

    Parameters
    ----------
    told
        What the published record says of it.
    pleases
        Whose case it helps by being wrong: :data:`CRITICS` or :data:`VENDORS`; empty when nothing
        hangs on it, or when it is sound.
    rows
        Table and row of the record by which it can be judged.
    """

    told: str
    pleases: str
    rows: tuple[tuple[str, str], ...]


RETELLINGS = {
    "one in six": Retelling(
        N_(
            "Wrong, and it helps the critics. 27 of 188 is 14.4%: one in seven. It is the test"
            " makers' own release that rounds up. The finding stands without it."
        ),
        CRITICS,
        (("congress_test", "aclu-2019-massachusetts"),),
    ),
    "Gender Shades": Retelling(
        N_(
            "Wrong, and it helps the critics. Gender Shades measured whether software names a"
            " person's gender rightly, not whether it recognises a person; 34.7% is one product's"
            " error (IBM's) for one group, darker-skinned women; and Amazon was not in that test."
            " It was in a later one, of gender classification too."
        ),
        CRITICS,
        (("gender_shades", "gs-ibm-df"),),
    ),
    "banned": Retelling(
        N_(
            "Wrong, and it helps the critics. The Court of Appeal found in 2020 that this police"
            " force's use had been unlawful on three grounds. It did not forbid live face"
            " recognition, and it did not find the use out of proportion. In 2026 another court"
            " upheld the rules of another force."
        ),
        CRITICS,
        (("policies", "bridges"),),
    ),
    "always 99": Retelling(
        N_(
            "Wrong, and it helps the vendor. Amazon's first answer said 95, on 26 July 2018;"
            " the next day's said 99. In the public source of its guide the advice for law"
            " enforcement first stands on 19 September 2018. With care: that source may lag behind"
            " the website."
        ),
        VENDORS,
        (
            ("congress_test", "amazon-95"),
            ("aws_docs", "law-enforcement-absent"),
            ("aws_docs", "law-enforcement-99"),
        ),
    ),
    "never at 99": Retelling(
        N_(
            "Wrong, and it helps the vendor. That there were none is what Amazon reported of its"
            " own test; pictures and code were not published. Even taken at its word, none in 535"
            " people would still be compatible with a true rate of about 0.6% (3 in 535; notebook"
            " 04 shows why). And a higher setting can only lose matches of the right people: how"
            " many was not reported."
        ),
        VENDORS,
        (("congress_test", "amazon-99-retest"),),
    ),
    "cleared by NIST": Retelling(
        N_(
            "Wrong, and it helps vendors. NIST IR 8280 (which we read in notes) found differences"
            " too small to detect for some identification (one-to-many) algorithms, and for many"
            " others false positives that differ by factors of 10 to beyond 100 (countries of birth"
            " and sex, border and visa data). Amazon's was not among the algorithms."
        ),
        VENDORS,
        (("nist", "nist-undetectable"), ("nist", "nist-fmr-factor-high"), ("nist", "nist-amazon")),
    ),
    "28 members": Retelling(
        N_(
            "Sound: it says how many, of how many, and at which setting. Nobody whom we read"
            " disputes the count. Amazon objects to the setting; the arrest photographs were not"
            " published."
        ),
        "",
        (("congress_test", "aclu-2018"),),
    ),
    "Cardiff": Retelling(
        N_(
            "Sound, because it says what it is a share of: 2,297 of 2,470 alerts were wrong,"
            " 93.0% (the press printed 92%). How many faces were scanned is in no source that we"
            " read, so nobody can say from it how often a passer-by was taken for somebody else."
        ),
        "",
        (("live_trials", "swp-final"),),
    ),
    "PST": Retelling(
        N_("A slip, and a true one: in June Seattle has daylight time, PDT. Nothing hangs on it."),
        "",
        (("claims", "buzzfeed-01"),),
    ),
}
"""Name of a retelling -> what is to be said of it, in the order in which the notebook asks."""


def wrong(side: str = "") -> frozenset[str]:
    """Names of the retellings that are wrong in a way that matters, of one side or of both.

    Examples
    --------
    >>> len(wrong()), len(wrong(CRITICS)), len(wrong(VENDORS))
    (6, 3, 3)
    """
    return frozenset(n for n, r in RETELLINGS.items() if r.pleases and side in ("", r.pleases))


EXERCISES = (
    Check(
        "01-a",
        question=N_("Which of these retellings would you correct before you print them?"),
        reference=wrong,
        tolerance=Exact(),
        among=tuple(RETELLINGS),
        goes_on=False,
        wrong={
            "one side only, the critics'": (
                lambda: wrong(CRITICS),
                N_(
                    "These three are wrong, and all of them help the critics. Now read those that"
                    " help a vendor with the same eyes."
                ),
            ),
            "one side only, the vendors'": (
                lambda: wrong(VENDORS),
                N_(
                    "These three are wrong, and all of them help a vendor. Now read those that help"
                    " the critics with the same eyes."
                ),
            ),
            "the clock, too": (
                lambda: wrong() | {"PST"},
                N_("One of these is a slip on which no conclusion hangs: leave it to the editor."),
            ),
            "an ugly number": (
                lambda: wrong() | {"Cardiff"},
                N_(
                    "One of these says a large number and what it is a share of. Work it out before"
                    " you correct it."
                ),
            ),
            "none of them": (
                lambda: frozenset(),
                N_("Would you print all nine as they stand? Begin with the first: divide."),
            ),
            "the example": (
                lambda: frozenset({"PST", "banned"}),
                N_("This is the example: put the names there that you would correct yourself."),
            ),
            "all of them": (
                lambda: frozenset(RETELLINGS),
                N_("Some are sound. Whoever corrects everything is believed in nothing."),
            ),
        },
        expects=N_("names from the list, such as ['PST', 'banned']"),
        hint=N_(
            "Ask of each: how many, of how many? Which task, which product, which year? And does"
            " the row beside it say as much as the sentence does?"
        ),
        way=N_(
            "Work the shares out. Hold what each row counts, whose product it is and its date"
            " against the sentence. What then still says as much as its row is sound."
        ),
    ),
)
