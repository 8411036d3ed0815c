"""Notebook 06, "Why unequal?": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.  The full
form uses the longer sentences of :mod:`labkit.experiment`; here stand the short ones of the core,
and what the page answers to its two readers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.experiment import changes, mix_words
from labkit.experiment.camera import GOOD, POOR
from labkit.experiment.mixes import DARKER, LIGHTER, MIXES, RECENTRED, TRAINED
from labkit.experiment.trainings import Effect, short

if TYPE_CHECKING:
    import pandas as pd

    from labkit.experiment.camera import Cameras
    from labkit.experiment.mixes import Study
    from labkit.measure.intervals import Interval


def mix(study: Study) -> str:
    """What the mix does to the gap in false matches, in each training, and whether it is a cause.

    Parameters
    ----------
    study
        Of the networks.
    """
    effect = study.slope()
    if effect.words:
        return _("What the mix does cannot be said: {words}.").format(words=effect.words)
    first, last = (study.mean_gap(mix) for mix in (MIXES[0], MIXES[-1]))
    said = _(
        "FMR of darker over that of lighter is {first} at {one} and {last} at {other}. Along the"
        " line through the mixes it is {changed}; in the {n} trainings {each}."
    ).format(
        first=short(first.ratio) if not first.words else first.words,
        last=short(last.ratio) if not last.words else last.words,
        one=mix_words.mix_name(MIXES[0]),
        other=mix_words.mix_name(MIXES[-1]),
        changed=mix_words.changed(effect),
        n=len(effect.trainings),
        each=_apiece(effect),
    )
    if not effect.shown:
        missed = mix_words.could_miss(effect)
        return f"{said} {_('No effect of the mix was shown: {missed}.').format(missed=missed)}"
    cause = _("Only the mix was changed: for these networks of invented people it is a cause.")
    return f"{said} {cause}"


def _apiece(effect: Effect) -> str:
    """The factor in each training, in the direction of their mean."""
    sign = -1 if effect.log < 0 else 1
    values = [short(math.exp(sign * value)) for value in effect.trainings]
    return _("{some} and {last}").format(some=", ".join(values[:-1]), last=values[-1])


def missed(study: Study) -> str:
    """Who is missed more, as trained, and with the origin moved to the mean of balanced people.

    Parameters
    ----------
    study
        Of the networks.
    """
    trained = study.slope("false_rejection")
    moved = study.slope("false_rejection", origin=RECENTRED)
    matches = study.recentred()
    lines = [
        _("As trained, rejections, darker over lighter: {changed}. {who}").format(
            changed=mix_words.changed(trained), who=_who(study, trained)
        )
    ]
    if not matches.first.shown or matches.second.words:
        lines.append(_("That there is a slope which another origin could mend is not shown."))
        return "\n".join(lines)
    lines.append(
        _(
            "With the origin moved, false matches: {after} ({share}); rejections: {changed}. {who}"
            " {price}"
        ).format(
            after=mix_words.changed(matches.second),
            share=_part(matches.change, matches.share),
            changed=mix_words.changed(moved),
            who=_who(study, moved, RECENTRED),
            price=_price(study),
        )
    )
    return "\n".join(lines)


def _who(study: Study, effect: Effect, origin: str = TRAINED) -> str:
    """Who is missed more: a level only where the two ends lie on two sides of equal."""
    if effect.words:
        return _("Who is missed more is not known.")
    if not effect.shown:
        return _("Not shown: {missed}.").format(missed=mix_words.could_miss(effect))
    ends = [study.mean_gap(mix, "false_rejection", origin=origin) for mix in (MIXES[0], MIXES[-1])]
    ways = [0 if end.words else end.direction for end in ends]
    if ways == [-1, 1]:
        return _("Whoever was seen MORE is missed more, at both ends.")
    if ways == [1, -1]:
        return _("Whoever was seen LESS is missed more, at both ends.")
    one, other = (
        _end(name, end, way) for name, end, way in zip(mix_words.ends(), ends, ways, strict=True)
    )
    return _("That is a change: {one}, {other}.").format(one=one, other=other)


def _end(name: str, effect: Effect, way: int) -> str:
    """Who is rejected more at one mix."""
    if not way:
        return _("at {mix} no difference is shown ({ratio})").format(
            mix=name, ratio=effect.words or short(effect.ratio)
        )
    words = _("at {mix} {band} is rejected more ({ratio})")
    band = _(DARKER if way > 0 else LIGHTER)
    return words.format(mix=name, band=band, ratio=short(effect.ratio))


def _price(study: Study) -> str:
    """What the moved origin does to the gap in rejections where the darker are rare."""
    before, after = (study.difference(MIXES[0], origin=origin) for origin in (TRAINED, RECENTRED))
    gap = study.mean_gap(MIXES[0], "false_rejection", origin=RECENTRED)
    words = _(
        "At {mix} rejections, darker minus lighter, go from {before} to {after} of 100 with it."
    )
    if not gap.words and gap.shown and abs(after) > abs(before):
        words = _(
            "The price: at {mix} rejections, darker minus lighter, go from {before} to {after} of"
            " 100."
        )
    return words.format(
        mix=mix_words.ends()[0],
        before=changes.hundred(before, sign=True),
        after=changes.hundred(after, sign=True),
    )


def _part(change: Effect, share: float) -> str:
    """How much of a slope another origin takes away."""
    if change.words or not change.shown:
        return _("that this changes anything is not shown")
    if share <= 0:
        return _("no less than before")
    return _("{share} in 100 of its logarithm gone").format(share=round(100 * share))


def balance(study: Study) -> str:
    """What is left with balanced training, in both errors, and the control that cannot matter.

    Parameters
    ----------
    study
        Of the networks.
    """
    return f"{_most(study)} {_verdict(study, brief=True)}\n{_control(study)}"


def _most(study: Study) -> str:
    """In how many of the balanced networks the darker band is rejected most."""
    highest = [band for name in study.balanced() for band in study.highest(name)]
    k, n = highest.count(DARKER), len(highest)
    if k == n:
        words = _("In each of the {n} balanced networks darker is rejected most.")
        return words.format(n=n)
    return _("Darker is rejected most in {k} of the {n} balanced networks.").format(k=k, n=n)


Look = tuple[str, str, str, str]
"""A rate, a mix, and two bands, the first over the second."""

PAIRS = ((DARKER, LIGHTER), ("medium", LIGHTER), (DARKER, "medium"))
ASKED = ("fmr", DARKER, LIGHTER)
"""What is asked of balance first; all else is exploratory."""


def _looks(study: Study) -> dict[Look, Effect]:
    """Both errors of every two bands, in each balanced mix."""
    return {
        (rate, name, one, other): study.mean_gap(name, rate, between=(one, other))
        for rate in ("fmr", "false_rejection")
        for name in study.balanced()
        for one, other in PAIRS
    }


def _claimed(looks: Mapping[Look, Effect]) -> list[Look]:
    """Those of several looks in which something is shown, adjusted for all of them."""
    named = {str(place): effect for place, effect in enumerate(looks.values())}
    shown = mix_words.shown_of(named)
    return [key for key, yes in zip(looks, shown.values(), strict=True) if yes]


def _left(study: Study, looks: dict[Look, Effect]) -> tuple[list[Look], list[Look]]:
    """All gaps that are shown among all looks: of bands learned from, and of a band that was not.

    The largest first.
    """
    claimed = sorted(_claimed(looks), key=lambda key: -abs(looks[key].log))
    inside = [key for key in claimed if all(study.learned_from(key[1], b) for b in key[2:])]
    return inside, [key for key in claimed if key not in inside]


def _verdict(study: Study, *, brief: bool = False) -> str:
    """Whether balance gave equal errors: every gap that is shown, of bands learned from or not."""
    looks = _looks(study)
    if all(effect.words for effect in looks.values()):
        return _("So nothing is said of balance.")
    inside, outside = _left(study, looks)
    if not inside and not outside:
        return _("Adjusted for {n} looks no gap is shown in either error.").format(n=len(looks))
    told = []
    if any((key[0], *key[2:]) == ASKED for key in inside):
        told.append(_("Balanced training did not give equal false matches."))
    elif not any((key[0], *key[2:]) == ASKED for key in outside):
        told.append(_("Between darker and lighter no gap in FMR is shown."))
    told.append(_gaps_stay(study, looks, inside, outside, brief=brief))
    return " ".join(told)


def _gaps_stay(
    study: Study,
    looks: dict[Look, Effect],
    inside: list[Look],
    outside: list[Look],
    *,
    brief: bool = False,
) -> str:
    """Every gap that is shown, adjusted for all looks; in brief without its interval."""
    told = []
    if inside:
        told.append(
            _("of bands learned from, {listed}").format(listed=_listed(study, inside, looks, brief))
        )
    if outside:
        told.append(
            _("with a band not learned from, {listed}").format(
                listed=_listed(study, outside, looks, brief)
            )
        )
    words = _("Adjusted for {n} looks, gaps stay: {listed}.")
    return words.format(n=len(looks), listed="; ".join(told))


def _listed(
    study: Study, keys: Sequence[Look], looks: dict[Look, Effect], brief: bool = False
) -> str:
    """Gaps, those of one mix together."""
    told = []
    for name in dict.fromkeys(key[1] for key in keys):
        each = [_one_look(key, looks[key], brief) for key in keys if key[1] == name]
        words = _("{each} at {mix}")
        told.append(words.format(each=", ".join(each), mix=mix_words.mix_and_people(study, name)))
    return "; ".join(told)


def _one_look(key: Look, effect: Effect, brief: bool) -> str:
    rate, _name, one, other = key
    return _("{what} {one}/{other} {ratio}").format(
        what=_("FMR") if rate == "fmr" else _("rejections"),
        one=_(one),
        other=_(other),
        ratio=short(effect.ratio) if brief else effect.text(),
    )


def answer(study: Study, strict: Study | None = None) -> str:
    """What may be said to who expects "it is the data", and to who expects that it is not.

    Parameters
    ----------
    study
        Of the networks.
    strict
        The same networks at a stricter threshold.
    """
    effect, looks = study.slope(), _looks(study)
    if effect.words or all(e.words for e in looks.values()):
        return _("Too little was counted to say what the mix does.")
    if effect.shown:
        told = [
            _(
                "In these networks, of invented people, who was in the training moves the false"
                " matches."
            ),
            _by_origin(study, strict),
        ]
    else:
        told = [_("That the mix moves the false matches was not shown.")]
    inside, outside = _left(study, looks)
    if not inside and not outside:
        return " ".join(filter(None, [*told, _rest(looks), _most(study)]))
    told.append(_("Balanced training did not make the errors equal."))
    told.append(_gaps_stay(study, looks, inside, outside))
    if not any(not looks[key].alone for key in inside):
        again = max(
            (e.detectable for e in looks.values() if not e.words and not e.alone), default=math.nan
        )
        if math.isfinite(again):
            words = _(
                "Between bands that were both learned from no gap is shown in networks that were"
                " trained several times; one below a factor of {factor} could have been missed,"
                " even if it were the only look."
            )
            told.append(words.format(factor=short(again)))
    told.append(_most(study))
    if effect.shown:
        told.append(
            _(
                "So neither 'it is only the data' nor 'balance mends it' is what these networks"
                " show; where the rest comes from is not known here."
            )
        )
    return " ".join(filter(None, told))


def _by_origin(study: Study, strict: Study | None) -> str:
    """What the origin takes of the slope, at both thresholds, and what it costs."""
    moved = study.recentred()
    if moved.change.words or not moved.change.shown or not moved.share > 0:
        return ""
    said = _(
        "{share} in 100 of that (of the logarithm) is where similarity is measured from, which no"
        " new training is needed to move"
    ).format(share=round(100 * moved.share))
    share = strict.recentred().share if strict else math.nan
    if strict and math.isfinite(share):
        said = _("{said} ({share} at a threshold for an FMR of {asked:g})").format(
            said=said, share=round(100 * share), asked=strict.asked
        )
    return f"{said}. {_price(study)}"


def _rest(looks: dict[Look, Effect]) -> str:
    """What is said of balance when no gap is left that could be named."""
    factor = max(e.detectable for e in looks.values() if not e.words)
    return _(
        "With balance no gap is shown in either error; one below a factor of {factor} could have"
        " been missed, even if it were the only look."
    ).format(factor=short(factor))


def _control(study: Study) -> str:
    """The division by odd numbers, in one line."""
    effect = study.odd_split().against_thirds
    said = _("Nine in ten with odd numbers instead: {changed}.").format(
        changed=mix_words.changed(effect)
    )
    if effect.words:
        return said
    if effect.shown:
        return f"{said} {_('AN EFFECT where none can be: trust the slope less.')}"
    return f"{said} " + _("None is shown; a factor of {factor} would mostly be found.").format(
        factor=short(effect.detectable)
    )


def camera(found: Sequence[Cameras], looks: pd.DataFrame) -> str:
    """What the poor camera adds to the gap, and what part of it is there without any fault.

    Parameters
    ----------
    found
        Each matcher under the cameras.
    looks
        All contrasts of the page, from :func:`labkit.experiment.camera.looks`.
    """
    return "\n".join(_one_camera(one, looks) for one in found)


METERED = "light-metered"
"""Exposed for light skin, with a good sensor: the step between the good camera and the poor."""


def _one_camera(one: Cameras, looks: pd.DataFrame) -> str:
    lighter, darker = one.tones[0], one.tones[-1]
    ends = f"{darker} - {lighter}"
    rows: Any = looks.loc
    gap, extra, meter = (
        rows[one.matcher, kind, camera, ends]
        for kind, camera in (("gap", GOOD), ("extra", POOR), ("extra", METERED))
    )
    rates = [one.rejected(GOOD, tone).value for tone in (darker, lighter)]
    noise = one.extra(POOR, METERED).interval
    said = _("{matcher}: {first} {second}")
    return said.format(
        matcher=one.matcher,
        first=_by_the_good_camera(gap, *rates),
        second=_added(extra, _steps(meter, noise)),
    )


def _by_the_good_camera(gap: Any, darker: float, lighter: float) -> str:
    """The gap under the good camera: two rates of the same people."""
    if gap["words"]:
        return _("too little for a gap ({why}).").format(why=gap["words"])
    if gap["claimed"]:
        words = _(
            "by the good camera {darker} of 100 pairs are rejected drawn darker, {lighter} drawn"
            " lighter."
        )
    else:
        words = _(
            "by the good camera no gap is shown ({darker} of 100 rejected when drawn darker,"
            " {lighter} when lighter; a gap of {found} would be found)."
        )
    return words.format(
        darker=changes.hundred(darker),
        lighter=changes.hundred(lighter),
        found=changes.hundred(gap["detectable"]),
    )


def _added(extra: Any, steps: str) -> str:
    """The difference in differences, and by which step it comes."""
    if extra["words"]:
        return _("Too little for more ({why}).").format(why=extra["words"])
    by = _ends(extra)
    if not extra["claimed"]:
        return _("That the poor camera widens the gap is not shown ({by}).").format(by=by)
    if extra["value"] < 0:
        return _("The poor camera narrows it: {by}.").format(by=by)
    return _("The poor camera adds {by}: {steps}.").format(by=by, steps=steps)


def _ends(found: Any) -> str:
    """A difference in 100 with its interval."""
    value, low, high = (
        changes.hundred(found[name], sign=True) for name in ("value", "low", "high")
    )
    return _("{value} [{low}, {high}]").format(value=value, low=low, high=high)


def _steps(meter: Any, noise: Interval) -> str:
    """What metering alone adds to the gap, and what the noise adds on top of it."""
    if meter["words"] or noise.words:
        return _("which step does it cannot be said")
    one = _("metering {by}") if meter["claimed"] else _("metering {by} (not shown)")
    other = _("noise on top {by}")
    if noise.low <= 0 <= noise.high:
        other = _("noise on top {by} (not shown)")
    return _("{one}, {other}").format(
        one=one.format(by=changes.hundred(meter["value"], sign=True)),
        other=other.format(by=changes.hundred(noise.value, sign=True)),
    )


def readers(study: Study, found: Sequence[Cameras]) -> pd.DataFrame:
    """What is answered to who wants the data to be the cause, and to who wants it not to be.

    Parameters
    ----------
    study
        Of the networks.
    found
        Each matcher under the cameras.
    """
    import pandas as pd

    data, other = _("it is the data"), _("it is not the data")
    rows = [
        (data, _("The gap follows the mix."), mix_words.turned_over(study)),
        (data, _("Balance mends it."), f"{_most(study)} {_verdict(study)}"),
        (data, _("You had too few people for that."), _more_people(study)),
        (other, _("Darker pictures carry less signal."), _signal(study, found)),
        (other, _("You only moved the origin."), _origin(study)),
        (other, _("One network, one lucky seed."), _seeds(study)),
        (
            other,
            _("With the share you changed the NUMBER of people in a band."),
            _numbers(),
        ),
    ]
    table = pd.DataFrame(rows, columns=[_("reader"), _("objection"), _("what the page says")])
    return table.set_index([_("reader"), _("objection")])


def _origin(study: Study) -> str:
    """What another origin takes away, and its price."""
    return f"{mix_words.recentred(study)} {_price(study)}"


def _more_people(study: Study) -> str:
    """The gap in each error by how many people were learned from."""
    told = []
    for rate, what in (("fmr", _("FMR")), ("false_rejection", _("rejections"))):
        listed = ", ".join(
            _("{n} people {ratio}").format(
                n=f"{study.people_in(name):,}", ratio=study.mean_gap(name, rate).text()
            )
            for name in study.sizes().gaps
        )
        told.append(_("{what} {listed}").format(what=what, listed=listed))
    return _("A third of each band, darker over lighter: {listed}.").format(listed="; ".join(told))


def _signal(study: Study, found: Sequence[Cameras]) -> str:
    """The test pictures stay the same while the gap moves; and what is there all the same."""
    effect = study.slope()
    if effect.shown:
        first = _(
            "The test pictures are the same for all mixes, and the gap moves: they alone do not"
            " make it."
        )
    else:
        first = _("That anything but the pictures makes the gap in false matches is not shown.")
    gaps = [one.gap(GOOD).interval for one in found]
    if gaps and all(not gap.words and gap.low > 0 for gap in gaps):
        return f"{first} " + _(
            "But with every face equally bright the same people are rejected more when drawn"
            " darker, by each matcher here. That may come from the picture, from what the matcher"
            " learned, or from both: this set cannot tell them apart."
        )
    return first


def _seeds(study: Study) -> str:
    effect = study.slope()
    if effect.words:
        return effect.words
    same = {value > 0 for value in effect.trainings}
    said = _("{n} trainings, other people and other weights: factors of {each}.").format(
        n=len(effect.trainings), each=_apiece(effect)
    )
    if len(same) > 1:
        return f"{said} {_('They do not even agree in direction.')}"
    return f"{said} " + _("The interval counts them: {changed}.").format(
        changed=mix_words.changed(effect)
    )


def _numbers() -> str:
    return _(
        "True, and nothing here tells the two apart: in the five mixes both move together. Thirds"
        " of more people do not answer it either: there all bands grow alike, and each picture is"
        " learned from less often."
    )
