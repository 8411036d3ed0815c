"""The face maker: move one drawn parameter, see what two matchers make of the picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from labkit.base.words import _
from labkit.experiment import strips as kept
from labkit.experiment.strips import FMR, MATCHERS, STRIPS, Strips
from labkit.views.explorers._game import encoded
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

GUESSES = ("0", "1", "2", "shown")
"""How many of the two matchers a reader expects to say "the same person" at the right end; the last
is "show it without a guess"."""


class MakerExplorer(Explorer):
    """One parameter at a time on an invented person; see :func:`maker`.

    ``person`` is the place of the person, ``parameter`` the name of what changes, ``step`` its
    place on the slider; ``guesses`` holds what was expected, by person and parameter, such as
    ``{"0 nose_width": "1"}``.
    """

    NAME = "maker"
    SENT = ("person", "parameter", "step", "guesses")
    person = traitlets.Int(0).tag(sync=True)
    parameter = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    guesses = traitlets.Dict(traitlets.Unicode(), traitlets.Unicode()).tag(sync=True)

    @traitlets.validate("person")
    def _there(self, proposal: Any) -> int:
        n = len(self.meta["people"]) if self.data else proposal["value"] + 1
        if not 0 <= proposal["value"] < n:
            raise traitlets.TraitError(
                f"there is no person {proposal['value']}: use 0 to {n - 1}, the last"
            )
        return proposal["value"]

    @traitlets.validate("parameter")
    def _known(self, proposal: Any) -> str:
        if self.data and proposal["value"] not in STRIPS:
            raise traitlets.TraitError(
                f"there is no parameter {proposal['value']!r}: use one of {', '.join(STRIPS)}"
            )
        return proposal["value"]

    @traitlets.validate("step")
    def _on_slider(self, proposal: Any) -> int:
        last = len(self.strip.values) - 1 if self.data and self.parameter else proposal["value"]
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                f"step {proposal['value']} is not on the slider: use 0 to {last}, its right end"
            )
        return proposal["value"]

    @traitlets.validate("guesses")
    def _can_be(self, proposal: Any) -> Mapping[str, str]:
        for key, guess in proposal["value"].items():
            if guess not in GUESSES:
                raise traitlets.TraitError(
                    f"guess {guess!r} for {key!r} is none: use one of {', '.join(GUESSES)}"
                )
        return proposal["value"]

    @property
    def strip(self) -> kept.Strip:
        """The parameter that is chosen."""
        return STRIPS[self.parameter]

    @property
    def value(self) -> float:
        """The value of the parameter where the slider stands."""
        return self.strip.values[self.step]

    @classmethod
    def example(cls) -> Explorer:
        """Grey squares and made-up similarities; a guess is given, so that all is shown."""
        view = maker(made_up())
        view.guesses = {"0 eye_spacing": "1"}
        return view

    def table(self) -> pd.DataFrame:
        """What the matchers make of the person's pictures of the parameter, one row a step.

        Returns
        -------
        DataFrame
            ``step``, ``value``, and for each matcher its similarity to the starting picture (NaN
            where it found no face) and what it says: ``itself``, ``same``, ``other`` or ``lost``.
        """
        import pandas as pd

        found = self._found()
        rows: dict[str, Any] = {
            "step": range(len(self.strip.values)),
            "value": self.strip.values,
        }
        for name, (scores, outcomes) in found.items():
            rows[name] = [math.nan if s is None else float(s) for s in scores]
            rows[f"{name} says"] = outcomes
        return pd.DataFrame(rows)

    def _found(self) -> dict[str, tuple[list[str | None], list[str]]]:
        """By matcher: similarities as they are shown, and outcomes, at every step."""
        place = list(STRIPS).index(self.parameter)
        of = self.meta["people"][self.person]["strips"][place]
        return {m: (of["scores"][k], of["outcomes"][k]) for k, m in enumerate(MATCHERS)}

    def still(self) -> Still:
        """The pictures of the parameter side by side, and what the matchers make of them."""
        from labkit.base.codec import decode

        words, found = self.words(), self._found()
        rows = []
        for step in range(len(self.strip.values)):
            cells = [self.strip.told(step)]
            for scores, outcomes in found.values():
                cells += [scores[step] or "\u2013", str(words[f"cell_{outcomes[step]}"])]
            rows.append(cells)
        columns = [_(self.strip.means)]
        for name in MATCHERS:
            columns += [str(words["column_score"]).format(matcher=name)]
            columns += [str(words["column_says"]).format(matcher=name)]
        side = [decode(content) for content in self._pictures()]
        about = {"means": _(self.strip.means), "low": _(self.strip.low), "high": _(self.strip.high)}
        return Still(
            str(words["title"]),
            str(words["slider"]).format(**about),
            columns,
            rows,
            picture=encoded(np.concatenate(side, axis=1)),
            alt=str(words["strip"]).format(**about),
        )

    def _pictures(self) -> list[bytes]:
        """The pictures of the parameter, as they were sent."""
        place = list(STRIPS).index(self.parameter)
        numbers = self.meta["people"][self.person]["strips"][place]["pictures"]
        ends = np.cumsum(self.meta["sizes"])
        whole, sizes = self.arrays["pictures"].tobytes(), self.meta["sizes"]
        return [whole[ends[k] - sizes[k] : ends[k]] for k in numbers]

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("What makes a face, and what makes only its picture?"),
            "name": _("Face maker: one number of a drawing at a time"),
            "label": _("Face maker"),
            "choose_person": _("Invented person"),
            "person": _("Person {n}"),
            "choose": _("What changes"),
            "of_person": _("Of the person"),
            "of_picture": _("Of the photograph"),
            "is_person": _(
                "A drawn person is a list of numbers, the same in every photograph. This slider"
                " changes one of them: strictly, somebody else is drawn, alike in all the rest."
            ),
            "is_picture": _(
                "No number of the person changes. The same person is photographed in another way."
            ),
            # The question before, and what came of it.
            "question": _(
                "First a guess. At the right end of the slider ({high}), how many of the two"
                " matchers will still say “the same person”?"
            ),
            "guess_0": _("none"),
            "guess_1": _("one"),
            "guess_2": _("both"),
            "show": _("Show without a guess"),
            "hidden": _("What the matchers say appears after your guess."),
            "as_guessed": _("At the right end: {found}. You guessed that."),
            "not_guessed": _("At the right end: {found}. You guessed: {guess}."),
            "no_guess": _("At the right end: {found}."),
            "found_0": _("neither matcher says “the same person”"),
            "found_1": _("one matcher says “the same person”"),
            "found_2": _("both matchers say “the same person”"),
            # The slider and the pictures.
            "slider": _("{means}: {low} to {high}"),
            "value": _("{means}: {told}"),
            "value_start": _("{means}: {told}, where it starts"),
            "first": _("Starting picture"),
            "now": _("Now: {told}"),
            "picture": _("Person {n}, invented and drawn. {value}."),
            "strip": _("Five drawn pictures of one invented person. {means}: {low} to {high}."),
            # What the matchers say.
            "itself": _("{matcher} compares the starting picture with itself: {score}."),
            "same": _(
                "{matcher}: {score}, at or above its threshold {threshold}: the same person."
            ),
            "other": _("{matcher}: {score}, below its threshold {threshold}: somebody else."),
            "lost": _("{matcher} finds no face, so it compares nothing."),
            "how_to_read": _(
                "Similarity to the starting picture; higher is more alike. Filled: at or above the"
                " line, the threshold, which lets 1 in {strangers} comparisons of two people of"
                " anytown/dev match. Hollow: below it. A cross: no face found. The ring is where"
                " the slider stands. dlib's similarity is minus a distance."
            ),
            "chart": _(
                "{matcher}: similarity to the starting picture at {n} steps, and its threshold"
                " {threshold}. The table has the same numbers."
            ),
            "line": _("threshold {threshold}"),
            "limit": kept.limit(),
            "as_table": _("The same as a table"),
            "caption": _("Person {n}. {means}: {low} to {high}."),
            "column_value": _("Value"),
            "column_score": _("{matcher}, similarity"),
            "column_says": _("{matcher} says"),
            "cell_itself": _("the picture itself"),
            "cell_same": _("the same person"),
            "cell_other": _("somebody else"),
            "cell_lost": _("no face found"),
        }


def maker(
    strips: Strips | None = None, *, person: int = 0, parameter: str = "eye_spacing"
) -> MakerExplorer:
    """A view of one drawn parameter at a time: who is drawn, or only how they are photographed.

    Half of the parameters belong to the person, half to the photograph
    (:data:`labkit.experiment.strips.STRIPS`).  Beside each picture stands its similarity to the
    starting picture by dlib and SFace, and whether it crosses the threshold of the lab's dev
    people; a reader guesses first.

    Parameters
    ----------
    strips
        Pictures and similarities; without it those of ``data/maker``.
    person
        Place of the person to start with.
    parameter
        What changes at first.

    Returns
    -------
    widget
        With ``.person``, ``.parameter``, ``.step``, ``.value``, ``.guesses``, ``.table()`` and
        ``.to_html(path)``.

    Raises
    ------
    ValueError
        For a parameter or a person that is not there.

    Examples
    --------
    >>> view = MakerExplorer.example()
    >>> view.parameter, view.step, view.value
    ('eye_spacing', 2, 0.0)
    """
    strips = kept.load() if strips is None else strips
    seeds = list(dict.fromkeys(strips.table["person"].tolist()))
    if parameter not in STRIPS:
        raise ValueError(f"there is no parameter {parameter!r}: use one of {', '.join(STRIPS)}")
    if not 0 <= person < len(seeds):
        raise ValueError(f"there is no person {person}: use 0 to {len(seeds) - 1}")
    files = list(strips.pictures)
    blocks = [strips.pictures[file] for file in files]
    least = strips.thresholds
    meta = {
        "people": [{"strips": _of_person(strips, seed, files, least)} for seed in seeds],
        "strips": [
            {
                "name": strip.name,
                "of": strip.of,
                "means": _(strip.means)[0].upper() + _(strip.means)[1:],
                "low": _(strip.low),
                "high": _(strip.high),
                "told": [strip.told(step) for step in range(len(strip.values))],
                "start": strip.start,
            }
            for strip in STRIPS.values()
        ],
        "matchers": [
            {"name": name, "threshold": _four(least[name]), "at": least[name]}
            | _ends(strips, name, least[name])
            for name in MATCHERS
        ],
        "strangers": f"{round(1 / FMR):,}",
        "sizes": [len(block) for block in blocks],
    }
    arrays = {"pictures": np.frombuffer(b"".join(blocks), np.uint8)}
    return MakerExplorer.of(
        meta, arrays, person=person, parameter=parameter, step=STRIPS[parameter].start
    )


def _ends(strips: Strips, matcher: str, least: float) -> dict[str, float]:
    """The ends of a matcher's axis: all its similarities and its threshold, and some room."""
    seen = [*strips.table[matcher].dropna(), least]
    room = 0.08 * (max(seen) - min(seen))
    return {"low": min(seen) - room, "high": max(seen) + room}


