"""Notebook 07, "Can it be fixed?": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from labkit import published
from labkit.base.words import N_, _
from labkit.measure.rate import RATES
from labkit.remedies import Judged
from labkit.remedies.judged import BETTER, COMPARED, WORSE, key

if TYPE_CHECKING:
    import pandas as pd


def tally(results: Sequence[Judged], looks: pd.DataFrame) -> str:
    """Which remedies make some error rarer, which make one commoner, and which do both.

    Parameters
    ----------
    results
        What the remedies gave; the null remedy may be among them.
    looks
        Their looks, of :func:`labkit.remedies.looks`.
    """
    kinds: dict[str, list[str]] = {}
    for result in results:
        if result.luck is not None:
            continue
        rows: Any = looks.xs(key(result), level="remedy")
        verdicts = set(rows["verdict"])
        kind = "both" if {BETTER, WORSE} <= verdicts else ""
        kind = kind or ("better" if BETTER in verdicts else "worse" if WORSE in verdicts else "no")
        kinds.setdefault(kind, []).append(key(result))
    told = {
        "better": N_("Some error gets rarer, none is shown to get commoner: {names}."),
        "both": N_("An error gets rarer for some and commoner for others: {names}."),
        "worse": N_("Some error gets commoner, none is shown to get rarer: {names}."),
        "no": N_("Nothing is shown that luck could not have done: {names}."),
    }
    lines = [_(words).format(names="; ".join(kinds[k])) for k, words in told.items() if k in kinds]
    many = _("This holds after adjusting for {looks} looks of the page.")
    return "\n".join([*lines, many.format(looks=int(looks["looks"].max()))])


def gate(judged: Judged) -> str:
    """The gate's two stories: FNMR, which forgets whom it turned away, and false rejection.

    Parameters
    ----------
    judged
        What the gate did.
    """
    told = []
    for group in judged.before.names:
        fnmr, rejected = (
            tuple(100 * t[group, rate].value for t in (judged.before, judged.after))
            for rate in ("fnmr", "false_rejection")
        )
        words = _("{group}: FNMR {a:.1f} to {b:.1f}, false rejection {c:.1f} to {d:.1f}")
        told.append(words.format(group=group, a=fnmr[0], b=fnmr[1], c=rejected[0], d=rejected[1]))
    each = "; ".join(told)
    last = judged.before.names[-1]
    fell = judged.after[last, "fnmr"].value < judged.before[last, "fnmr"].value
    rose = judged.change("false_rejection", last) > 0
    if fell and rose:
        verdict = _(
            "For {group} people FNMR looks better because those who would have been missed are sent"
            " home first; of all who came, fewer are recognised."
        )
    elif rose:
        verdict = _("For {group} people neither looks better: more are sent home than are spared.")
    else:
        verdict = _("For {group} people false rejection does not rise.")
    return _("In 100: {each}. {verdict}").format(each=each, verdict=verdict.format(group=last))


def records(by_record: pd.DataFrame) -> str:
    """Whom a wrong record hurts most, and what it does to them.

    Parameters
    ----------
    by_record
        What :func:`labkit.remedies.by_record` gives.
    """
    rows: dict[tuple[Hashable, Hashable], Any] = dict(
        zip(by_record.index, by_record.to_dict("records"), strict=True)
    )
    wrong = [pair for pair, row in rows.items() if not row["right"]]

    def ratio(pair: tuple[Hashable, Hashable], rate: str) -> float:
        return float(rows[pair][rate]) / float(rows[pair[0], pair[0]][rate])

    told = []
    for rate in COMPARED:
        group, record = worst = max(wrong, key=lambda pair: ratio(pair, rate))
        words = _(
            "{rate}: hit hardest are {group} people whose record says {record}, {ratio:.2f} times"
            " as often ({wrong:.2f} in 100 where a right record gives {right:.2f})."
        )
        told.append(
            words.format(
                rate=_(RATES[rate].short),
                group=group,
                record=record,
                ratio=ratio(worst, rate),
                wrong=100 * float(rows[worst][rate]),
                right=100 * float(rows[group, group][rate]),
            )
        )
    told.append(
        _(
            "In the table of a whole band, ten wrong records in a hundred are hardly seen. Whoever"
            " has one lives with it every time."
        )
    )
    return "\n".join(told)


def held(looks: pd.DataFrame, final: pd.DataFrame) -> str:
    """What of the claims made on eval was seen again on people at whom nobody had looked.

    Parameters
    ----------
    looks
        The looks of the notebook.
    final
        The final table, of :func:`labkit.remedies.final`.
    """
    again = {
        (f"{row['remedy']} ({row['matcher']})", row["what"], row["group"]): row
        for row in final.to_dict("records")
    }
    claimed = [k for k in looks.index[looks["claimed"]] if k in again]
    if not claimed:
        return _("None of the changes claimed above is in the final table.")
    same, other, way = 0, [], dict(zip(looks.index, looks["change"], strict=True))
    for k in claimed:
        neutral = 1.0 if k[1].endswith("fmr") else 0.0
        if (way[k] - neutral) * (float(again[k]["change"]) - neutral) > 0:
            same += 1
        else:
            other.append(f"{k[0]}, {k[1]}, {k[2]}")
    shown = sum(again[k]["verdict"] not in ("not shown", "too few", "unchanged") for k in claimed)
    told = _(
        "Of the {all} changes claimed above that are in the final table, {same} go the same way"
        " there, and {shown} are shown again. It has fewer people and more looks."
    ).format(all=len(claimed), same=same, shown=shown)
    if other:
        told += " " + _("The other way: {which}.").format(which="; ".join(other))
    return told


def perfect() -> str:
    """What two sides said of a matcher that works, in their own words, from the record."""
    table: Any = published.load("arguments").table.set_index("id")
    told = []
    for name in ("c-accurate", "v-tool"):
        row = table.loc[name]
        told.append(
            _('{who}, {when}: "{words}". {reply_by}: "{reply}".').format(
                who=row["who"],
                when=str(row["date"])[:4],
                words=row["words"],
                reply_by=row["reply_by"],
                reply=row["reply_words"],
            )
        )
    return "\n".join(told)
