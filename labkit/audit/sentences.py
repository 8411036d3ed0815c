"""Sentences of a report that hold whatever was counted.

In: nothing.  Out: text, in the reader's language; a few have a place for a number or a name.
"""

from __future__ import annotations

from labkit.base.words import _
from labkit.measure.intervals import ENOUGH_FALSE_MATCH_PAIRS

COVERS = _("Covers what the scope of ISO/IEC 19795-10 names; no conformity is claimed.")

# ---- the operating point ------------------------------------------------------------------------

SAME_PEOPLE = _(
    "This threshold was chosen on the people it is reported on. That flatters the system: the"
    " threshold fits the chance features of these people, so the error rates of other people will"
    " tend to be higher than reported, and the intervals do not contain this. Choose a threshold"
    " on other people and give it with --threshold."
)
GIVEN = _(
    "The threshold was given. This report cannot know on whom it was chosen; if it was chosen on"
    " these people, the rates flatter the system."
)
CHOSEN_ON = _("The threshold was chosen on {people}.")
NOBODY_GAVE = _("Nobody gave a threshold.")
TOO_FEW_FOR_LOWER = _("These people are too few for a lower one.")
FLATTER = _("The threshold was chosen on the people it is reported on: rates flatter.")

# ---- what was tested, and who was in it ---------------------------------------------------------

NO_PEOPLE = _(
    "The intervals in this report are too narrow. Nobody said who is in each picture"
    " (probe_person, gallery_person), so pictures were taken as one person only where pairs of one"
    " person link them, and all others as different people. One person who is easily confused"
    " causes errors in many pictures; counted as many people, these errors look like independent"
    " evidence. How much too narrow cannot be known from this file."
)
ALL_TOO_NARROW = _("People were not given: all intervals are too narrow.")
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

# ---- errors -------------------------------------------------------------------------------------

BY_PEOPLE = _(
    "Intervals are 95% and move whole people in and out: comparisons share people, so a thousand"
    " comparisons of ten people are not a thousand observations. With false matches from fewer"
    " than {enough} pairs of people no rate is given."
).format(enough=ENOUGH_FALSE_MATCH_PAIRS)
IF_ANYONE = _(
    "Where no false match was seen, the limit is 3 / pairs of people; if one person could match"
    " everybody, it would be 6 / people."
)
NO_CURVE = _(
    "Too few pairs of people are behind any false matches to say how FNMR changes with FMR."
)

# ---- differences between groups -----------------------------------------------------------------

ONE_GROUP = _("There is one group only: nothing to compare it with.")
NEVER_ONE = _(
    "The highest rate over the lowest is above 1 in every sample, also where the groups are equal,"
    " so each summary stands beside what equal groups of this size would give. Max/geomean and"
    " GARBE depend on how many groups there are: compare only tables with the same groups."
)
DRAWN_RATES = _(
    "With {people} the rates were drawn again, not the people: the logarithm of each rate from a"
    " normal distribution with the variance that its interval by people rests on."
)
EQUAL_GROUPS = _(
    "Equal groups: people are drawn again within each group after all groups were given the mean"
    " rate. Draws as far: the share of such draws at least as far from equal as what was seen; for"
    " FDR, lower is less equal."
)
AGAINST = _(
    "Each group's rate over that of {against}. The last column is the smallest true ratio that data"
    " like these would find four times in five (at the 5% level, one comparison); a smaller"
    " difference would probably have gone unseen."
)
WIDE = _(
    "Intervals of ratios of FMR are up to about 1.7 times too wide when pairs of people are nearly"
    " independent, so they find less than there is."
)
NOT_PICKED = _("No group was picked after looking.")

# ---- searches, and single pairs -----------------------------------------------------------------

SEARCHES = _(
    "A search compares one person with everybody in a gallery of N. Somebody who is not in it gets"
    " N x FMR false candidates on average, always. The share of such searches with at least one"
    " false candidate is at most 1 - (1 - FMR)^N; that is an upper bound, for people differ, and"
    " the false candidates gather on those who are easily confused."
)
ONE_TO_ONE = _(
    "No search was run: these numbers are computed from comparisons of two, all people together,"
    " and hold for a gallery made up like the people tested here."
)
TWO_NAMES = _(
    "Look at these pairs first. One person under two names is the commonest fault in such data;"
    " it counts as a false match and is none."
)
LINE = _("Line: of the file, when it has no empty lines.")
NAMES_INSIDE = _(
    "The table holds the names of pictures and people as they were given: make the report with"
    " --no-names before it is published."
)

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
        "A difference that was not found may be there: the section on what this audit could have"
        " seen says how large it could be."
    ),
    _(
        "Nothing about a system in use: who is searched and why, what people do with a match,"
        " whether the use is lawful or wanted. Low error rates settle none of these."
    ),
    _("No search was run: the part on searches is computed from comparisons of two."),
)
OTHER_PEOPLE = _("How these rates hold for people on whom the threshold was not chosen.")
HOW_WIDE = _("How wide the intervals should be: people were not given.")
HOW_CHOSEN = _("Whether the pairs were chosen without looking at their scores.")
SAME_BYTES = _(
    "The same input and versions give this file again, byte for byte. Scores are compared as 32-bit"
    " numbers. Draws of people have fixed seeds, 2,000 draws each."
)
