"""Notebook 07, "Can it be fixed?": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from labkit import published
from labkit.base.words import N_, _
from labkit.measure.intervals import paired_difference
from labkit.measure.rate import RATES
from labkit.remedies import Judged
from labkit.remedies.judged import (
    BETTER,
    COMPARED,
    GAP,
    NARROWER,
    NOT_SHOWN,
    TURNED,
    WIDER,
    WORSE,
    key,
    luck_of,
)

if TYPE_CHECKING:
    import pandas as pd


SMALLER, LARGER = {BETTER, NARROWER, TURNED}, {WORSE, WIDER, TURNED}
"""Verdicts on rates and gaps; a gap that turned over is smaller for some and larger for others."""


def tally(results: Sequence[Judged], looks: pd.DataFrame) -> str:
    """Which remedies make some error or gap smaller, which make one larger, and which do both.

    Of those without a price that was shown, the largest change for the worse is told without any
    adjustment, and what could have been missed: adjusting protects against claiming a benefit, not
    against missing a harm.

    Parameters
    ----------
    results
        What the remedies gave; the null remedy may be among them.
    looks
        Their looks, of :func:`labkit.remedies.looks`.
    """
    kinds: dict[str, list[str]] = {}
    prices = []
    for result in results:
        if result.luck is not None:
            continue
        rows: Any = looks.xs(key(result), level="remedy")
        verdicts = set(rows["verdict"])
        kind = _kind(verdicts)
        kinds.setdefault(kind, []).append(key(result) + _gaps_of(rows))
        if kind == "better":
            prices.append(f"{key(result)}: {_price(rows)}")
    told = {
        "better": N_("An error or a gap gets smaller, none is shown to get larger: {names}."),
        "both": N_("An error or a gap gets smaller and another larger: {names}."),
        "worse": N_("An error or a gap gets larger, none is shown to get smaller: {names}."),
        "no": N_("No change of a rate or a gap is shown: {names}."),
    }
    lines = [_(words).format(names="; ".join(kinds[k])) for k, words in told.items() if k in kinds]
    many = _("This holds after adjusting for {looks} looks of the page.")
    lines.append(many.format(looks=int(looks["looks"].max())))
    if prices:
        words = _("Who may pay all the same, without any adjustment: {each}.")
        lines.append(words.format(each="; ".join(prices)))
    return "\n".join(lines)


def _kind(verdicts: set[str]) -> str:
    """What a remedy is shown to do: something smaller, something larger, both, or nothing."""
    better, worse = bool(verdicts & SMALLER), bool(verdicts & LARGER)
    return "both" if better and worse else "better" if better else "worse" if worse else "no"


def _gaps_of(rows: pd.DataFrame) -> str:
    """What is shown of a remedy's gaps, in brackets."""
    said = [
        _("gap in {rate} {verdict}").format(
            rate=_(RATES[what.removeprefix(f"{GAP} ")].short), verdict=_(row["verdict"])
        )
        for (what, _group), row in zip(rows.index, rows.to_dict("records"), strict=True)
        if what.startswith(GAP) and row["verdict"] in SMALLER | LARGER
    ]
    return f" [{', '.join(said)}]" if said else ""


def _price(rows: pd.DataFrame) -> str:
    """For each rate, the group that moved most for the worse, and what could have been missed."""
    told = []
    for rate in COMPARED:
        own: Any = rows.xs(rate, level="what") if rate in rows.index.get_level_values(0) else None
        own = None if own is None else own[own["low"].notna()]
        if own is None or not len(own):
            continue
        group = own["change"].idxmax()
        row = own.loc[group]
        neutral = 1.0 if RATES[rate].of_pairs else 0.0
        name = _(RATES[rate].short)
        if row["change"] <= neutral:
            words = _("{rate} rose in no band")
        elif row["low"] > neutral:
            words = _("{rate} of {group} {change}")
        else:
            words = _("{rate} of {group} {change}, not shown; only {least} would be found")
        told.append(
            words.format(rate=name, group=group, change=_moved(row, rate), least=_least(row, rate))
        )
    return ", ".join(told) or _("too few to tell")


def _moved(row: Any, rate: str) -> str:
    """A change with its interval."""
    if RATES[rate].of_pairs:
        return _("times {change:.2f} [{low:.2f}, {high:.2f}]").format(
            change=row["change"], low=row["low"], high=row["high"]
        )
    numbers = {end: 100 * row[end] for end in ("change", "low", "high")}
    return _("{change:+.1f} in 100 [{low:+.1f}, {high:+.1f}]").format(**numbers)


def _least(row: Any, rate: str) -> str:
    """The least change for the worse that would be found four times in five, as the only look."""
    if RATES[rate].of_pairs:
        return _("above {least:.2f} times").format(least=row["detectable"])
    return _("{least:+.1f} or more").format(least=100 * row["detectable"])


def rejected(by_group: Judged, nothing: Judged) -> str:
    """What becomes of the darker people's rejections, and how far luck alone moves them.

    Parameters
    ----------
    by_group, nothing
        Group thresholds and the null remedy of one matcher.
    """
    rate, group = "false_rejection", by_group.before.names[-1]
    before, after = (t[group, rate].value for t in (by_group.before, by_group.after))
    low, high = luck_of((nothing.luck or {})[rate, group])
    words = (
        _("{after:.3f} are rejected, {before:.3f} before. Luck alone gives {low:.3f} to {high:.3f}")
        if low <= after - before <= high
        else _("{after:.3f}, {before:.3f} before: more than luck, {low:.3f} to {high:.3f}")
    )
    return words.format(after=after, before=before, low=before + low, high=before + high)


