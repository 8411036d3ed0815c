"""Sentences that every explorer's page may need, in the reader's language.

In: nothing.  Out: a sentence, or a pair of them for counting, by key.  ``words.js`` puts the
numbers in; the sentences of one explorer stand in its class.
"""

from __future__ import annotations

from labkit.base.words import _


def shared() -> dict[str, str | list[str]]:
    """Numbers in words, and what is said where there is too little for an interval.

    Examples
    --------
    >>> shared()["one_in"].format(n=120)
    '1 in 120'
    """
    return {
        "not_known": _("not known"),
        "in_100": _("{n} in 100"),
        "of_100": _("{n} of 100"),
        "one_in": _("1 in {n}"),
        "range": _("{low} to {high}"),
        "all": _("all"),
        "pairs_of_people": [_("{n} pair of people"), _("{n} pairs of people")],
        "people": [_("{n} person"), _("{n} people")],
        "false_matches": [_("{n} false match"), _("{n} false matches")],
        "no_comparison": _("no comparison made"),
        "none_of_pairs": _("no false match; at most {bound}, from {pairs}"),
        "few_pairs": _("{errors} from {pairs}: too few for a rate"),
        "nothing_to_count": _("nothing to count"),
        "none_of_people": _("no {what}; at most {bound}, from {n} people"),
        "few_people": _("{what}: {errors}, by {erring} of {n} people: too few for a rate"),
    }
