"""Sentences of a report that hold whatever was counted.

In: nothing.  Out: text, in the reader's language; a few have a place for a number or a name.
"""

from __future__ import annotations

from labkit.base.words import _
from labkit.measure.intervals import (
    ENOUGH_FALSE_MATCH_PAIRS,
    ENOUGH_PEOPLE,
    ENOUGH_PEOPLE_FOR_AN_FMR,
    ENOUGH_PEOPLE_WITH_ERRORS,
)

COVERS = _("Covers what the scope of ISO/IEC 19795-10 names; no conformity is claimed.")

# ---- the threshold ------------------------------------------------------------------------------

# What is said here of other people, and of intervals in BY_PEOPLE, a test in
# tests/audit/test_sentences.py holds against benchmarks/results/coverage.csv.
SAME_PEOPLE = _(
    "The threshold was chosen on the people it is reported on, so these FMRs are near what was"
    " asked for because they were made to be. On other people the same threshold can do better or"
    " worse: in simulations of 60 people and more, nine in ten such thresholds had a true FMR"
    " between 0.42 and 2.4 times what was asked for where people differed most, and nearer to it"
    " elsewhere. The intervals of the rates below do not contain that. To test a threshold, choose"
    " it on other people and give it with --threshold."
)
GIVEN = _(
    "The threshold was given. On whom it was chosen is not known here; if it was chosen on these"
    " people, these rates are no test of it."
)
CHOSEN_ON = _("The threshold was chosen on {people}.")
NOBODY_GAVE = _("Nobody gave a threshold or an FMR to choose one at.")
NOT_POSSIBLE = _(
    "FMR {refused} was not possible with these people; {used} is used only so that something can be"
    " counted."
)
MEAN_OF_GROUPS = _(
    "With groups, the mean of the FMRs within groups is held to what was asked for, each group"
    " counting the same."
)

# ---- what was tested, and who was in it ---------------------------------------------------------

NO_PEOPLE = _(
    "The intervals in this report are too narrow. Nobody said who is in each picture"
    " (probe_person, gallery_person), so pictures were taken as one person only where pairs of one"
    " person link them, and all others as different people. One person who is easily confused"
    " causes errors in many pictures; counted as many people, these errors look like independent"
    " evidence. How much too narrow cannot be known from this file."
)
ALL_TOO_NARROW = _("Nobody said who is in each picture: all intervals are too narrow.")
MAY_BE_CHANCE = _("Nobody said who is in each picture, so it may be chance.")
PERHAPS_CHOSEN = _(
    "Nothing in the file says how its pairs were chosen; if by their scores, every rate is biased."
)
NO_GROUPS = _(
    "No group was given for the pictures, so nothing can be said about how errors differ between"
    " groups of people. Give the columns probe_group and gallery_group."
)
WITHIN = _(
    "In the row of a group both pictures of a pair are of the group; the first row also holds the"
    " pairs across groups."
)
EVERY_PAIR = _("Every picture was compared with every other: no pair was chosen by its score.")
CHOSEN_PAIRS = _(
    "Nothing in the file says how its pairs were chosen. If they were chosen by their score (the"
    " candidates a system returned, say, or pairs near the threshold), every rate here is biased,"
    " and no interval shows it. Pairs must be drawn without looking at scores."
)
ALL_MADE = _(
    "Every planned comparison was made. If failures were left out of the input, the report cannot"
    " know it."
)

PAIRS_ONLY = _(
    "These people and pictures only; others can differ. These are comparisons of two pictures: in a"
    " search somebody is compared with everyone in the gallery, and each comparison can err."
)

# ---- errors -------------------------------------------------------------------------------------

ONE_THRESHOLD = _("One threshold for everybody.")
BY_PEOPLE = _(
    "95% intervals move whole people in and out: comparisons share people, so a thousand"
    " comparisons of ten people are not a thousand observations. FMR has an interval only in a"
    " group of at least {for_fmr} people with false matches from at least {pairs} pairs of them;"
    " every other rate in one of at least {people} people, {erred} of them with an error and"
    " {erred} with a trial that was none."
).format(
    for_fmr=ENOUGH_PEOPLE_FOR_AN_FMR,
    pairs=ENOUGH_FALSE_MATCH_PAIRS,
    people=ENOUGH_PEOPLE,
    erred=ENOUGH_PEOPLE_WITH_ERRORS,
)
IF_ANYONE = _(
    "Where no false match was seen, the limit is 3 / pairs of people; if one person could match"
    " everybody, it would be 6 / people."
)
SAME_AS_FNMR = _(
    "No comparison of two pictures of one person failed, so FNMR is the same as false rejection."
)
NO_CURVE = _(
    "Too few pairs of people are behind any false matches to say how FNMR changes with FMR."
)

