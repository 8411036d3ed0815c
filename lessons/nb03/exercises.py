"""Notebook 03, "Tune the threshold": its exercises; right values and mistakes are computed."""

from __future__ import annotations

import functools

import numpy as np

from labkit import data
from labkit.base.words import N_
from labkit.learning.exercises import Absolute, Check, Choose
from labkit.measure import rates
from labkit.measure.faces import compare_faces

FMR = 1e-2
"""The rate at which the notebook works: errors enough to count on 480 people."""

EXAMPLE = -0.4
"""The threshold with which the notebook shows what FMR and FNMR are, before one is chosen."""


@functools.cache
def threshold(name: str = "anytown/dev") -> float:
    """Threshold at an FMR of 1e-2 over all pairs of a set."""
    return rates.threshold_at_fmr(compare_faces(data.load(name)).impostor, FMR)


@functools.cache
def _on_dev() -> dict[str, float]:
    """What each mistake with the scores of dev gives."""
    dev = compare_faces(data.load("anytown/dev"))
    genuine, impostor = dev.genuine, dev.impostor
    return {
        "wrong end": float(np.quantile(impostor, FMR)),
        "genuine": rates.threshold_at_fmr(genuine, FMR),
        "fnmr": float(np.quantile(genuine, FMR)),
        "both": rates.threshold_at_fmr(np.concatenate([genuine, impostor]), FMR),
        "allowed": int(FMR * impostor.size),
        "stricter": rates.threshold_at_fmr(impostor, FMR / 10),
        "looser": rates.threshold_at_fmr(impostor, FMR * 10),
        "missed": rates.fnmr(genuine, threshold()),
    }


@functools.cache
def _on_eval() -> dict[str, float]:
    """FNMR on eval at the threshold from dev, and what each mistake with these scores gives."""
    test, t = compare_faces(data.load("anytown/eval")), threshold()
    genuine, impostor = test.genuine, test.impostor
    fmr = rates.fmr(impostor, t)
    return {
        "missed": rates.fnmr(genuine, t),
        "misses": int((genuine < t).sum()),
        "genuine": genuine.size,
        "impostor": int((genuine < t).sum()) / impostor.size,
        "example": rates.fnmr(genuine, EXAMPLE),
        "all": int((genuine < t).sum()) / (genuine.size + impostor.size),
        "refused": 1 - fmr,
        "fmr": fmr,
        "failures": rates.false_rejection(genuine, t, test.planned_mated),
        "chosen here": rates.fnmr(genuine, rates.threshold_at_fmr(impostor, FMR)),
    }


THRESHOLD = Check(
    "03-a",
    question=N_("Which threshold gives dlib an FMR of 1e-2 on the comparisons of dev?"),
    reference=threshold,
    tolerance=Absolute(3e-4),
    goes_on=False,
    unit="score",
    wrong={
        "the rate itself": (
            lambda: FMR,
            N_(
                "0.01 is the rate that is asked for. A threshold is a score: the one above which 1"
                " in 100 impostor comparisons lie."
            ),
        ),
        "how many may match": (
            lambda: _on_dev()["allowed"],
            N_(
                "This is HOW MANY impostor comparisons may match. Which score stands at that place"
                " of `falling`?"
            ),
        ),
        "the example's threshold": (
            lambda: EXAMPLE,
            N_(
                "This is the threshold of the example above, which nobody chose for a rate."
                " `falling` holds the scores in order: at which place are 1 in 100 of them passed?"
            ),
        ),
        "sorted the wrong way": (
            lambda: _on_dev()["wrong end"],
            N_(
                "99 in 100 impostor comparisons score higher than this: nearly everybody would"
                " match everybody. A match is a score AT OR ABOVE the threshold, so count from the"
                " other end, the highest score downwards."
            ),
        ),
        "took the genuine scores": (
            lambda: _on_dev()["genuine"],
            N_(
                "Only the 1 in 100 most alike pictures of the SAME person reach this. False matches"
                " come from two different people: use the impostor scores."
            ),
        ),
        "set an FNMR of 1e-2": (
            lambda: _on_dev()["fnmr"],
            N_(
                "At this threshold 1 in 100 GENUINE comparisons is missed. That is an FNMR; for an"
                " FMR take the impostor scores, which `falling` holds."
            ),
        ),
        "percentile of all pairs": (
            lambda: _on_dev()["both"],
            N_(
                "Close, but the genuine scores were sorted in with the impostor scores. The"
                " denominator of FMR holds impostor comparisons only."
            ),
        ),
        "sign of the distance": (
            lambda: -threshold(),
            N_(
                "Its sign is the wrong way round: this is the distance. A score is MINUS the"
                " distance, so that larger means more alike, and `falling` holds scores: take the"
                " minus away where you wrote one, else put one in front."
            ),
        ),
        "FMR of 1e-3": (
            lambda: _on_dev()["stricter"],
            N_("1e-2 is 1 in 100. This threshold calls 1 in 1,000 a match."),
        ),
        "FMR of 1e-1": (
            lambda: _on_dev()["looser"],
            N_("1e-2 is 1 in 100. This threshold calls 1 in 10 a match."),
        ),
        "chosen on eval": (
            lambda: threshold("anytown/eval"),
            N_(
                "This is the threshold for the people of eval. On the people it was chosen on,"
                " every threshold has the FMR that was asked for; eval is kept for the judging."
                " Choose on dev."
            ),
        ),
    },
    hint=N_(
        "Every score down to the threshold is a false match. How many of them may there be, and at"
        " which place of `falling` does the first stand that may not match?"
    ),
    way=N_(
        "`falling` holds the impostor scores from the highest down, and `allowed` is 1 in 100 of"
        " their number. The first `allowed` scores may match; the next one is the threshold (a tiny"
        " amount above it, to be strict): `answer = falling[allowed]`."
    ),
)

