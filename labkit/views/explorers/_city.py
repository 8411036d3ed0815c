"""The city explorer: one invented person's file on a map, growing through two weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from labkit.base.words import N_, _
from labkit.street import city as places
from labkit.street import followed
from labkit.street.dials import DIALS, MEASURED, PERFECT, Study
from labkit.street.recognised import MATCHERS
from labkit.views.explorers.base import Explorer
from labkit.views.explorers.still import Still

if TYPE_CHECKING:
    import pandas as pd

    from labkit.street.city import Passages

PEOPLE = 12
"""Residents to choose from."""
HOURS = places.DAYS * 24
LEVEL_WORDS = {"low": N_("low"), "middle": N_("middle"), "high": N_("high")}
KINDS = {
    "worship": N_("place of worship"),
    "clinic": N_("clinic"),
    "square": N_("square"),
    "school": N_("school"),
    "shop": N_("shop"),
    "work": N_("place of work"),
    "road": N_("road into the city"),
}
LETTERS = {"worship": "W", "clinic": "C", "square": "P", "school": "S", "shop": "", "work": ""}
"""What stands on the map; P is the square of the protest."""

State = Mapping[str, Any]


class CityExplorer(Explorer):
    """Where one resident's name was written down, by whom it was; see :func:`city`.

    ``person`` is a place in the list, ``hour`` counts hours since the first Monday began,
    ``routine``, ``cameras`` and ``matcher`` are the levels of the dials.
    """

    NAME = "city"
    SENT = ("person", "hour", *DIALS)
    person = traitlets.Int(0).tag(sync=True)
    hour = traitlets.Int(HOURS).tag(sync=True)
    routine = traitlets.Unicode("middle").tag(sync=True)
    cameras = traitlets.Unicode("middle").tag(sync=True)
    matcher = traitlets.Unicode("middle").tag(sync=True)

    @traitlets.validate("hour")
    def _in_time(self, proposal: Any) -> int:
        if not 0 <= proposal["value"] <= HOURS:
            raise traitlets.TraitError(
                f"hour {proposal['value']} is not in the two weeks: use 0 to {HOURS}"
            )
        return proposal["value"]

    @traitlets.validate("person")
    def _somebody(self, proposal: Any) -> int:
        if self.data and not 0 <= proposal["value"] < len(self.meta["people"]):
            raise traitlets.TraitError(
                f"there is no person {proposal['value']}: use 0 to {len(self.meta['people']) - 1}"
            )
        return proposal["value"]

    @traitlets.validate("routine", "cameras", "matcher")
    def _a_level(self, proposal: Any) -> str:
        if proposal["value"] not in LEVEL_WORDS:
            raise traitlets.TraitError(
                f"a dial has no level {proposal['value']!r}: use {', '.join(LEVEL_WORDS)}"
            )
        return proposal["value"]

    @classmethod
    def example(cls) -> Explorer:
        """A small town with made-up errors."""
        from labkit.street.made_up import made_up_searches

        return city(Study(residents=300, visitors=60, searches=made_up_searches(300)))

    def told(self) -> str:
        """What the page says at this moment; computed here as it is there."""
        state = {name: getattr(self, name) for name in self.SENT}
        return sentence(self.words(), self.meta, self.arrays, state)

    def still(self) -> Still:
        """Sightings under the name by camera, at the moment that is shown."""
        state = {name: getattr(self, name) for name in self.SENT}
        words = self.words()
        columns = [str(words[f"column_{key}"]) for key in ("camera", "true", "false", "last")]
        rows = by_camera(self.meta, self.arrays, state)
        return Still(str(words["title"]), f"{places.assumed()} {self.told()}", columns, rows[:12])

    def table(self) -> pd.DataFrame:
        """Sightings under the name at the moment that is shown, by camera.

        Returns
        -------
        DataFrame
            ``camera``, ``own`` (sightings of this person), ``other`` (of somebody else), ``last``
            (the time of the last one, in words).
        """
        import pandas as pd

        state = {name: getattr(self, name) for name in self.SENT}
        rows = by_camera(self.meta, self.arrays, state)
        found = pd.DataFrame(rows, columns=["camera", "own", "other", "last"])
        return found.astype({"own": int, "other": int})

    @classmethod
    def words(cls) -> dict[str, str | list[str]]:
        """Sentences of the page."""
        return {
            "title": _("Two weeks under one name"),
            "label": _("City explorer"),
            "illustration": places.assumed(),
            "person": _("Whose file"),
            "time": _("Up to (arrow keys: one hour; Page Up, Down: 10; Home, End)"),
            "routine": _("Routine"),
            "cameras": _("Cameras"),
            "matcher": _("Matcher"),
            **{level: _(name) for level, name in LEVEL_WORDS.items()},
            "clock": _("{day} {week}, {time}"),
            # What is said.
            "sentence": _("{who}, up to {when}: {file} {passed} {home} {visits}"),
            "file": _(
                "{sightings} under this name: {true} of this person, {false} of somebody else."
            ),
            "sightings": [_("{n} sighting"), _("{n} sightings")],
            "passed": _("This person passed cameras {n} times."),
            "home_none": _("Nothing speaks of a home yet."),
            "home_right": _("Home, it seems, is near {corner}: right, it is {home}."),
            "home_wrong": _("Home, it seems, is near {corner}: wrong, it is {home}."),
            "visits_none": _("No visit to a service, a clinic or the protest is written down."),
            "visits": _("Visits written down: {list}."),
            "visit_right": _("{place} (true)"),
            "visit_wrong": _("{place} (was never there)"),
            # The picture.
            "picture": _(
                "Map of {n} cameras: {true} sightings of this person as filled circles, {false} of"
                " somebody else as crosses. The table has the same numbers."
            ),
            "key_true": _("this person"),
            "key_false": _("somebody else"),
            "key_home": _("true home"),
            "key_guess": _("home as it seems"),
            "key_camera": _("camera"),
            "how_to_read": _(
                "W: place of worship. C: clinic. P: square of the protest. S: school. Circle and"
                " cross grow with the number of sightings. Letters from west to east, numbers from"
                " north to south."
            ),
            # The table.
            "as_table": _("The same as a table"),
            "caption": _("{who}, up to {when}: sightings under this name, by camera."),
            "column_camera": _("camera"),
            "column_true": _("of this person"),
            "column_false": _("of somebody else"),
            "column_last": _("last"),
        }


def city(study: Study | None = None, *, person: int = 0, seed: int = 0) -> CityExplorer:
    """A map of the invented city: choose a resident, move through two weeks, turn three dials.

    Parameters
    ----------
    study
        The city; the lab's own without it.
    person
        Whom to start from, a place in the list.
    seed
        Of the lot that draws who is in the list: half were at the protest, and the last has most
        sightings of somebody else.

    Returns
    -------
    widget
        With ``.told()`` and ``.to_html(path)``.

    Examples
    --------
    >>> view = CityExplorer.example()
    >>> len(view.meta["people"]), "under this name" in view.told()
    (12, True)
    """
    study = study or Study()
    shown = somebody(study, seed)
    arrays: dict[str, NDArray[Any]] = {}
    for routine in DIALS["routine"]:
        for name, values in _rows(study, routine, shown).items():
            arrays[f"{routine}_{name}"] = values
    town = study.city()
    meta = {
        "width": places.WIDTH,
        "height": places.HEIGHT,
        "weekdays": places.weekdays(),
        "hours": HOURS,
        "cameras": study.city().camera_order[: max(places.CAMERAS.values())].tolist(),
        "levels": dict(places.CAMERAS),
        "people": [_person(study, p, p == shown[-1]) for p in shown],
        "places": [_place(name, at) for name, at in town.places.items()],
        "visits": [_hours(town, name) for name in (*places.SENSITIVE, places.SQUARE)],
        "rules_of": {
            "home": followed.NEAR_HOME,
            "near": followed.NEAR,
            "stay": list(followed.STAY),
            "morning": followed.MORNING,
            "evening": followed.EVENING,
        },
        "set_to": {
            "routine": {k: _(LEVEL_WORDS[k]) for k in LEVEL_WORDS},
            "cameras": {k: str(n) for k, n in places.CAMERAS.items()},
            "matcher": {
                k: _("no error") if name == PERFECT else name
                for k, name in DIALS["matcher"].items()
            },
        },
    }
    return CityExplorer.of(meta, arrays, person=person)


def somebody(study: Study, seed: int = 0) -> list[int]:
    """Residents to choose from: by lot, half from the protest; last, who has most of others.

    Examples
    --------
    >>> from labkit.street.made_up import made_up_searches
    >>> study = Study(residents=300, visitors=60, searches=made_up_searches(300))
    >>> len(set(somebody(study)))
    12
    """
    rng = np.random.default_rng([study.seed, 10, seed])
    most = int(study.record(matcher=MEASURED).false_links.argmax())
    there = study.city().protests
    some = [p for p in rng.permutation(np.flatnonzero(there)).tolist() if p != most]
    rest = [p for p in rng.permutation(np.flatnonzero(~there)).tolist() if p != most]
    half = PEOPLE // 2
    return [*sorted([*some[:half], *rest[: PEOPLE - 1 - half]]), most]


def _person(study: Study, person: int, most: bool) -> dict[str, Any]:
    """What the page is told of one resident: how they are called, where they live and were."""
    called = _("Resident {n}").format(n=person)
    if most:
        called = _("{called} (most sightings of others)").format(called=called)
    was = {
        routine: [
            bool(study.city(routine).stayed[person, places.PLACES.index(name)])
            for name in (*places.SENSITIVE, places.SQUARE)
        ]
        for routine in DIALS["routine"]
    }
    return {"name": called, "home": int(study.city().home[person]), "was": was}


def _place(name: str, at: int) -> dict[str, Any]:
    kind = name.partition(" ")[0]
    return {"letter": LETTERS.get(kind, ""), "kind": _(KINDS[kind]), "at": at}


def _hours(town: places.City, name: str) -> dict[str, Any]:
    kind, _space, number = name.partition(" ")
    said = _("the protest") if name == places.SQUARE else f"{_(KINDS[kind])} {number}"
    open_at = places.hours(name)
    return {
        "name": said,
        "at": town.places[name],
        "days": list(open_at.days),
        "first": open_at.first,
        "last": open_at.last,
    }


def _rows(study: Study, routine: str, shown: Sequence[int]) -> dict[str, NDArray[Any]]:
    """Passages that concern the files of those shown, at every camera, in order of time.

    ``kind`` adds up 1 when it was the person of the file, 2 when the first of the matchers with
    errors wrote it under that name, 4 when the second did.
    """
    town = study.city(routine)
    passed: Passages = town.passages("high")
    place = np.full(town.people + 1, -1)
    place[list(shown)] = np.arange(len(shown))
    named = [study.matcher(name).named[passed.person, passed.look] for name in MATCHERS[:-1]]
    rank = np.zeros(places.WIDTH * places.HEIGHT, np.uint8)
    order = town.cameras("high")
    rank[order] = np.arange(len(order))
    found = []
    for who in range(len(shown)):
        own = place[passed.person] == who
        bits = own + sum((place[n] == who) * (2 << k) for k, n in enumerate(named))
        at = np.flatnonzero(bits)
        found.append((at, np.full(len(at), who), bits[at]))
    rows, files, kinds = (np.concatenate([f[k] for f in found]) for k in range(3))
    sorted_ = np.lexsort((files, rows))
    rows, files, kinds = rows[sorted_], files[sorted_], kinds[sorted_]
    return {
        "minute": passed.minute[rows].astype(np.uint16),
        "camera": rank[passed.corner[rows]],
        "who": files.astype(np.uint8),
        "kind": kinds.astype(np.uint8),
    }


# ---- the same as city.js computes it -----------------------------------------------------------


def file_of(
    meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], state: State
) -> dict[str, NDArray[Any]]:
    """The sightings under a name up to an hour, and the passages of the person themselves."""
    a = {
        name: arrays[f"{state['routine']}_{name}"].astype(int)
        for name in ("minute", "camera", "who", "kind")
    }
    here = a["who"] == state["person"]
    here &= (a["minute"] < 60 * state["hour"]) & (a["camera"] < meta["levels"][state["cameras"]])
    bit = {"low": 2, "middle": 4, "high": 1}[state["matcher"]]
    written = here & ((a["kind"] & bit) > 0)
    corners = np.array(meta["cameras"])[a["camera"]]
    return {
        "minute": a["minute"][written],
        "corner": corners[written],
        "true": (a["kind"][written] & 1) > 0,
        "passed": np.flatnonzero(here & ((a["kind"] & 1) > 0)),
    }


def by_camera(
    meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], state: State
) -> list[tuple[str, ...]]:
    """Rows of the table: camera, sightings of the person, of somebody else, the last one."""
    file = file_of(meta, arrays, state)
    rows = []
    for at in np.unique(file["corner"]):
        mine = file["corner"] == at
        true = int(file["true"][mine].sum())
        last = int(file["minute"][mine].max())
        rows.append((int(mine.sum()), int(at), true, last))
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [
        (places.corner_name(at), str(true), str(n - true), places.clock(last))
        for n, at, true, last in rows
    ]


def sentence(
    words: Mapping[str, Any],
    meta: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    state: State,
) -> str:
    """What the page says."""
    file = file_of(meta, arrays, state)
    person = meta["people"][state["person"]]
    n, true = len(file["true"]), int(file["true"].sum())
    sightings = words["sightings"][n != 1].format(n=f"{n:,}")
    guess = _seems(file)
    home = words["home_none"]
    if guess is not None:
        right = places.blocks(guess, person["home"]) <= followed.NEAR_HOME
        home = words["home_right" if right else "home_wrong"].format(
            corner=places.corner_name(guess), home=places.corner_name(person["home"])
        )
    said = [
        words["visit_right" if was else "visit_wrong"].format(place=place["name"])
        for place, was in zip(meta["visits"], person["was"][state["routine"]], strict=True)
        if _visited(file, place)
    ]
    visits = words["visits"].format(list=", ".join(said)) if said else words["visits_none"]
    return words["sentence"].format(
        who=person["name"],
        when=places.clock(60 * state["hour"])
        if state["hour"] < HOURS
        else places.clock(60 * HOURS - 1),
        file=words["file"].format(sightings=sightings, true=true, false=n - true),
        passed=words["passed"].format(n=len(file["passed"])),
        home=home,
        visits=visits,
    )


def _seems(file: Mapping[str, NDArray[Any]]) -> int | None:
    """The corner that is most often first in the morning or last in the evening."""
    minute, corner = file["minute"], file["corner"]
    if not len(minute):
        return None
    day, clock = minute // places.DAY, minute % places.DAY
    change = day[1:] != day[:-1]
    first = np.r_[True, change] & (clock < followed.MORNING)
    last = np.r_[change, True] & (clock >= followed.EVENING)
    counted = np.bincount(np.concatenate([corner[first], corner[last]]))
    if not len(counted) or not counted.max():
        return None
    return int(np.flatnonzero(counted == counted.max())[-1])


def _visited(file: Mapping[str, NDArray[Any]], place: Mapping[str, Any]) -> bool:
    """Whether a visit to a place is written down."""
    minute, clock = file["minute"], file["minute"] % places.DAY
    here = places.blocks(file["corner"], place["at"]) <= followed.NEAR
    here &= np.isin(minute // places.DAY, place["days"])
    here &= (clock >= place["first"]) & (clock <= place["last"])
    apart = np.diff(minute)
    stay = here[1:] & here[:-1] & (apart >= followed.STAY[0]) & (apart <= followed.STAY[1])
    return bool(stay.any())
