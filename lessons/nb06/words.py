"""Notebook 06, "Why unequal?": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.  The full
form uses the longer sentences of :mod:`labkit.experiment`; here stand the short ones of the core,
and what the page answers to its two readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from labkit.base.words import _
from labkit.experiment import changes, mix_words
from labkit.experiment.camera import GOOD, POOR
from labkit.experiment.mixes import DARKER, LIGHTER, MIXES, RECENTRED
from labkit.experiment.trainings import Effect, short

if TYPE_CHECKING:
    import pandas as pd

    from labkit.experiment.camera import Cameras
    from labkit.experiment.mixes import Study


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
    cause = _("Nothing else was changed: for these networks and people the mix is a cause.")
    return f"{said} {cause}"


def _apiece(effect: Effect) -> str:
    """The factor in each training, in the direction of their mean."""
    import math

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
        _("Rejections, darker over lighter: {changed}. {who}").format(
            changed=mix_words.changed(trained), who=_who(trained)
        )
    ]
    if not matches.first.shown or matches.second.words:
        lines.append(_("That there is a slope which another origin could mend is not shown."))
        return "\n".join(lines)
    lines.append(
        _(
            "With the origin at the mean of balanced people, false matches:"
            " {after} ({share}). Rejections: {changed}. {who}"
        ).format(
            after=mix_words.changed(matches.second),
            share=_part(matches.change, matches.share),
            changed=mix_words.changed(moved),
            who=_who(moved),
        )
    )
    return "\n".join(lines)


def _who(effect: Effect) -> str:
    """Whose rejections go up with the mix."""
    if effect.words:
        return _("Who is missed more is not known.")
    if effect.direction > 0:
        return _("Whoever was seen MORE is missed more.")
    if effect.direction < 0:
        return _("Whoever was seen LESS is missed more.")
    return _("Not shown: {missed}.").format(missed=mix_words.could_miss(effect))


def _part(change: Effect, share: float) -> str:
    """How much of a slope another origin takes away."""
    if change.words or not change.shown:
        return _("that this changes anything is not shown")
    if share <= 0:
        return _("no less than before")
    return _("on a log scale {share} in 100 of it gone").format(share=round(100 * share))


def balance(study: Study) -> str:
    """What is left with balanced training, in both errors, and the control that cannot matter.

    Parameters
    ----------
    study
        Of the networks.
    """
    effects = study.balanced()
    listed = "; ".join(
        _("{mix} {ratio}").format(mix=_mix(study, name), ratio=effect.text())
        for name, effect in effects.items()
    )
    said = _("FMR, darker over lighter: {listed}.").format(listed=listed)
    return f"{said} {_verdict(study)}\n{_control(study)}"


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
    """Gaps that are shown among all looks: of bands learned from, and of a band that was not.

    One of each rate and two bands, the largest first.
    """
    claimed = sorted(_claimed(looks), key=lambda key: -abs(looks[key].log))
    kinds: dict[tuple[object, ...], Look] = {}
    for key in claimed:
        rate, name, *bands = key
        seen = all(study.learned_from(name, band) for band in bands)
        kinds.setdefault((seen, rate, *bands), key)
    inside = [key for kind, key in kinds.items() if kind[0]]
    return inside, [key for kind, key in kinds.items() if not kind[0]]


def _verdict(study: Study) -> str:
    """Whether balance gave equal errors: false matches of the two bands, then everything else."""
    looks = _looks(study)
    known = [effect for effect in looks.values() if not effect.words]
    if not known:
        return _("So nothing is said of balance.")
    inside, outside = _left(study, looks)
    asked = [e for key, e in looks.items() if (key[0], *key[2:]) == ASKED and not e.words]
    told = []
    if any((key[0], *key[2:]) == ASKED for key in inside):
        told.append(_("Balanced training did not give equal false matches."))
    elif asked:
        told.append(
            _("No gap is shown; {missed}.").format(
                missed=mix_words.could_miss(min(asked, key=lambda e: e.detectable))
            )
        )
    if inside:
        words = _("Adjusted for {n} looks a gap stays: {listed}. Why is not known.")
        told.append(words.format(n=len(looks), listed=_listed(study, inside, looks)))
    else:
        told.append(_("Nor in other looks, {n} in all.").format(n=len(looks)))
    if outside:
        words = _("A band that was not learned from: {listed}.")
        told.append(words.format(listed=_listed(study, outside[:1], looks)))
    return " ".join(told)


def _mix(study: Study, name: str) -> str:
    """A mix, with how many people where the name alone does not say which."""
    words = _("thirds of {n} people") if name.startswith("thirds") else "{name}"
    return words.format(n=f"{study.people_in(name):,}", name=mix_words.mix_name(name))


def _listed(study: Study, keys: Sequence[Look], looks: dict[Look, Effect]) -> str:
    return "; ".join(_one_look(study, key, looks[key]) for key in keys)


def _one_look(study: Study, key: Look, effect: Effect) -> str:
    rate, name, one, other = key
    what = _("FMR") if rate == "fmr" else _("rejections")
    words = _("{what} of {one} over {other} {ratio} ({mix})")
    if effect.alone:
        words = _("{what} of {one} over {other} {ratio} ({mix}, trained once)")
    mix = _mix(study, name)
    return words.format(what=what, one=_(one), other=_(other), ratio=effect.text(), mix=mix)


def answer(study: Study) -> str:
    """What may be said to who expects "it is the data", and to who expects that it is not.

    Parameters
    ----------
    study
        Of the networks.
    """
    effect, looks = study.slope(), _looks(study)
    if effect.words or all(e.words for e in looks.values()):
        return _("Too little was counted to say what the mix does.")
    if not effect.shown:
        return " ".join([_("That the mix moves the false matches was not shown."), _rest(looks)])
    told = [_("Who was in the training moves the false matches.")]
    moved = study.recentred()
    if not moved.change.words and moved.change.shown and moved.share > 0:
        told.append(
            _(
                "{share} in 100 of that (of the logarithm) is where similarity is measured from,"
                " which no new training is needed to move."
            ).format(share=round(100 * moved.share))
        )
    inside, _outside = _left(study, looks)
    if not inside:
        told.append(_rest(looks))
    elif all(looks[key].alone for key in inside):
        again = max(e.detectable for e in looks.values() if not e.words and not e.alone)
        told.append(
            _(
                "With balance no gap is shown in networks that were trained several times; one"
                " below a factor of {factor} could have been missed. In the largest, trained once,"
                " errors differ all the same, and why is not known. So 'it is the data' goes far"
                " here, and 'balance mends it' is not shown."
            ).format(factor=short(again))
        )
    else:
        told.append(
            _(
                "And balanced training did not make the errors equal. So neither 'it is only the"
                " data' nor 'balance mends it' is what these networks show; where the rest comes"
                " from is not known here."
            )
        )
    return " ".join(told)


def _rest(looks: dict[Look, Effect]) -> str:
    """What is said of balance when no gap is left that could be named, or the mix does nothing."""
    if _claimed(looks):
        return _("There are gaps with balance all the same; what they come from is not known here.")
    factor = max(e.detectable for e in looks.values() if not e.words)
    return _(
        "With balance no gap is shown in either error; one below a factor of {factor} could have"
        " been missed."
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
    return f"{said} " + _("Rightly nothing; a factor of {factor} would mostly be found.").format(
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


def _one_camera(one: Cameras, looks: pd.DataFrame) -> str:
    ends = f"{one.tones[-1]} - {one.tones[0]}"
    rows: Any = looks.loc
    gap, extra = (
        rows[one.matcher, kind, camera, ends] for kind, camera in (("gap", GOOD), ("extra", POOR))
    )
    said = _("{matcher}: {first} {second}")
    return said.format(
        matcher=one.matcher, first=_without_fault(gap), second=_added(extra, one.part().interval)
    )


def _without_fault(gap: Any) -> str:
    """The gap under the good camera."""
    if gap["words"]:
        return _("too little for a gap ({why}).").format(why=gap["words"])
    value = changes.hundred(gap["value"], sign=True)
    if not gap["claimed"]:
        return _(
            "without any fault no gap is shown ({value}; {found} of 100 would be found)."
        ).format(value=value, found=changes.hundred(gap["detectable"]))
    if gap["value"] > 0:
        words = _(
            "without any fault the same people are rejected {value} of 100 more often when"
            " drawn darker."
        )
    else:
        words = _(
            "without any fault the same people are rejected less often when drawn darker"
            " ({value} of 100)."
        )
    return words.format(value=changes.hundred(abs(gap["value"])) if gap["value"] > 0 else value)


def _added(extra: Any, part: Any) -> str:
    """The difference in differences, and the part of the gap that is there without it."""
    if extra["words"]:
        return _("Too little for more ({why}).").format(why=extra["words"])
    ends = [changes.hundred(extra[name], sign=True) for name in ("value", "low", "high")]
    by = _("{value} [{low}, {high}]").format(value=ends[0], low=ends[1], high=ends[2])
    if not extra["claimed"]:
        return _("That the poor camera widens the gap is not shown ({by}).").format(by=by)
    if extra["value"] < 0:
        return _("The poor camera narrows it: {by}.").format(by=by)
    said = _("The poor camera adds {by}").format(by=by)
    if part.words:
        return f"{said}."
    return _("{said}; {part} of 100 parts of its gap are there without it.").format(
        said=said, part=changes.hundred(part.value)
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
        (data, _("Balance mends it."), _verdict(study)),
        (data, _("You had too few people for that."), _more_people(study)),
        (other, _("Darker pictures carry less signal."), _signal(study, found)),
        (other, _("You only moved the origin."), mix_words.recentred(study).partition(". ")[2]),
        (other, _("One network, one lucky seed."), _seeds(study)),
        (
            other,
            _("With the share you changed the NUMBER of people in a band."),
            _numbers(study),
        ),
    ]
    table = pd.DataFrame(rows, columns=[_("reader"), _("objection"), _("what the page says")])
    return table.set_index([_("reader"), _("objection")])


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
            " darker, by each matcher here: a part of the misses may well be that."
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


def _numbers(study: Study) -> str:
    change = study.sizes().gap_change
    said = _("True: in the five mixes both move together.")
    if change.words:
        return said
    if change.shown:
        return f"{said} " + _(
            "And numbers alone, four times as many at one share, change the gap: {changed}."
        ).format(changed=mix_words.changed(change))
    return f"{said} " + _(
        "Numbers alone, four times as many at one share: no change of the gap is shown; {missed}."
    ).format(missed=mix_words.could_miss(change))