def _of_person(
    strips: Strips, seed: int, files: list[str], least: Mapping[str, float]
) -> list[dict[str, Any]]:
    """What is sent of one person: for each parameter pictures, similarities, outcomes, words."""
    out = []
    for name, strip in STRIPS.items():
        rows = strips.table[(strips.table["person"] == seed) & (strips.table["parameter"] == name)]
        rows = rows.sort_values("step")
        found = {
            m: [kept.outcome(strip, k, s, least[m]) for k, s in enumerate(rows[m])]
            for m in MATCHERS
        }
        out.append(
            {
                "pictures": [files.index(file) for file in rows["file"]],
                "scores": [[_shown(s, least[m]) for s in rows[m]] for m in MATCHERS],
                "outcomes": list(found.values()),
                "read": kept.read(strip, found),
            }
        )
    return out


def _shown(score: float, least: float) -> str | None:
    """A similarity, with digits enough to stand on its side of the threshold as that is shown.

    None where there is none.

    Examples
    --------
    >>> _shown(0.81234, 0.5), _shown(0.5004, 0.5003), _shown(float("nan"), 0.5)
    ('0.812', '0.5004', None)
    """
    if not math.isfinite(score):
        return None
    for digits in (3, 4, 5, 6):
        text = f"{score:.{digits}f}"
        if (float(text) >= float(_four(least))) == (score >= least):
            break
    return text


def _four(threshold: float) -> str:
    """A threshold as it is shown."""
    return f"{threshold:.4g}"


def made_up() -> Strips:
    """Grey squares with similarities that fall from the start outwards: for tests and examples.

    dlib loses the face at the last step of every parameter of the photograph.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    pictures: dict[str, bytes] = {}
    for person, shade in ((0, 60), (1, 140)):
        for n, (name, strip) in enumerate(STRIPS.items()):
            for step, value in enumerate(strip.values):
                away = abs(step - strip.start)
                file = kept.file_of(person, name, step)
                square = np.full((24, 24, 3), shade + 4 * n + 10 * away, np.uint8)
                pictures.setdefault(file, encoded(square))
                lost = strip.of == kept.PICTURE and step == len(strip.values) - 1
                rows.append(
                    {
                        "person": person,
                        "parameter": name,
                        "step": step,
                        "value": value,
                        "file": file,
                        "dlib": math.nan if lost else -0.2 * away,
                        "SFace": round(1 - 0.1 * away, 2),
                    }
                )
    return Strips(pd.DataFrame(rows), pictures, {"dlib": -0.3, "SFace": 0.75})
