"""Sentences that every explorer's page may need, in the reader's language.

In: nothing.  Out: a sentence, or a pair of them for counting, by key.  ``words.js`` puts the
numbers in; the sentences of one explorer stand in its class.
"""

from __future__ import annotations

from labkit.base.words import _
from labkit.measure.counts import ALONE


def shared() -> dict[str, str | list[str]]:
    """Numbers in words, and what is said where there is too little for an interval.

    Examples
    --------
    >>> shared()["one_in"].format(n=120)
    '1 in 120'
    """
    return {
        # A rate, as labkit.measure.reading.in_words says it.
        "no_rate": _("no rate"),
        "none": _("none"),
        "in_100": _("{n} in 100"),
        "one_in": _("1 in {n}"),
        "all_but": _("all but 1 in {n}"),
        "range": _("{low} to {high}"),
        "all": _("all"),
        "pairs_of_people": [_("{n} pair of people"), _("{n} pairs of people")],
        "people": [_("{n} person"), _("{n} people")],
        "false_matches": [_("{n} false match"), _("{n} false matches")],
        # What labkit.measure.intervals says instead of an interval, plurals minded.
        "no_comparison": _("no comparison made"),
        "alone": _(ALONE),
        "none_of_pairs": _("no false match; at most {bound}, from {pairs}"),
        "all_of_pairs": _("all {n} comparisons match"),
        "few_pairs": _("{errors} from {pairs}: too few for a rate"),
        "few_for_interval": _("{people}: too few for an interval, which takes {enough}"),
        "alike": _("no interval: every person has the same share of {what}"),
        "errors": _("errors"),
        "nothing_to_count": _("nothing to count"),
        "none_of_people": _("no {what}; at most {bound}, from {people}"),
        "all_of_people": _("nothing but {what}; at least {bound}, from {people}"),
        "few_people": _("{what}: {errors}, by {erring} of {n} people: too few for a rate"),
        "few_without": _("nothing but {what} in {all} of {n} people: the others are too few"),
        # The same where there is little room, as Interval.short says it.
        "all_of": _("all of {n}"),
        "few_people_of": _("{errors} of {n}: too few people for a rate"),
        "few_of": _("{errors} of {n}: too few for a rate"),
        "few": _("too few for a rate"),
        "none_of": _("none of {n}: at most {bound} (3 / {units})"),
    }