# ---- differences between groups -----------------------------------------------------------------

ONE_GROUP = _("There is one group only: nothing to compare it with.")
NOT_WHY = _("This does not say why.")
FAMILY = _(
    "A difference is called shown only where its p value, adjusted for all comparisons of FMR and"
    " of false rejection together (Holm, {comparisons}), is below 0.05: were all groups equal, at"
    " most about 1 report in 20 would call any difference shown. The last column is the smallest"
    " true ratio that data like these would find four times in five; a smaller difference would"
    " probably have gone unseen."
)
NOTHING_COMPARED = _("No two groups have enough to be compared.")
NOT_PICKED = _("No group was picked after looking.")
TOGETHER = _(
    "Each group is compared with all others together; one group that differs makes the others"
    " differ."
)
ONE_QUESTION = _(
    "Two groups are one question: the second in their order is set against the first, whichever has"
    " the higher rate."
)
NAMED = _("The reference, {group}, was named by whoever ran this audit.")
NO_RATIO = _("No ratio can be given for {groups}, and no difference is claimed.")
HOW = _(
    "How it was computed: each person's part in the logarithm of a ratio, by leaving the person out"
    " (FMR) or as a cluster (false rejection); Student's t on their sum; for p values, a spread of"
    " people no smaller than that of all groups together; then Holm. In the file that --json"
    " writes, p is of one ratio alone, p_pooled with that spread, p_family adjusted: it alone"
    " decides. More: docs/statistics.md."
)
STRATA = _(
    "The ratios of FMR and of false rejection, compared within each stratum and put together. If"
    " the ratio over all pairs lies beyond the interval within strata, further from 1, part of the"
    " difference is one between the strata. If the ratio stays and its interval leaves 1 out, the"
    " strata do not explain it; something else may. An interval that holds both says neither."
)
NEVER_ONE = _(
    "These summaries describe and claim nothing; they are exploratory. The highest rate over the"
    " lowest is above 1 in every sample, also where the groups are equal, so each summary stands"
    " beside what equal groups of this size would give: in the middle, and in all but 5% of draws."
    " The last column is the share of draws at least as far from equal as what was seen; for FDR,"
    " lower is less equal."
)
DRAWN_RATES = _(
    "With {people} the rates were drawn again, not the people: the logarithm of each rate from a"
    " normal distribution with the variance that its interval by people rests on."
)
EQUAL_GROUPS = _(
    "Equal groups: people are drawn again within each group after all groups were given the mean"
    " rate."
)

# ---- searches, and single pairs -----------------------------------------------------------------

SEARCHES = _(
    "A search compares one person with everybody in a gallery of N. Somebody who is not in it gets"
    " N x FMR false candidates on average, always. The share of such searches with at least one"
    " false candidate is at most 1 - (1 - FMR)^N, here at the upper end of FMR; that is an upper"
    " bound, for people differ, and the false candidates gather on those who are easily confused."
)
ONE_TO_ONE = _(
    "No search was run: these numbers are computed from comparisons of two, all people together,"
    " and hold for a gallery made up like the people tested here."
)
NO_SEARCH = _(
    "What a search of many people (1:N) would give. That depends on the threshold in use and on how"
    " many people are searched: --threshold and --gallery add it."
)
TWO_NAMES = _(
    "Look at these pairs first. One person under two names is the commonest fault in such data;"
    " it counts as a false match and is none. If they are two people, they are the ones whom this"
    " system takes for each other most easily."
)
LINE = _("Line: where the pair stands in the file.")
NAMES_INSIDE = _(
    "The table holds the names of pictures and people as they were given: make the report without"
    " --names before it is published."
)
NAMES_OFF = _("Names of people and pictures are left out; --names shows them.")

# ---- limits, and how to make it again -----------------------------------------------------------

NOT_SHOWN = (
    _(
        "These people, pictures and pairs only. Other cameras, light, ages of pictures or people"
        " can give other rates; nothing here says by how much."
    ),
    _(
        "No cause. A rate that differs between groups does not say whether pictures, people,"
        " training or threshold made it differ."
    ),
    _(
        "Groups are as they were given. Who recorded them, and how often wrongly, is not known"
        " here; they were not guessed from faces."
    ),
    _(
        "Nothing about a system in use: who is searched and why, what people do with a match,"
        " whether the use is lawful or wanted. Low error rates settle none of these."
    ),
)
HOW_WIDE = _("How wide the intervals should be: people were not given.")
HOW_CHOSEN = _("Whether the pairs were chosen without looking at their scores.")
SAME_BYTES = _(
    "The same input and versions give this file again, byte for byte. Draws of people have fixed"
    " seeds, 2,000 draws each. Every number of this page, with more digits, is in the file that"
    " --json writes; in Python it is audit(...).numbers."
)
