"""Notebook 01: its exercise.

Out: which retellings are wrong, and what is said to each.  A test holds the figures in these
sentences against the tables of :mod:`labkit.published`.
"""

from __future__ import annotations

from labkit.base.words import N_
from labkit.learning.exercises import Choose

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
    question=N_("Which of these retellings is wrong in a way that matters?"),
    options={
        ONE_IN_SIX: N_(
            "Wrong, in favour of the critics. 27 of 188 is 14.4%: one in seven. It is the"
            " test makers' own release that rounds up. The finding stands without it, and a reader"
            " who checks the sum will trust the rest less."
        ),
        GENDER: N_(
            "Wrong, in favour of the critics. Gender Shades measured whether software names a"
            " person's gender rightly, not whether it recognises a person; 34.7% is one product's"
            " error (IBM's) for one group, darker-skinned women; and Amazon was not in that test."
            " It was in a later one, of gender classification too."
        ),
        BAN: N_(
            "Wrong, in favour of the critics. The Court of Appeal found in 2020 that this police"
            " force's use had been unlawful on three grounds: unclear rules, an inadequate"
            " assessment of data protection, and no proper look at equality. It did not forbid live"
            " face recognition, and it did not find the use out of proportion."
        ),
        ALWAYS: N_(
            "Wrong, in favour of the vendor. Amazon's first answer said 95, on 26 July 2018;"
            " the next day's said 99. In the public source of its guide the advice for law"
            " enforcement first stands on 19 September 2018. With care: that source may lag behind"
            " the website, and customers may have been told elsewhere."
        ),
        ZERO: N_(
            "Wrong, in favour of the vendor. That there were none is what Amazon reported of its"
            " own test; pictures and code were not published. Even taken at its word, none in 535"
            " people would still be compatible with a true rate of about 0.6% (3 in 535; notebook"
            " 04 shows why). And a higher setting can only lose matches of the right people: how"
            " many was not reported."
        ),
        CLEARED: N_(
            "Wrong, in favour of vendors. NIST IR 8280 found differences too small to detect"
            " for some algorithms, and for many others false positives that differ by factors of 10"
            " to beyond 100 (countries of birth and sex, border and visa data). Amazon's was not"
            " among the algorithms."
        ),
        CONGRESS: N_(
            "This one is sound: it says how many, of how many, and at which setting. Its"
            " authors and Amazon disagree about the setting, not about the count."
        ),
        CARDIFF: N_(
            "This one is sound, because it says what it is a share of. 2,297 of 2,470 ALERTS were"
            " wrong, 93.0% (the press printed 92%). Of the 170,000 people in town that day it is a"
            " small share. Both are true: whoever prints one should print the other."
        ),
        CLOCK: N_(
            "A slip, and a true one: in June Seattle has daylight time, PDT. Nothing hangs on"
            " it. An opponent who makes much of such a slip has not answered the argument."
        ),
    },
    best=WRONG,
)

EXERCISES = (RETELLINGS,)