def gate(judged: Judged) -> str:
    """Whom the gate sends home: how many of their pairs would have matched, and what FNMR shows.

    Parameters
    ----------
    judged
        What the gate did.
    """
    told = []
    for group in judged.before.names:
        fnmr, refused = (
            tuple(100 * t[group, rate].value for t in (judged.before, judged.after))
            for rate in ("fnmr", "false_rejection")
        )
        words = _("{group}: FNMR {a:.1f} to {b:.1f}, false rejection {c:.1f} to {d:.1f}")
        told.append(words.format(group=group, a=fnmr[0], b=fnmr[1], c=refused[0], d=refused[1]))
    last = judged.before.names[-1]
    old, new = (table.row(last) for table in (judged.before, judged.after))
    home = round(float(old.made.sum() - new.made.sum()))
    if not home:
        verdict = _("No pair of {group} people is sent home.").format(group=last)
        return _("In 100: {each}. {verdict}").format(each="; ".join(told), verdict=verdict)
    # At the threshold before; who was let through is missed or not at the new one.
    matched = home - round(float(old.missed.sum() - new.missed.sum()))
    verdict = _(
        "Of {home} pairs of {group} people that are sent home, about {matched} would have matched."
    ).format(home=home, group=last, matched=min(max(matched, 0), home))
    moved = paired_difference(new.terms("fnmr"), old.terms("fnmr"))
    if moved.words:
        fnmr_is = _("How FNMR moves, too few can tell.")
    else:
        ends = {n: 100 * getattr(moved, n) for n in ("value", "low", "high")}
        if moved.low <= 0 <= moved.high:
            words = _(
                "That FNMR changes is not shown: {value:+.1f} in 100 [{low:+.1f}, {high:+.1f}]."
            )
        elif moved.value < 0:
            words = _(
                "FNMR, which forgets them, falls: {value:+.1f} in 100 [{low:+.1f}, {high:+.1f}]."
            )
        else:
            words = _("FNMR rises all the same: {value:+.1f} in 100 [{low:+.1f}, {high:+.1f}].")
        fnmr_is = words.format(**ends)
    return _("In 100: {each}. {verdict}").format(
        each="; ".join(told), verdict=f"{verdict} {fnmr_is}"
    )


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
        none = _("None of the changes claimed above is in the final table.")
        return f"{none}\n{_harms(looks, final)}"
    way = dict(zip(looks.index, looks["change"], strict=True))
    verdict = dict(zip(looks.index, looks["verdict"], strict=True))
    kinds = {
        "better": [k for k in claimed if verdict[k] == BETTER],
        "worse": [k for k in claimed if verdict[k] == WORSE],
        "gaps": [k for k in claimed if k[1].startswith(GAP)],
    }
    said = {
        "better": N_("Of {all} rates that got better {same} go the same way, {shown} shown again."),
        "worse": N_("Of {all} rates that got worse {same} go the same way, {shown} shown again."),
        "gaps": N_("Of {all} gaps that changed {same} go the same way, {shown} shown again."),
    }
    told, other = [_("Of what was claimed above and is in the final table:")], []
    for kind, own in kinds.items():
        if not own:
            continue
        same = [k for k in own if _as_far(k[1], way[k]) * _as_far(k[1], again[k]["change"]) > 0]
        other += [f"{k[0]}, {k[1]}, {k[2]}" for k in own if k not in same]
        shown = [k for k in same if again[k]["verdict"] in SMALLER | LARGER]
        told.append(_(said[kind]).format(all=len(own), same=len(same), shown=len(shown)))
        if kind == "better" and shown:
            which = "; ".join(f"{k[0]}, {_(RATES[k[1]].short)}, {k[2]}" for k in shown)
            told.append(_("Shown again: {which}.").format(which=which))
    told.append(_("The final table has fewer people and more looks."))
    if other:
        told.append(_("The other way: {which}.").format(which="; ".join(other)))
    return "\n".join([*told, _harms(looks, final)])


def _as_far(what: str, change: float) -> float:
    """A change, less what it is where nothing changes."""
    return float(change) - (1.0 if what.endswith("fmr") else 0.0)


def _harms(looks: pd.DataFrame, final: pd.DataFrame) -> str:
    """What remedies without a shown price may do: rates that rise unless many looks are adjusted.

    Parameters
    ----------
    looks
        The looks of the notebook: remedies that it shows to make something smaller, nothing larger.
    final
        The final table, of :func:`labkit.remedies.final`.
    """
    names = dict.fromkeys(str(name).rpartition(" (")[0] for name, _what, _group in looks.index)
    shown = {name: set[str]() for name in names}
    for (name, _what, _group), verdict in zip(looks.index, looks["verdict"], strict=True):
        shown[str(name).rpartition(" (")[0]].add(verdict)
    told = []
    for row in final.to_dict("records"):
        rate = str(row["what"])
        if rate not in COMPARED or row["verdict"] != NOT_SHOWN:
            continue
        if _kind(shown.get(row["remedy"], set())) != "better":
            continue
        if _as_far(rate, row["low"]) > 0:
            words = _("{remedy} ({matcher}), {rate} of {group} {change}")
            told.append(
                words.format(
                    remedy=row["remedy"],
                    matcher=row["matcher"],
                    rate=_(RATES[rate].short),
                    group=row["group"],
                    change=_moved(row, rate),
                )
            )
    if not told:
        return _("Of remedies without a shown price, no rate rises, adjusted or not.")
    return _(
        "Adjusting guards against praise by luck, and can hide a harm. Of remedies without a shown"
        " price these rise without it: {each}."
    ).format(each="; ".join(told))


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
