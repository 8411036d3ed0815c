"""Notebook 06, "Why unequal?": the sentences that its numbers decide.

Every sentence that draws a conclusion has a branch for each way the numbers can fall.  The full
form uses the longer sentences of :mod:`labkit.experiment`; here stand the short ones of the core,
and what the page answers to its two readers.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        "FMR of darker over that of lighter is {first} at {one} and {last} at {other}: along the"
        " line through five mixes {changed}; in the {n} trainings {each}."
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
    cause = _(
        "Only who was trained on was changed, and we changed it: for these networks and these"
        " people the mix is a cause."
    )
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
            "With the origin at the mean of balanced people, nothing trained again, false matches:"
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
    return _("{share} in 100 of the slope's logarithm gone").format(share=round(100 * share))


def balance(study: Study) -> str:
    """What is left with balanced training, and the control that cannot matter.

    Parameters
    ----------
    study
        Of the networks.
    """
    effects = study.balanced()
    shown = mix_words.shown_of(effects)
    listed = "; ".join(
        _("{mix} ({n} people) {ratio}").format(
            mix=mix_words.mix_name(name), n=f"{study.people_in(name):,}", ratio=effect.text()
        )
        for name, effect in effects.items()
    )
    said = _("Balanced, FMR of darker over that of lighter: {listed}.").format(listed=listed)
    return f"{said} {_verdict(effects, shown)}\n{_control(study)}"


def _verdict(effects: dict[str, Effect], shown: dict[str, bool]) -> str:
    """Whether balance gave equal errors."""
    known = [e for e in effects.values() if not e.words]
    ways = {effects[name].direction for name, yes in shown.items() if yes}
    if not known:
        return _("So nothing is said of balance.")
    if not ways:
        least = min(known, key=lambda e: e.detectable)
        return _("No gap is shown, which is not 'equal': {missed}.").format(
            missed=mix_words.could_miss(least)
        )
    if len(ways) > 1:
        return _("The gaps point different ways: balance does not say who is failed.")
    who = _(DARKER if ways == {1} else LIGHTER)
    if all(shown.values()):
        words = _(
            "Balanced training did not give equal errors: {who} people are taken for each"
            " other more. What the rest comes from is not known."
        )
    else:
        words = _(
            "Balanced training did not always give equal errors: where a gap is shown, {who}"
            " people are taken for each other more. What it comes from is not known."
        )
    return words.format(who=who)


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
        (data, _("Balance mends it."), _verdict_alone(study)),
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


def _verdict_alone(study: Study) -> str:
    effects = study.balanced()
    return _verdict(effects, mix_words.shown_of(effects))


def _more_people(study: Study) -> str:
    found = study.sizes()
    listed = ", ".join(
        _("{n} people {ratio}").format(n=f"{study.people_in(name):,}", ratio=effect.text())
        for name, effect in found.gaps.items()
    )
    return _("A third of each band, darker over lighter: {listed}.").format(listed=listed)


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
