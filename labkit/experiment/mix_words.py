"""What the networks at several mixes say, in sentences: one for each way the numbers may fall.

In: a :class:`labkit.experiment.mixes.Study`.  Out: strings.  None of them knows the answer before
it has asked; where nothing was shown, it says how large an effect could have been missed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from labkit.base.words import _
from labkit.experiment import changes
from labkit.experiment.mixes import (
    BANDS,
    DARKER,
    LIGHTER,
    MIXES,
    SIZES,
    STYLES,
    Compared,
    Study,
)
from labkit.experiment.trainings import Effect, short
from labkit.measure.rate import RATES
from labkit.measure.reading import in_words
from labkit.measure.summaries import holm

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.05


def mix_name(mix: str) -> str:
    """A mix as a sentence names it: lighter to darker.

    Examples
    --------
    >>> mix_name("90-10"), mix_name("thirds")
    ('90:10', 'thirds')
    """
    return mix.replace("-", ":") if mix[:1].isdigit() else mix


def ends() -> tuple[str, str]:
    """Names of the first and the last mix."""
    return mix_name(MIXES[0]), mix_name(MIXES[-1])


def changed(effect: Effect) -> str:
    """What happens to a ratio: multiplied or divided by how much, with the interval.

    Examples
    --------
    >>> changed(Effect(math.log(0.25), (0.0,), 0.1, freedom=50.0))
    'divided by 4.00 [3.27, 4.89]'
    """
    if effect.words:
        return effect.words
    if effect.log < 0:
        return _("divided by {ratio}").format(ratio=effect.upside_down().text())
    return _("multiplied by {ratio}").format(ratio=effect.text())


def could_miss(effect: Effect) -> str:
    """How large a true effect would be found: said wherever none was shown."""
    return _(
        "a true factor of {factor} or more, up or down, would be found four times in five"
    ).format(factor=short(effect.detectable))


def _listed(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return _("{some} and {last}").format(some=", ".join(parts[:-1]), last=parts[-1])


def _each(effect: Effect) -> str:
    """The same in each training, in the direction of their mean."""
    sign = -1 if effect.log < 0 else 1
    return _listed([short(math.exp(sign * value)) for value in effect.trainings])


# ---- the question -------------------------------------------------------------------------------


def slope(study: Study, rate: str = "fmr") -> str:
    """Does the gap hang on the mix?

    Parameters
    ----------
    study
        Of the networks.
    rate
        ``"fmr"``, ``"fnmr"`` or ``"false_rejection"``.

    Examples
    --------
    >>> from labkit.experiment.mixes import made_up
    >>> "No effect of the mix was shown." in slope(Study(made_up(effect=0.0)))
    True
    """
    effect = study.slope(rate)
    first, last = ends()
    name = _(RATES[rate].short)
    if effect.words:
        return _("The slope of {rate} over the mixes cannot be given: {words}.").format(
            rate=name, words=effect.words
        )
    said = _(
        "From {first} to {last} (lighter to darker people in training) the {rate} of darker over"
        " that of lighter is {changed}; in the {n} trainings by {each}."
    ).format(
        first=first,
        last=last,
        rate=name,
        changed=changed(effect),
        n=len(effect.trainings),
        each=_each(effect),
    )
    if not effect.shown:
        nothing = _("No effect of the mix was shown. That is not 'no effect': {missed}.")
        return f"{said} {nothing.format(missed=could_miss(effect))}"
    counted = _(
        "The interval counts that other people could have been tested, and that the networks could"
        " have learned from others ({share} in 100 of its variance)."
    ).format(share=round(100 * effect.of_trainings))
    cause = _(
        "Nothing but the mix was changed, by us: for these networks and these invented people it is"
        " a cause. How much of it is the SHARE of a band and how much the NUMBER of its people, the"
        " five mixes cannot say: there both move together."
    )
    return f"{said} {counted} {cause}"


def turned_over(study: Study) -> str:
    """Is it the rarer band that is falsely matched more, at both ends?"""
    two = [study.mean_gap(mix) for mix in (MIXES[0], MIXES[-1])]
    first, last = ends()
    said = _("FMR of darker over FMR of lighter is {a} at {first} and {b} at {last}.").format(
        a=two[0].text(), b=two[1].text(), first=first, last=last
    )
    at = [e.direction if not e.words else 0 for e in two]
    if at == [1, -1]:
        return f"{said} " + _(
            "It turns over: at both ends the band that is RARER in training is falsely matched"
            " more."
        )
    if at == [-1, 1]:
        return f"{said} " + _(
            "It turns over, the other way: at both ends the band that is MORE FREQUENT in training"
            " is falsely matched more."
        )
    if at[0] == at[1] != 0:
        who = DARKER if at[0] > 0 else LIGHTER
        return f"{said} " + _(
            "It does not turn over: {who} is falsely matched more at both ends."
        ).format(who=_(who))
    open_ = _listed([name for name, way in zip((first, last), at, strict=True) if not way])
    return f"{said} " + _("At {where} no gap was shown, so it is not shown to turn over.").format(
        where=open_
    )


def headline(study: Study) -> str:
    """The same in one short sentence, for the title of a figure."""
    at = [study.mean_gap(mix).direction for mix in (MIXES[0], MIXES[-1])]
    if at == [1, -1]:
        return _("In these networks the band that is rarer in training is falsely matched more.")
    if at == [-1, 1]:
        return _("In these networks the band seen more in training is falsely matched more.")
    if at[0] == at[1] != 0:
        who = DARKER if at[0] > 0 else LIGHTER
        return _("At both ends of the mixes {who} is falsely matched more.").format(who=_(who))
    return _("That false matches turn over with the mix was not shown.")


def misses(study: Study) -> str:
    """The other error, at the same one threshold: who is missed more?"""
    whole = study.slope("false_rejection")
    first, last = ends()
    said = _(
        "At one threshold for everybody, from {first} to {last} the false rejection of darker over"
        " that of lighter (failures counted) is {changed}."
    ).format(first=first, last=last, changed=changed(whole))
    styles = {style: study.slope("false_rejection", style=style) for style in STYLES}
    apart = _("Of photographs in the {a} it is {first}; of {b} ones {second}.").format(
        a=_(STYLES[0]),
        b=_(STYLES[1]),
        first=changed(styles[STYLES[0]]),
        second=changed(styles[STYLES[1]]),
    )
    if whole.words:
        return f"{said} {apart}"
    if whole.direction > 0:
        verdict = _("Whoever was seen MORE in training is missed more.")
    elif whole.direction < 0:
        verdict = _("Whoever was seen LESS in training is missed more.")
    else:
        verdict = _("That the mix moves the misses was not shown: {missed}.").format(
            missed=could_miss(whole)
        )
    return f"{said} {verdict} {apart}"


# ---- what would answer it otherwise -------------------------------------------------------------


def shown_of(effects: Mapping[str, Effect]) -> dict[str, bool]:
    """Which of several looks show something, all of them together at the 5% level (Holm)."""
    found = holm([e.p_value for e in effects.values()])
    return {name: bool(p < LEVEL) for name, p in zip(effects, found, strict=True)}


def balanced(study: Study) -> str:
    """Does balance make errors equal?"""
    effects = study.balanced()
    listed = _listed(
        [
            (
                _("{ratio} with {mix} ({n} people; one training, so by people alone)")
                if effect.alone
                else _("{ratio} with {mix} ({n} people)")
            ).format(ratio=effect.text(), mix=mix_name(mix), n=f"{study.people_in(mix):,}")
            for mix, effect in effects.items()
        ]
    )
    said = _(
        "With as many lighter as darker people in training, FMR of darker over FMR of lighter is"
        " {listed}."
    ).format(listed=listed)
    shown = shown_of(effects)
    ways = {effects[mix].direction for mix, yes in shown.items() if yes}
    known = [e for e in effects.values() if not e.words]
    if len(ways) > 1:
        verdict = _("The gaps point different ways: balance alone does not say who is failed.")
    elif ways:
        who = DARKER if ways == {1} else LIGHTER
        if all(shown.values()):
            start = _("Balanced training did not give equal errors: {who} is falsely matched more.")
        else:
            start = _(
                "Balanced training did not always give equal errors: where a gap is shown, {who} is"
                " falsely matched more."
            )
        rest = _("What the rest comes from is not known from this experiment.")
        verdict = f"{start.format(who=_(who))} {rest}"
    elif known:
        verdict = _(
            "No gap was shown. That is not 'equal': in the surest of these, {missed}."
        ).format(missed=could_miss(min(known, key=lambda e: e.detectable)))
    else:
        verdict = _("So nothing is said of balance.")
    return f"{said} {verdict}"


def mix_and_people(study: Study, name: str) -> str:
    """A mix, with how many people where the name alone does not say which."""
    words = _("thirds of {n}") if name.startswith("thirds") else "{name}"
    if len(study.trainings(name)) == 1:
        words = _("thirds of {n} (trained once)") if name.startswith("thirds") else "{name}"
    return words.format(n=f"{study.people_in(name):,}", name=mix_name(name))


def balanced_table(study: Study) -> pd.DataFrame:
    """The gaps between darker and lighter with balanced training, a row for each mix.

    Parameters
    ----------
    study
        Of the networks.

    Returns
    -------
    table
        Both errors, darker over lighter; for false matches the true factor that would be found four
        times in five if it were the only look; for rejections the difference in 100, too.
    """
    import pandas as pd

    rows = {}
    for name, effect in study.balanced().items():
        rejected = study.mean_gap(name, "false_rejection")
        rows[mix_and_people(study, name)] = {
            _("FMR, darker / lighter"): effect.text(),
            _("factor found"): _("none") if effect.words else short(effect.detectable),
            _("rejections, darker / lighter"): rejected.text(),
            _("darker - lighter, in 100"): changes.hundred(study.difference(name), sign=True),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def odd(study: Study) -> str:
    """The control that cannot matter, and whether it could have seen anything."""
    found = study.odd_split()
    effect = found.against_thirds
    said = _(
        "Control: nine in ten of the people in training have an odd number, which nothing in a"
        " picture depends on. FMR of people with an even number over that of the others is {crude};"
        " set against the same ratio in networks of thirds it is {against}."
    ).format(crude=found.crude.text(), against=changed(effect))
    if effect.words:
        return f"{said} " + _("So this control says nothing.")
    if effect.shown:
        return f"{said} " + _(
            "AN EFFECT where none can be: one in twenty such controls gives one, a fault in the"
            " experiment would too. Trust the slopes less."
        )
    quiet = _("Rightly, no effect was shown; {missed}.").format(missed=could_miss(effect))
    tone = found.tone
    if tone.words:
        return f"{said} {quiet}"
    step = _("The same step by tone, from {even} to {first}: {tone}.").format(
        even=mix_name("50-50"), first=ends()[0], tone=changed(tone)
    )
    if abs(tone.log) > abs(math.log(effect.detectable)):
        seen = _("An effect of that size would have been seen here.")
    else:
        seen = _("An effect of that size could have been missed here: this control is a weak one.")
    return f"{said} {quiet} {step} {seen}"


def grey(study: Study) -> str:
    """Is it colour?"""
    found = study.grey()
    first, last = ends()
    said = _(
        "From {first} to {last}, by these two mixes alone (no line through all five), FMR of darker"
        " over FMR of lighter is {colour} in colour and {grey} in grey pictures."
    ).format(first=first, last=last, colour=changed(found.first), grey=changed(found.second))
    verdict = _without_colour(found)
    limit = _("Grey pictures still show how dark a skin is: they take away hue, and nothing else.")
    return f"{said} {verdict} {limit}"


def _without_colour(found: Compared) -> str:
    colour, grey_, change = found.first, found.second, found.change
    if grey_.words or change.words:
        return _("So nothing is said of colour.")
    same = _("No difference between the two was shown ({missed}).").format(
        missed=could_miss(change)
    )
    if not grey_.shown:
        if change.shown:
            return _(
                "Without colours no effect of the mix was shown, and it is not that of pictures in"
                " colour (factor between them {change})."
            ).format(change=change.text())
        return _("Without colours no effect of the mix was shown.") + f" {same}"
    if colour.direction and grey_.direction != colour.direction:
        return _("Without colours the mix works the other way.")
    remains = _("The effect of the mix remains without colours.")
    if not change.shown:
        return f"{remains} {same}"
    if abs(grey_.log) < abs(colour.log):
        return f"{remains} " + _(
            "It is weaker (factor between the two {change}): colour has a part in it, not all."
        ).format(change=change.text())
    return f"{remains} " + _("It is even stronger (factor between the two {change}).").format(
        change=change.text()
    )


def sizes(study: Study) -> str:
    """How many people it takes, for the gap and for the misses."""
    found = study.sizes()
    listed = _listed(
        [
            _("{ratio} with {n}").format(ratio=gap.text(), n=f"{study.people_in(mix):,}")
            for mix, gap in found.gaps.items()
        ]
    )
    said = _(
        "A third of each band, by how many people were learned from: FMR of darker over FMR of"
        " lighter is {listed}."
    ).format(listed=listed)
    few, many = (f"{study.people_in(mix):,}" for mix in SIZES[:2])
    change = found.gap_change
    if change.words:
        gap = change.words
    elif change.shown:
        gap = _("From {few} to {many} people it is {changed}.").format(
            few=few, many=many, changed=changed(change)
        )
    else:
        gap = _(
            "From {few} to {many} people no change of it was shown ({changed}; {missed})."
        ).format(few=few, many=many, changed=changed(change), missed=could_miss(change))
    bands = _listed(
        [
            _("of {band} {changed}").format(
                band=_(band), changed=changed(found.missed_change[band])
            )
            for band in BANDS
        ]
    )
    missed = _("The false rejection is, from {few} to {many} people, {bands}.").format(
        few=few, many=many, bands=bands
    )
    again = _listed(
        [
            _("{share} with {n}").format(
                share=in_words(_mean([i.value for i in study.found_again(mix).values()])),
                n=f"{study.people_in(mix):,}",
            )
            for mix in found.gaps
        ]
    )
    tar = _("Of comparisons of one person, at the same FMR, match (TAR): {again}.").format(
        again=again
    )
    alone = [mix for mix, gap_ in found.gaps.items() if gap_.alone]
    note = (
        _("Of {n} people there is one training: another one's outcome is not known.").format(
            n=f"{study.people_in(alone[0]):,}"
        )
        if alone
        else ""
    )
    return " ".join(filter(None, [said, gap, missed, tar, note]))


def losses(study: Study) -> str:
    """How far the trainings of each mix came: the loss at their end, and for how many steps.

    Examples
    --------
    >>> from labkit.experiment import mixes
    >>> "trained to an end" in losses(mixes.study())
    True
    """
    table = study.table
    own = table[table["mix"].isin(MIXES)]
    means = [float(own.loc[own["mix"] == mix, "loss"].mean()) for mix in MIXES]
    listed = _listed(
        [
            _("{loss:.2f} at {mix}").format(loss=loss, mix=mix_name(mix))
            for mix, loss in zip(MIXES, means, strict=True)
        ]
    )
    said = _("Loss at the end of {steps} steps, mean of the trainings: {listed}.").format(
        steps=" / ".join(f"{n:,}" for n in sorted(set(own["steps"]))), listed=listed
    )
    steps = [later - sooner for sooner, later in pairwise(means)]
    if all(step > 0 for step in steps):
        way = _("It rises with the share of darker people.")
    elif all(step < 0 for step in steps):
        way = _("It falls with the share of darker people.")
    else:
        way = _("It neither rises nor falls throughout.")
    rest = _("Networks trained to an end might give another slope.")
    return f"{said} {way} {rest}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def recentred(study: Study) -> str:
    """Is it only the origin from which similarity is measured?"""
    found = study.recentred()
    first, last = ends()
    said = _(
        "Along the line through all mixes, from {first} to {last}, FMR of darker over FMR of"
        " lighter is {before}. With similarity"
        " measured from the mean of the lab's balanced people, and nothing retrained, it is"
        " {after}."
    ).format(first=first, last=last, before=changed(found.first), after=changed(found.second))
    before, after, change = found.first, found.second, found.change
    if before.words or after.words or change.words:
        return said
    if not before.shown:
        return f"{said} " + _("There was no slope to mend.")
    if not change.shown:
        return f"{said} " + _(
            "That moving the origin mends anything was not shown: {missed}."
        ).format(missed=could_miss(change))
    if abs(after.log) > abs(before.log):
        return f"{said} " + _("Moving the origin changed it, and made it no smaller.")
    low, high = (round(100 * end) for end in found.ends)
    part = _(
        "Moving the origin takes away {share} in 100 of the slope [{low}, {high}] (of its"
        " logarithm): so much comes from where similarity is measured from."
    ).format(share=round(100 * found.share), low=low, high=high)
    if after.direction == before.direction:
        rest = _("The rest stays: the origin is not the whole of it.")
    elif after.shown:
        rest = _("It even turns round.")
    else:
        rest = _("What is left is not told apart from nothing: {missed}.").format(
            missed=could_miss(after)
        )
    return f"{said} {part} {rest}"


# ---- the answer ---------------------------------------------------------------------------------


def answer(study: Study) -> str:
    """What may be said to who expects "it is the data", and to who expects that it is not."""
    effect = study.slope()
    effects = study.balanced()
    if effect.words or all(e.words for e in effects.values()):
        return _("Too little was counted to say what the mix does.")
    gap = any(shown_of(effects).values())
    if effect.shown and gap:
        return _(
            "Who was in the training moves the false matches, and balance does not make them equal:"
            " neither 'it is only the data' nor 'balance mends it' is what these networks show."
            " Where the rest comes from is not known here."
        )
    if effect.shown:
        return _(
            "Who was in the training moves the false matches, and with balance no gap was shown:"
            " so far as these networks go that is what 'it is the data' says. A gap below a factor"
            " of {factor} at balance could have been missed."
        ).format(factor=short(min(e.detectable for e in effects.values() if not e.words)))
    if gap:
        return _(
            "That the mix moves the false matches was not shown, and there is a gap with balance:"
            " whatever it comes from, 'the data' in the sense of tones in training is not shown to"
            " be it."
        )
    return _(
        "Neither an effect of the mix nor a gap with balance was shown. How large each could be is"
        " said with it."
    )


def controls(study: Study) -> dict[str, str]:
    """Every control and its sentence, by name.

    Examples
    --------
    >>> from labkit.experiment.mixes import made_up
    >>> list(controls(Study(made_up())))
    ['odd', 'grey', 'sizes', 'balanced', 'recentred']
    """
    return {
        "odd": odd(study),
        "grey": grey(study),
        "sizes": sizes(study),
        "balanced": balanced(study),
        "recentred": recentred(study),
    }