MISSED = Check(
    "03-b",
    question=N_("What is dlib's FNMR on eval at the threshold that was chosen on dev?"),
    reference=lambda: _on_eval()["missed"],
    tolerance=Absolute(2e-4),
    goes_on=False,
    parts=(lambda: _on_eval()["misses"], lambda: _on_eval()["genuine"]),
    wrong={
        "impostor comparisons as denominator": (
            lambda: _on_eval()["impostor"],
            N_(
                "The misses are right, what they are divided by is not: a miss happens between two"
                " photographs of ONE person, and you divided by the comparisons of two people."
            ),
        ),
        "at the example's threshold": (
            lambda: _on_eval()["example"],
            N_(
                "This is the FNMR at -0.4, the threshold of the example. Use `chosen.value`, which"
                " was chosen for a rate."
            ),
        ),
        "measured on dev": (
            lambda: _on_dev()["missed"],
            N_(
                "This is the FNMR on dev, the people the threshold was chosen on. Take the genuine"
                " scores of `test`."
            ),
        ),
        "share that was recognised": (
            lambda: 1 - _on_eval()["missed"],
            N_(
                "This is the share of genuine comparisons that DO match (TAR, the true accept"
                " rate). A miss is a genuine score BELOW the threshold."
            ),
        ),
        "all comparisons as denominator": (
            lambda: _on_eval()["all"],
            N_(
                "The misses are right, the denominator is not: misses can only happen in genuine"
                " comparisons, so divide by their number, not by that of all comparisons."
            ),
        ),
        "impostor scores": (
            lambda: _on_eval()["refused"],
            N_(
                "This is the share of IMPOSTOR comparisons that are rightly refused. FNMR counts"
                " genuine comparisons."
            ),
        ),
        "measured the FMR": (
            lambda: _on_eval()["fmr"],
            N_("This is the FMR on eval. FNMR counts genuine comparisons below the threshold."),
        ),
        "failures counted as misses": (
            lambda: _on_eval()["failures"],
            N_(
                "This counts pairs that could not be compared, because no face was found, as"
                " misses. It is a rate worth knowing (false rejection, failures included; notebook"
                " 05), but FNMR divides by the comparisons that were MADE."
            ),
        ),
        "chosen on eval": (
            lambda: _on_eval()["chosen here"],
            N_("The threshold was chosen again on eval. Use `chosen.value`, which comes from dev."),
        ),
    },
    hint=N_(
        "A miss is a genuine comparison that does NOT match: on which side of the threshold does"
        " its score lie? And FNMR is a share: of which comparisons?"
    ),
    way=N_(
        "`(test.genuine < chosen.value)` is True for every miss; the mean of trues and falses is"
        " the share of trues."
    ),
)


COSTS = Choose(
    "03-c",
    question=N_(
        "A phone, a border gate, a police search: take one use and one setting. Who bears which"
        " error?"
    ),
    options={
        "phone, strict": N_(
            "A strict phone refuses its owner more often, who then types a code: the cost is small,"
            " falls on the person who bought it, and can be seen at once. It keeps out a sibling or"
            " a thief, which is what the lock is for. Its owner tries many times a day, so even a"
            " small FNMR is felt, and people who are refused often switch the lock off."
        ),
        "phone, loose": N_(
            "A loose phone hardly ever refuses its owner. What it lets in is rare, because few"
            " strangers ever hold the phone, but the people who do are not strangers: a partner, a"
            " child, an officer who holds it up to a face. The owner bears the cost and mostly"
            " never learns of it. Some phones let the owner choose; who should set the value at"
            " delivery?"
        ),
        "gate, strict": N_(
            "A strict border gate sends more travellers with their own passports to an officer."
            " Each loses minutes, the airport pays staff, and if the misses fall on some groups"
            " more than on others, those groups are questioned more often. In return fewer people"
            " pass with somebody else's passport; they bring the best look-alike they can find, so"
            " the FMR against strangers is too friendly a number here."
        ),
        "gate, loose": N_(
            "A loose border gate keeps the queue short. It lets more people pass with a passport"
            " that is not theirs; that cost falls on the state and on whoever the passport was"
            " taken from, and nobody at the gate sees it happen. An officer behind the gate can"
            " catch an error of the first kind only, the traveller who was refused."
        ),
        "search, strict": N_(
            "A strict search against many photographs returns fewer people who have nothing to do"
            " with the matter, and misses the person more often, if they are in the gallery at all;"
            " if not, every name returned is wrong. The cost of a miss falls on victims and"
            " investigators; other ways to search remain. Strict is not never: somebody uninvolved"
            " can still come first. And the same setting is far less strict here than at a phone:"
            " one photograph is compared with every entry, not with one (a later notebook)."
        ),
        "search, loose": N_(
            "A loose search returns the person more often, if they are in the gallery at all, and"
            " with them strangers whom the matcher finds alike; if they are not in it, every name"
            " returned is wrong. The cost of each false match falls on somebody who did not choose"
            " to take part and cannot correct it: questioning, an arrest, days in a cell, and a"
            " record that outlasts the release. Those who argue for it say that a trained person"
            " looks at every candidate and that the search only narrows the field; those who argue"
            " against it say that people tend to trust what a machine puts before them."
        ),
        "default for all": N_(
            "The default in the library was chosen on other faces. On these people it has an error"
            " rate that nobody chose, as you have measured, and the three uses differ in what an"
            " error costs and whom. This option decides without deciding."
        ),
    },
    best={f"{use}, {how}" for use in ("phone", "gate", "search") for how in ("strict", "loose")},
)

EXERCISES = (THRESHOLD, MISSED, COSTS)
