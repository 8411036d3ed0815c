"""Where a page's words differ from a notebook's, each with the reason.

A page judges answers as a notebook does and in the same words, but runs no Python: nobody types
quotation marks there, nothing goes on with an answer, and advice to write code is of no use.  What
is not in these tables is said as in the notebook; a test holds the two together.

In: a sentence of an exercise, or nothing.  Out: the sentence of a page.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from labkit.base.words import N_, _
from labkit.learning import answers

NO_DOTS = "a page has a box, not three dots"
NOTHING_GOES_ON = "the numbers of a page were computed when it was made"
NO_PYTHON = "a page runs no Python, so what Python makes of it is not what was typed"
NO_CODE = "advice to write code, which a page cannot run"
NO_QUOTES = "texts are typed without quotation marks"
NOT_TYPED = "said only where the words stood without quotation marks"
ONLY_HERE = "only a page reads it so"


class Other(NamedTuple):
    """What a page says instead, and why."""

    sentence: str
    reason: str


SENTENCES: dict[str, dict[str, Other]] = {
    "texts": {
        "to do": Other(N_("Write your answer in the box."), NO_DOTS),
        "until then": Other(
            N_("What follows on this page was computed with the lab's own value."), NOTHING_GOES_ON
        ),
        "lab's": Other(
            N_("What follows on this page was computed with the lab's own value."), NOTHING_GOES_ON
        ),
        "yours": Other(
            N_(
                "What follows on this page was computed with the lab's own value, which yours fits."
            ),
            NOTHING_GOES_ON,
        ),
        "all digits": Other(
            N_("What follows on this page was computed with all digits."), NOTHING_GOES_ON
        ),
        "many": Other(
            N_("These are {count:,} numbers, and one is asked for: bring them together into one."),
            NO_CODE,
        ),
        "one of": Other(
            N_("These are {count:,} numbers, and the answer is one of them: which?"), NO_CODE
        ),
        "truths": Other(
            N_(
                "These are {count:,} times yes or no. One number is asked for: how many are yes, or"
                " which share of them?"
            ),
            NO_CODE,
        ),
        "print": Other(N_("Nothing is no answer: write the value itself."), NO_CODE),
        "truth": Other(N_("Answer yes or no (True or False)."), NO_CODE),
        "own quotes bare": Other(
            N_("Put a comma between each name and the next: {names}."), NOT_TYPED
        ),
        "no comma bare": Other(
            N_("A comma is missing between two names: write {names}."), NOT_TYPED
        ),
        "no option": Other(N_("This answer is {given}. Give one of these names:"), NO_QUOTES),
        "choose": Other(N_("Choose from these:"), NO_QUOTES),
        "case": Other(
            N_(
                "{right} of {all} answers are right. For {call} you say {given}; right would be"
                " {expected}."
            ),
            NO_CODE,
        ),
        "case kind": Other(N_("For {call} your answer is {given}. Expected: {expected}."), NO_CODE),
        "write open": Other(
            N_("Write your text, then answer three questions with yes or no."), NO_CODE
        ),
        "write bad": Other(
            N_("This answer is {given}. Answer each of the three questions with yes or no."),
            NO_QUOTES,
        ),
        "read as": Other(N_("Read as {number}."), ONLY_HERE),
    },
    "slips": {
        "quotes bare": Other(N_("Write the number alone: {number}."), NOT_TYPED),
        "code": Other(
            N_("This page runs no Python: work the number out another way, and write it."),
            NO_PYTHON,
        ),
        "thousands": Other(
            N_("With this comma it reads as {count} numbers. You mean {number}."), NO_PYTHON
        ),
        "either": Other(
            N_(
                "With this comma it reads as two numbers. Write {number} without it, or {other}"
                " with a point."
            ),
            NO_PYTHON,
        ),
        "decimal": Other(
            N_("With this comma it reads as two numbers. Write a point: {number}."), NO_PYTHON
        ),
        "decimal minus": Other(
            N_("With this comma it reads as two numbers. Write a point: {number}."), NO_PYTHON
        ),
        "fraction": Other(
            N_(
                "With these commas it reads as {count} numbers. Write both parts of the fraction"
                " without commas."
            ),
            NO_PYTHON,
        ),
        "thousandth": Other(
            N_(
                "It is a thousandth of the right value. A point begins the decimals here: a"
                " thousand is written 1000."
            ),
            NO_PYTHON,
        ),
        "one off": Other(N_("It is one off: count once more, and begin with 1."), NO_PYTHON),
    },
    "asks": {
        "text bare": Other(N_("Taken as {number}."), NOT_TYPED),
        "words bare": Other(N_("A guess is one number here: write it without words."), NOT_TYPED),
        "none": Other(N_("This is no number, so nothing can be compared with it."), NO_PYTHON),
        "other": Other(N_("A guess is one number here, and this is something else."), NO_CODE),
    },
}
"""Sentences of the judge, by table and key as in labkit; a key that ends in "bare" is new."""

EXPECTED = {
    "text": Other(N_("a text"), NO_QUOTES),
    "set": Other(N_("texts with commas between them, such as a, b"), NO_QUOTES),
    "texts": Other(N_("{count} texts with commas between them"), NO_QUOTES),
}
"""What kind of answer is expected, by key as in :data:`labkit.learning.answers.EXPECTED`."""

EXERCISES: dict[str, Other] = {
    # ---- 00
    "That is the number of people. Everybody was photographed several times: count the rows of"
    " `faces.images`.": Other(
        N_(
            "That is the number of people. Everybody was photographed several times: count the"
            " photographs."
        ),
        NO_CODE,
    ),
    "This counts every cell of the table, rows times columns. `len(table)` counts its rows.": Other(
        N_("This counts every cell of the table, rows times columns. Count its rows."), NO_CODE
    ),
    "Write `answer = len(faces.images)`, then run the cell.": Other(
        N_("How many people, times how many photographs of each: that many rows has the table."),
        NO_CODE,
    ),
    # ---- 01
    "names from the list, such as ['PST', 'banned']": Other(
        N_("names from the list with commas between them, such as PST, banned"), NO_QUOTES
    ),
    # ---- 02
    "Write `answer = np.sqrt(((a - b) ** 2).sum())`.": Other(
        N_("Add up the squares of the differences, and take the square root of their sum."), NO_CODE
    ),
    "a function of a, b and threshold that gives True or False": Other(
        N_("True or False for each row of the table"), NO_CODE
    ),
    "This answers as if the distance itself were compared with the threshold: yes to everybody, as"
    " soon as the threshold is below 0. Compare `similarity(a, b)`.": Other(
        N_(
            "This answers as if the distance itself were compared with the threshold: yes to"
            " everybody, as soon as the threshold is below 0. Compare the similarity, which is"
            " minus the distance."
        ),
        NO_CODE,
    ),
    "This answers as if distances had to lie below the threshold, and no distance lies below a"
    " negative one. Compare `similarity(a, b)`, which is minus the distance.": Other(
        N_(
            "This answers as if distances had to lie below the threshold, and no distance lies"
            " below a negative one. Compare the similarity, which is minus the distance."
        ),
        NO_CODE,
    ),
    "This says yes when the similarity is small. Turn the sign round: a match is a similarity of at"
    " least the threshold, `>=`.": Other(
        N_(
            "This says yes when the similarity is small. Turn it round: a match is a similarity of"
            " at least the threshold."
        ),
        NO_CODE,
    ),
    "This says yes whatever it is given. The answer has to depend on a, b and threshold: compare"
    " `similarity(a, b)` with `threshold`.": Other(
        N_(
            "This says yes whatever is given. The answer has to depend on the row: compare the"
            " similarity with the threshold."
        ),
        NO_CODE,
    ),
    "This says no whatever it is given. The answer has to depend on a, b and threshold: compare"
    " `similarity(a, b)` with `threshold`.": Other(
        N_(
            "This says no whatever is given. The answer has to depend on the row: compare the"
            " similarity with the threshold."
        ),
        NO_CODE,
    ),
    "This answers as if the threshold were always -0.45. Use the name threshold, which may be"
    " another number at each call.": Other(
        N_(
            "This answers as if the threshold were always -0.45. Look at the threshold of each row:"
            " it may be another number."
        ),
        NO_CODE,
    ),
    "Almost: a similarity exactly at the threshold is a match too. Use `>=` in place of"
    " `>`.": Other(N_("Almost: a similarity exactly at the threshold is a match too."), NO_CODE),
    "This compares the squared distance: the root is missing. Use `similarity(a, b)`.": Other(
        N_("This compares the squared distance. The distance in the table has its root already."),
        NO_CODE,
    ),
    "`similarity(a, b)` gives one number. Comparing two numbers gives True or False.": Other(
        N_(
            "The similarity is minus the distance. Comparing it with the threshold gives yes or no."
        ),
        NO_CODE,
    ),
    "Write `return similarity(a, b) >= threshold`.": Other(
        N_(
            "Put a minus before the distance. Yes where this number is larger than the threshold or"
            " equal to it: -0.4 is larger than -0.45."
        ),
        NO_CODE,
    ),
    "a list of six texts, each a name or 'nobody'": Other(
        N_("six words with commas between them, each a name or nobody"), NO_QUOTES
    ),
    "Everybody got the name of the nearest, the stranger too: somebody is always nearest. Name the"
    " nearest only when `best` is at least the threshold.": Other(
        N_(
            "Everybody got the name of the nearest, the stranger too: somebody is always nearest."
            " Name the nearest only when the highest similarity is at least the threshold."
        ),
        NO_CODE,
    ),
    "Only the first enrolled person was let in. Use `nearest` and `best`, which come from all"
    " five.": Other(
        N_("Only the first enrolled person was let in. Look at all five columns."), NO_CODE
    ),
    "The stranger got a name and those who are enrolled did not. Turn it round (the value before"
    " `if` is given when what follows it is true): a match is `best >= threshold`.": Other(
        N_(
            "The stranger got a name and those who are enrolled did not. Turn it round: a match is"
            " a similarity of at least the threshold."
        ),
        NO_CODE,
    ),
    "Everybody was turned away, those who are enrolled too. Let `best` and `threshold` decide: a"
    " match is `best >= threshold`.": Other(
        N_(
            "Everybody was turned away, those who are enrolled too. A match is a highest similarity"
            " of at least the threshold."
        ),
        NO_CODE,
    ),
    "The word 'nearest' was given in place of a name. Without quotes, nearest is the name of"
    " whoever is nearest.": Other(
        N_("The word nearest was given in place of a name: give the name of whoever is nearest."),
        NO_QUOTES,
    ),
    "Everybody got the word 'nearest'. Without quotes it is a name; and a name is due only when"
    " `best` is at least the threshold.": Other(
        N_(
            "Everybody got the word nearest. Give the name of whoever is nearest, and only when the"
            " highest similarity is at least the threshold."
        ),
        NO_QUOTES,
    ),
    "`best` is the highest of the five similarities, `nearest` the name that has it. When is nobody"
    " the right answer?": Other(
        N_(
            "Whoever has the highest of the five similarities is the nearest. When is nobody the"
            " right answer?"
        ),
        NO_CODE,
    ),
    'Write `answer.append(nearest if best >= threshold else "nobody")`.': Other(
        N_(
            "Row by row: find the highest similarity. If it is at least the threshold, the name at"
            " the top of its column; else nobody."
        ),
        NO_CODE,
    ),
    # ---- 03
    "This is HOW MANY impostor comparisons may match. Which score stands at that place of"
    " `falling`?": Other(
        N_(
            "This is HOW MANY impostor comparisons may match. Which score stands at that place,"
            " counted from the highest down?"
        ),
        NO_CODE,
    ),
    "This is the threshold of the example above, which nobody chose for a rate. `falling` holds the"
    " scores in order: at which place are 1 in 100 of them passed?": Other(
        N_(
            "This is the threshold of the example above, which nobody chose for a rate. The table"
            " holds scores in order: at which place are 1 in 100 of them passed?"
        ),
        NO_CODE,
    ),
    "At this threshold 1 in 100 GENUINE comparisons is missed. That is an FNMR; for an FMR take the"
    " impostor scores, which `falling` holds.": Other(
        N_(
            "At this threshold 1 in 100 GENUINE comparisons is missed. That is an FNMR; for an FMR"
            " take the impostor scores."
        ),
        NO_CODE,
    ),
    "Its sign is the wrong way round: this is the distance. A score is MINUS the distance, so that"
    " larger means more alike, and `falling` holds scores: take the minus away where you wrote one,"
    " else put one in front.": Other(
        N_(
            "Its sign is the wrong way round: this is the distance. A score is MINUS the distance,"
            " so that larger means more alike: take the minus away where you wrote one, else put"
            " one in front."
        ),
        NO_CODE,
    ),
    "Every score down to the threshold is a false match. How many of them may there be, and at"
    " which place of `falling` does the first stand that may not match?": Other(
        N_(
            "Every score down to the threshold is a false match. How many of them may there be, and"
            " at which place, counted from the highest down, does the first stand that may not"
            " match?"
        ),
        NO_CODE,
    ),
    "`falling` holds the impostor scores from the highest down, and `allowed` is 1 in 100 of their"
    " number. The first `allowed` scores may match; the next one is the threshold (a tiny amount"
    " above it, to be strict): `answer = falling[allowed]`.": Other(
        N_(
            "Divide the number of impostor comparisons by 100: so many may match. The score that"
            " stands at this place, counted from the highest down, is the threshold (a tiny amount"
            " above it, to be strict)."
        ),
        NO_CODE,
    ),
    "This is the FNMR at -0.4, the threshold of the example. Use `chosen.value`, which was chosen"
    " for a rate.": Other(
        N_(
            "This is the FNMR at -0.4, the threshold of the example. Take the threshold that was"
            " chosen for a rate."
        ),
        NO_CODE,
    ),
    "This is the FNMR on dev, the people the threshold was chosen on. Take the genuine scores of"
    " `test`.": Other(
        N_(
            "This is the FNMR on dev, the people the threshold was chosen on. Take the genuine"
            " comparisons of eval."
        ),
        NO_CODE,
    ),
    "The threshold was chosen again on eval. Use `chosen.value`, which comes from dev.": Other(
        N_("The threshold was chosen again on eval. Take the one that was chosen on dev."), NO_CODE
    ),
    "`(test.genuine < chosen.value)` is True for every miss; the mean of trues and falses is the"
    " share of trues.": Other(
        N_(
            "Take the row of eval at the threshold chosen on dev: genuine comparisons below the"
            " threshold, divided by all genuine comparisons."
        ),
        NO_CODE,
    ),
    # ---- 04
    "two numbers in brackets, the lower end first: (0.1, 0.2)": Other(
        N_("two numbers, the lower end first: 0.1 to 0.2"), NO_CODE
    ),
    "First `reach = 1.96 * standard_error`, then `answer = (rate - reach, rate + reach)`.": Other(
        N_(
            "First 1.96 times the standard error: so far the interval reaches to each side. Then"
            " the rate less that, and the rate and that."
        ),
        NO_CODE,
    ),
    "One pair of people too far: `[30]` is the 31st, because Python counts places from 0. The 30th"
    " stands at `[29]`.": Other(
        N_("One pair of people too far: this is the place of the 31st pair."), NO_PYTHON
    ),
    "The place is right; you divided by the comparisons that are LISTED. They are only the most"
    " alike: divide by all impostor comparisons of `half`.": Other(
        N_(
            "The place is right; you divided by the comparisons that are LISTED. They are only the"
            " most alike: divide by all impostor comparisons of the 240 people."
        ),
        NO_CODE,
    ),
    "Python counts places from 0: the comparison at place 0 is the first. Add 1.": Other(
        N_("One place too few: the first comparison of the list stands at place 1."), NO_PYTHON
    ),
    "The refusal rounds up, to be on the safe side. Work it out from `top` and `new`, to see where"
    " its number comes from.": Other(
        N_(
            "The refusal rounds up, to be on the safe side. Work it out from the table of places,"
            " to see where its number comes from."
        ),
        NO_CODE,
    ),
    "The place is right; it was divided by the comparisons of all 480 people. Divide by those of"
    " `half`.": Other(
        N_(
            "The place is right; it was divided by the comparisons of all 480 people. Divide by"
            " those of the first 240."
        ),
        NO_CODE,
    ),
    "`new` is True where a pair of people appears for the first time. `new.cumsum()` counts them"
    " down the list: at which place does it reach 30?": Other(
        N_(
            "Count, down the list, the pairs of people that appear for the first time: at which"
            " place are there 30?"
        ),
        NO_CODE,
    ),
    "`place = 1 + (new.cumsum() == 30).idxmax()` is the place of the 30th new pair of people; then"
    " `answer = place / half.impostor.size`.": Other(
        N_(
            "Read the place of the 30th new pair of people in the table, and divide it by the"
            " number of impostor comparisons among the 240 people."
        ),
        NO_CODE,
    ),
    # ---- 05
    "`both = small.loc[('darker', 'darker')]` is that row, then `answer = both['false matches'] /"
    " both['comparisons']`.": Other(
        N_("Take the row darker, darker: its false matches, divided by its comparisons."), NO_CODE
    ),
    "First the lost pairs, `lost = planned - compared`, then `(lost + missed) / planned`, each"
    " number from `counts`.": Other(
        N_(
            "First the lost pairs: those planned less those compared. Add those that were compared"
            " and missed, and divide by the pairs planned."
        ),
        NO_CODE,
    ),
    # ---- 06
    "`poor = 'light-metered noisy'`, then the gap under it is `small.loc[(poor, 'darker'), 'false"
    " rejection'] - small.loc[(poor, 'lighter'), 'false rejection']`. The same for 'equal'; one gap"
    " minus the other.": Other(
        N_(
            "In the column of false rejection: the row of the poor camera and darker, less that of"
            " the poor camera and lighter. The same for equal; one gap minus the other."
        ),
        NO_CODE,
    ),
    "For each band `people * rates[band]`, where the rate is the one of this band and 'darker'; the"
    " answer is the sum of the three.": Other(
        N_("In each row, people times the rate beside them; the answer is the sum of the three."),
        NO_CODE,
    ),
    "a list of three names, such as ['camera', 'camera', 'age']": Other(
        N_("three words with commas between them, such as camera, camera, age"), NO_QUOTES
    ),
    # ---- 07
    "One row of `came`: photographs turned away, divided by photographs.": Other(
        N_("One row of the table: photographs turned away, divided by photographs."), NO_CODE
    ),
    "`row = came.loc['darker']` is that row, then `answer = row['turned away'] /"
    " row['photographs']`.": Other(
        N_("Take the row darker: turned away, divided by photographs."), NO_CODE
    ),
    "`row = fmr.loc['darker']` is that row; then `answer = 0.9 * row['darker'] + 0.05 *"
    " (row['medium'] + row['lighter'])`.": Other(
        N_(
            "In the row darker: 0.9 times the rate recorded as darker, plus 0.05 times each of the"
            " other two."
        ),
        NO_CODE,
    ),
    # ---- 08
    "Near: you rounded FPIR. Among so many people that moves the answer by some alerts: take"
    " `float(ours.fpir)` as it is.": Other(
        N_(
            "Near: you rounded FPIR. Among so many people that moves the answer by some alerts:"
            " take all its digits."
        ),
        NO_CODE,
    ),
    "A hundred times too few: `fpir` already is a share from 0 to 1. Do not divide by 100"
    " again.": Other(
        N_("A hundred times too few: FPIR already is a share from 0 to 1. Do not divide by 100."),
        NO_CODE,
    ),
    "You took the rate that was asked for when the threshold was chosen. The council's searches"
    " gave another one: it is in `ours.fpir`.": Other(
        N_(
            "You took the rate that was asked for when the threshold was chosen. The council's"
            " searches gave another one: it stands in the table."
        ),
        NO_CODE,
    ),
    "Python multiplies before it subtracts. Put brackets around the difference.": Other(
        N_("Here was multiplied before it was subtracted. Work out the difference first."),
        NO_PYTHON,
    ),
    "`answer = (ours.people - ours.wanted) * float(ours.fpir)`.": Other(
        N_("Take the wanted people off those who pass, and multiply what is left by FPIR."), NO_CODE
    ),
    "Python divides before it adds. Put brackets around the sum below the line.": Other(
        N_("Here was divided before it was added. Work out the sum below the line first."),
        NO_PYTHON,
    ),
    "`answer = fpir / (fpir + tpir)`, with `fpir = float(ours.fpir)` and the same of TPIR.": Other(
        N_("Add FPIR and TPIR, and divide FPIR by the sum."), NO_CODE
    ),
    "This is what the formula 1 - (1 - FMR)^N gives. It takes everybody as equally easy to match;"
    " measured, it takes a larger gallery. Try `share(n)`.": Other(
        N_(
            "This is what the formula 1 - (1 - FMR)^N gives. It takes everybody as equally easy to"
            " match; measured, it takes a larger gallery. Look at the measured shares."
        ),
        NO_CODE,
    ),
    "You halved the size. Half of the SEARCHES is asked for: try `share(n)`.": Other(
        N_("You halved the size. Half of the SEARCHES is asked for: look at the measured shares."),
        NO_CODE,
    ),
    "Here it is more than half already. A smaller gallery is enough: try `share(n)` for sizes"
    " between this one and the row above it.": Other(
        N_(
            "Here it is more than half already. A smaller gallery is enough: look at the sizes"
            " between this one and the row above it."
        ),
        NO_CODE,
    ),
    "Here it is much more than half. Smaller galleries are enough: try `share(n)`.": Other(
        N_("Here it is much more than half. Smaller galleries are enough: look at their shares."),
        NO_CODE,
    ),
    "Python takes a point as the start of decimals: this is a gallery of a few people. A thousand"
    " is written 1000 or `1_000`.": Other(
        N_(
            "A point begins the decimals here: this is a gallery of a few people. A thousand is"
            " written 1000."
        ),
        NO_PYTHON,
    ),
    "`found['dlib'].share(n)` is the measured share in a gallery of n: try some n.": Other(
        N_("The table has the measured share of searches for some sizes of the gallery."), NO_CODE
    ),
    "The table has a size below one half and one above it. Try what lies between.": Other(
        N_("Go down the column of shares to the first that is 0.5 or more; its size is asked for."),
        NO_CODE,
    ),
    # ---- 09
    "Python divides before it subtracts. Put brackets around the difference.": Other(
        N_("Here was divided before it was subtracted. Work out the difference first."), NO_PYTHON
    ),
    "`lost = costs.loc['C', 'not found'] - costs.loc['A', 'not found']`, then `answer = lost /"
    " costs.loc['A', 'enrolled, searched for']`.": Other(
        N_("Not found at C less not found at A, divided by those enrolled who were searched for."),
        NO_CODE,
    ),
    "`answer = (rates.loc['darker'] * entries.loc['over-policed']).sum()`.": Other(
        N_(
            "In the row darker of the rates: each rate times the people of its band in the"
            " over-policed gallery; then the sum of the three."
        ),
        NO_CODE,
    ),
    # ---- 10
    "You took two frames. How many has a passage? `n` says it.": Other(
        N_("You took two frames. How many has a passage? The table says it."), NO_CODE
    ),
    "Without brackets the power belongs to `f` alone, and 1 - 1 is 0: `(1 - f) ** n`.": Other(
        N_("Here the power belongs to f alone. Work out 1 - f first, then its power."), NO_CODE
    ),
    "You multiplied by the number of frames. That all of them are silent is one share times itself,"
    " n times: a power, written `a ** b`.": Other(
        N_(
            "You multiplied by the number of frames. That all of them are silent is one share times"
            " itself, n times: a power."
        ),
        NO_CODE,
    ),
    "`answer = 1 - (1 - f) ** n`.": Other(
        N_(
            "Work out 1 - f, multiply it by itself until it stands there n times, and take that off"
            " 1."
        ),
        NO_CODE,
    ),
    "`row = confused.loc['darker']`, then `answer = (listed.loc['over-policed'] * row).sum() /"
    " (listed.loc['town'] * row).sum()`.": Other(
        N_(
            "For each list, people of each band times the rate of a darker passer-by with that"
            " band, added up; then the over-policed sum divided by the town's."
        ),
        NO_CODE,
    ),
    # ---- 11
    "Python divides before it adds. Put brackets around the sum.": Other(
        N_("Here was divided before it was added. Work out the sum first."), NO_PYTHON
    ),
    "`wrong = (passed['passages'] * passed['wrong name']).sum()`, then `answer = wrong /"
    " passed.loc['residents', 'people']`.": Other(
        N_(
            "In each row, passages times the share with a wrong name. Add the two, and divide by"
            " the number of residents."
        ),
        NO_CODE,
    ),
    "`answer = (pairs['written down'] - pairs['both']) / pairs['written down']`: what is on the"
    " list and not true, out of the list.": Other(
        N_(
            "Pairs written down less those that are both, divided by those written down: what is on"
            " the list and not true, out of the list."
        ),
        NO_CODE,
    ),
    # ---- 12
    "Python divides before it subtracts. Put brackets around each difference.": Other(
        N_("Here was divided before it was subtracted. Work out each difference first."), NO_PYTHON
    ),
    "`step = day.loc['loose'] - day.loc['strict']`, then `answer = step['innocent people alerted']"
    " / step['wanted people found']`.": Other(
        N_(
            "In each column the number of loose less that of strict; then the difference of the"
            " innocent alerted, divided by that of the wanted found."
        ),
        NO_CODE,
    ),
}
"""Sentences of exercises, by what a notebook says."""


def exercise_sentence(sentence: str) -> str:
    """A sentence of an exercise as a page says it, in the reader's language.

    Examples
    --------
    >>> exercise_sentence("`answer = 1 - (1 - f) ** n`.").split(",")[0]
    'Work out 1 - f'
    >>> exercise_sentence("It is too high.")
    'It is too high.'
    """
    other = EXERCISES.get(sentence)
    return _(other.sentence if other else sentence)


def expected(right: Any) -> str:
    """What kind of answer a right value asks for, as a page says it.

    Examples
    --------
    >>> expected(["a", "b"]), expected(3)
    ('2 texts with commas between them', 'a whole number')
    """
    other = EXPECTED.get(answers.kind_of(right))
    if not other:
        return answers.expected(right)
    return _(other.sentence).format(count=np.size(right))


def box(right: Any, unit: str) -> str:
    """What stands under the box of an answer: what kind of number, where it is one number.

    Parameters
    ----------
    right
        The right value.
    unit
        What it counts, as :class:`labkit.learning.exercises.Check` has it.

    Examples
    --------
    >>> box(1920, "count"), box(1190.28, "count"), box(-0.38, "score")
    ('a whole number', 'a number', 'a number, which may be below 0')
    >>> box(0.145, "share"), box({"a"}, "share")
    ('a share, such as 0.25, 25% or 1/4', 'texts with commas between them, such as a, b')
    """
    if answers.kind_of(right) != "number":
        return expected(right)
    number = float(right)
    if number < 0:
        return _("a number, which may be below 0")
    if unit == "share" and number <= 1:
        return _("a share, such as 0.25, 25% or 1/4")
    return _("a whole number") if number.is_integer() else _("a number")
