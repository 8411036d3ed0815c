"""What is drawn in a photograph, by name, and levels that may differ in one thing only.

In: people, and what a learner wants to change.  Out: every drawn parameter of every photograph at
every level, once it is sure that nothing but the factor tells the levels apart.

A **factor** is one thing.  It is one drawn parameter, such as ``noise``, or several that make one
thing together (:data:`THINGS`): a light is a direction, a size and a colour.  Three parameters take
others along *by definition*, and by exactly as much as ``Person.with_`` moves them:
``presentation`` and ``age`` move the means of shape, which is what they are here, and ``freckles``
move the marks.  Nothing else follows: hair and eyes keep their colour when ``tone`` is changed, and
nobody is dressed anew for another age or presentation.
"""

from __future__ import annotations

import difflib
import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from numbers import Real
from types import MappingProxyType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from labkit.base.words import N_, _
from labkit.people.who import (
    NAMES,
    Capture,
    Covering,
    Glasses,
    Person,
    Shirt,
    Styling,
    sample_capture,
    sample_covering,
    sample_person,
    sample_styling,
)

START = 3_000_000
"""The first seed of people in experiments: no set and no network has anybody of these."""

GROUP = 10_000
"""Seeds of one group of people, and the most people that a group can have."""

ROOM = 47  # this module's number in the seeds
ROLES = ("kept styling", "redrawn styling", "capture", "fabric")
HARD = 0.5  # how much probes vary, as in the bundled sets
EXAMPLES = 12  # drawn lights, haircuts or beards of one name

Change = Callable[[Person, Styling, Capture], tuple[Person, Styling, Capture]]


class Draw(NamedTuple):
    """What is drawn in one photograph."""

    person: Person
    styling: Styling
    capture: Capture


OWNERS: Mapping[str, type] = MappingProxyType(
    {"person": Person, "styling": Styling, "capture": Capture}
)


def _places() -> dict[str, tuple[str, str]]:
    """Name -> whose parameter it is, and what its owner calls it."""
    found = [
        (owner, f.name) for owner, kind in OWNERS.items() for f in fields(kind) if f.name != "shape"
    ]
    found += [("person", name) for name in NAMES]
    often = Counter(name for _owner, name in found)
    return {
        (f"{owner}.{name}" if often[name] > 1 else name): (owner, name) for owner, name in found
    }


PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(_places())
"""Every drawn parameter; a name that two of person, styling and capture have is written in full,
such as ``capture.seed``."""

THINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "light": (
            "light",
            "key_azimuth",
            "key_elevation",
            "key_size",
            "key",
            "fill",
            "rim",
            "bounce",
            "warmth",
        ),
        "haircut": ("haircut", "hair_type", "hair_length", "parting", "volume", "fringe"),
        "facial_hair": ("facial_hair", "facial_hair_length"),
        "expression": ("smile", "jaw", "brow", "squint", "blink", "gaze"),
    }
)
"""Several parameters that are one thing: one light, one haircut, one beard, one expression."""

MADE: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "glasses": lambda name: Glasses(shape=name),
        "covering": lambda name: Covering(kind=name),
        "styling.shirt": lambda name: Shirt(kind=name),
    }
)
"""What a name stands for, where a parameter is a thing with parameters of its own."""

NOT_DRAWN = {
    **dict.fromkeys(
        ("gender", "sex"),
        N_(
            "invented people have no {factor}: `presentation` is a drawing parameter that moves the"
            " means of soft tissue, and is neither gender nor sex"
        ),
    ),
    **dict.fromkeys(
        ("race", "ethnicity", "skin"),
        N_(
            "invented people have no {factor}: `tone` is a drawing parameter, 0 light to 1 deep,"
            " and stands for no group of people"
        ),
    ),
}


def drawn(person: Person, styling: Styling, capture: Capture) -> dict[str, Any]:
    """Every drawn parameter of one photograph, by name.

    Parameters
    ----------
    person, styling, capture
        What is drawn.

    Returns
    -------
    parameters
        Name -> value, in the order of :data:`PLACES`.

    Examples
    --------
    >>> values = drawn(*draws(START, 2)[0])
    >>> values["exposure"], values["styling.shirt"], len(values) == len(PLACES)
    ('natural', None, True)
    """
    parts = {"person": person, "styling": styling, "capture": capture}
    return {
        key: person.shape[name]
        if owner == "person" and name in person.shape
        else getattr(parts[owner], name)
        for key, (owner, name) in PLACES.items()
    }


def draws(seed: int, captures: int) -> list[Draw]:
    """A person's photographs before any level changes them, drawn as those of the bundled sets.

    The first photograph is a portrait, the others vary; the first, third, ... show the kept
    styling, the others a new one each, so that most mated pairs are of a person who was restyled.

    Parameters
    ----------
    seed
        The person's.
    captures
        How many photographs.

    Examples
    --------
    >>> first, second, third = draws(START, 3)
    >>> first.styling.haircut == third.styling.haircut, first.styling == second.styling
    (True, False)
    """
    person = sample_person(seed)
    out = []
    for photo in range(captures):
        kept = photo % 2 == 0
        role = "kept styling" if kept else "redrawn styling"
        styling = sample_styling(_number(role, seed, 0 if kept else photo), person)
        fabric = sample_covering(_number("fabric", seed, photo), person.covering_kind)
        capture = sample_capture(_number("capture", seed, photo), HARD if photo else 0.0)
        out.append(Draw(person, styling.with_(covering=fabric), capture))
    return out


def _number(role: str, seed: int, photo: int) -> int:
    import numpy as np

    sequence = np.random.SeedSequence([ROOM, ROLES.index(role), seed, photo])
    return int(sequence.generate_state(1)[0] >> 1)


# ---- names --------------------------------------------------------------------------------------


def parameters_of(factor: Any) -> tuple[str, ...]:
    """The drawn parameters that make a factor.

    Parameters
    ----------
    factor
        A name of :data:`PLACES` or :data:`THINGS`.

    Raises
    ------
    ValueError
        With the nearest names, when there is none of that name.

    Examples
    --------
    >>> parameters_of("yaw"), parameters_of("facial_hair")
    (('yaw',), ('facial_hair', 'facial_hair_length'))
    >>> parameters_of("exposur")
    Traceback (most recent call last):
    ValueError: there is no factor 'exposur': did you mean exposure?
    """
    if isinstance(factor, str) and factor in THINGS:
        return THINGS[factor]
    return (named(factor),)


def named(name: Any) -> str:
    """The name of a drawn parameter, as :data:`PLACES` has it.

    Raises
    ------
    ValueError
        With the nearest names, when there is none of that name.

    Examples
    --------
    >>> named("seed")
    Traceback (most recent call last):
    ValueError: there are several of the name 'seed': write person.seed or styling.seed or
    capture.seed
    """
    if isinstance(name, str) and name in PLACES:
        return name
    if isinstance(name, str) and name.lower() in NOT_DRAWN:
        raise ValueError(_(NOT_DRAWN[name.lower()]).format(factor=name))
    whole = [key for key, (_owner, plain) in PLACES.items() if plain == name]
    if whole:
        words = _("there are several of the name {name!r}: write {names}")
        raise ValueError(words.format(name=name, names=_(" or ").join(whole)))
    near = difflib.get_close_matches(str(name).lower(), [*PLACES, *THINGS], n=3, cutoff=0.6)
    if near:
        words = _("there is no factor {name!r}: did you mean {near}?")
        raise ValueError(words.format(name=name, near=_(" or ").join(near)))
    words = _(
        "there is no factor {name!r}: name a parameter that is drawn, such as tone, glasses, yaw,"
        " exposure, noise or light (labkit.experiment.PLACES has all)"
    )
    raise ValueError(words.format(name=name))


# ---- levels -------------------------------------------------------------------------------------


def changes(factor: str, levels: Any) -> dict[str, Any]:
    """The levels by name, each a value of the factor, parameters by name, or a function.

    Parameters
    ----------
    factor
        What is changed.
    levels
        A list of values, or a dictionary of name -> level.

    Raises
    ------
    ValueError
        When these are not two levels or more, or one is given twice.

    Examples
    --------
    >>> changes("yaw", [0, 30])
    {'0': 0, '30': 30}
    """
    parameters_of(factor)
    if isinstance(levels, Mapping):
        pairs = [(str(name), level) for name, level in levels.items()]
    else:
        if isinstance(levels, str) or not isinstance(levels, Iterable):
            raise ValueError(
                _(
                    "levels={levels!r}: give two or more in a list, such as [0, 30], or by name,"
                    ' such as {{"to the front": 0, "turned": 30}}'
                ).format(levels=levels)
            )
        values = [_plain(value) for value in _plain(levels)]
        if any(callable(v) or isinstance(v, Mapping) for v in values):
            raise ValueError(
                _('these levels have no names: give {{"name of the level": level, ...}}')
            )
        pairs = [(_name(value), value) for value in values]
    twice = [name for name, n in Counter(name for name, _level in pairs).items() if n > 1]
    if twice:
        raise ValueError(_("the level {name!r} is given twice").format(name=twice[0]))
    found = dict(pairs)
    if len(found) < 2:
        raise ValueError(
            _("an experiment compares two levels or more of {factor}: there is {n}").format(
                factor=factor, n=len(found)
            )
        )
    return found


def _plain(value: Any) -> Any:
    """What numpy or pandas holds, as Python has it."""
    return value.tolist() if hasattr(value, "tolist") else value


def _name(value: Any) -> str:
    if value is None:
        return _("none")
    if isinstance(value, float):
        return f"{value:g}"
    return str(getattr(value, "shape", getattr(value, "kind", value)))


def at_level(factor: str, level: Any, draw: Draw, place: int) -> Draw:
    """One photograph at one level.

    Parameters
    ----------
    factor
        What is changed.
    level
        A value of the factor; parameters by name; or a function that takes person, styling and
        capture and returns the three.
    draw
        The photograph as it was drawn.
    place
        A number of the photograph: where a light is given by its name, another example of it.

    Raises
    ------
    ValueError
        For a value out of range or of another kind, an unknown parameter, or a function that
        returns something else.

    Examples
    --------
    >>> portrait = draws(START, 2)[0]
    >>> at_level("yaw", 30, portrait, 0).capture.yaw
    30
    >>> turned = at_level("yaw", lambda p, s, c: (p, s, c.with_(yaw=c.yaw + 30)), portrait, 0)
    >>> turned.capture.yaw - portrait.capture.yaw
    30.0
    """
    if callable(level):
        given = level(*draw)
        kinds = tuple(OWNERS.values())
        if not isinstance(given, tuple) or [*map(type, given)] != [*kinds]:
            words = _(
                "a level that is a function returns (person, styling, capture), changed with their"
                " with_: this one returned {given}"
            )
            kind = tuple(type(g).__name__ for g in given) if isinstance(given, tuple) else given
            raise ValueError(words.format(given=kind))
        pairs = {name: tuple(getattr(given[2], name)) for name in ("gaze", "shift")}
        made = Draw(given[0], given[1], given[2].with_(**pairs))
    else:
        made = with_(draw, level if isinstance(level, Mapping) else {factor: level}, place)
    _check_kinds(made)
    return made


def _kinds() -> dict[str, tuple[type, ...]]:
    """What each drawn parameter is made of: of several numbers, of each of them."""
    hints = {owner: get_type_hints(kind) for owner, kind in OWNERS.items()}
    found = {}
    for key, (owner, name) in PLACES.items():
        hint = hints[owner].get(name, float)
        options = [hint] if isinstance(hint, type) and not get_origin(hint) else get_args(hint)
        flat = [part for one in options for part in (get_args(one) or [one])]
        found[key] = tuple(dict.fromkeys(float if kind is int else kind for kind in flat))
    return found


_KINDS: Mapping[str, tuple[type, ...]] = MappingProxyType(_kinds())


def _check_kinds(draw: Draw) -> None:
    """``ValueError`` where text stands for a number, or a number for a thing."""
    for key, value in drawn(*draw).items():
        if not _is_of(_KINDS[key], value):
            kinds = [_("a number") if kind is float else kind.__name__ for kind in _KINDS[key]]
            words = _("{name} is {value!r}, of type {type}: give {kinds}")
            raise ValueError(
                words.format(
                    name=key,
                    value=value,
                    type=type(value).__name__,
                    kinds=_(" or ").join(kinds).replace("NoneType", "None"),
                )
            )


def _is_of(kinds: tuple[type, ...], value: Any) -> bool:
    allowed = tuple(Real if kind is float else kind for kind in kinds)
    return all(isinstance(one, allowed) for one in (value if isinstance(value, tuple) else [value]))


def with_(draw: Draw, values: Mapping[Any, Any], place: int = 0) -> Draw:
    """A photograph with some parameters changed, by name.

    Parameters
    ----------
    draw
        The photograph.
    values
        Name -> value.  A name of a light, a haircut or a beard alone stands for a drawn example.
    place
        Which example.

    Raises
    ------
    ValueError
        For an unknown name or a value out of range.

    Examples
    --------
    >>> changed = with_(draws(START, 2)[1], {"noise": 2, "glasses": "round", "tone": 0.9})
    >>> changed.capture.noise, changed.styling.glasses.shape, changed.person.tone
    (2, 'round', 0.9)
    """
    whole: dict[str, Any] = {}
    for name, value in values.items():
        if name in THINGS and name not in PLACES:
            words = _("{name} is several parameters: give a level as {{{first!r}: ..., ...}}")
            raise ValueError(words.format(name=name, first=THINGS[name][0]))
        alone = name in THINGS and not any(other in values for other in THINGS[name][1:])
        if alone and isinstance(value, str):
            examples = _examples(name, value)
            number = draw.person.seed + (place if name == "light" else 0)
            whole |= examples[number % len(examples)]
        else:
            key = named(name)
            whole[key] = MADE[key](value) if key in MADE and isinstance(value, str) else value
    parts: dict[str, dict[str, Any]] = {owner: {} for owner in OWNERS}
    for key, value in whole.items():
        owner, plain = PLACES[key]
        parts[owner][plain] = tuple(value) if isinstance(value, list) else value
    person = draw.person.with_(**parts["person"]) if parts["person"] else draw.person
    return Draw(
        person, draw.styling.with_(**parts["styling"]), draw.capture.with_(**parts["capture"])
    )


@functools.cache
def _examples(thing: str, name: str) -> tuple[dict[str, Any], ...]:
    """Lights, haircuts or beards of one name, drawn for nobody in particular."""
    owner, _plain = PLACES[thing]
    OWNERS[owner]().with_(**{thing: name})  # says which names there are
    # somebody of the middle who may wear any haircut and any beard
    anybody = Person(0, presentation=1.0, hair_loss=0.32)
    made = (
        sample_capture(seed, HARD) if owner == "capture" else sample_styling(seed, anybody)
        for seed in itertools.count(START)
    )
    fitting = (
        {parameter: getattr(one, parameter) for parameter in THINGS[thing]}
        for one in made
        if getattr(one, thing) == name
    )
    return tuple(itertools.islice(fitting, EXAMPLES))


# ---- what differs -------------------------------------------------------------------------------


def check_one_thing(
    factor: str, levels: Mapping[str, Sequence[Draw]], base: Sequence[Draw]
) -> None:
    """See that nothing but the factor differs between levels, in any photograph.

    Every drawn parameter is compared.  What a level sets alike at all levels is held, and differs
    nowhere.  ``presentation``, ``age`` and ``freckles`` may take along what ``Person.with_`` moves
    with them, by exactly as much.

    Parameters
    ----------
    factor
        The one thing.
    levels
        Name -> the same photographs at that level, in the same order.
    base
        The photographs as they were drawn.

    Raises
    ------
    ValueError
        When something else differs too, naming what and for whom; when two levels draw the same.

    Examples
    --------
    >>> base = draws(START, 2)
    >>> dark = [with_(d, {"ev": -2, "noise": 2}) for d in base]
    >>> check_one_thing("ev", {"as drawn": base, "dark": dark}, base)
    Traceback (most recent call last):
    ValueError: the levels 'as drawn' and 'dark' of ev differ in noise too, in 2 of 2 photographs
    (of person 3000000, photograph 1: ...): nobody could say which of the two was the cause; change
    one thing at a time
    """
    own = parameters_of(factor)
    names = list(levels)
    seen: dict[str, list[tuple[int, str, str, Any, Any]]] = {}
    differ: set[tuple[str, str]] = set()
    for photo, photographs in enumerate(zip(*levels.values(), strict=True)):
        given = [drawn(*draw) for draw in photographs]
        # What the factor alone makes of it: its own parameters, and what they take along.
        alone = [
            drawn(*with_(base[photo], _in_full(own, values))) if draw != base[photo] else values
            for draw, values in zip(photographs, given)
        ]
        for a, b in itertools.combinations(range(len(names)), 2):
            if given[a] != given[b]:
                differ.add((names[a], names[b]))
        for key in PLACES:
            values = [one[key] for one in given]
            if key in own or all(value == values[0] for value in values):
                continue
            if all(one[key] == other[key] for one, other in zip(given, alone)):
                continue
            other = next(k for k, value in enumerate(values) if value != values[0])
            seen.setdefault(key, []).append(
                (photo, names[0], names[other], values[0], values[other])
            )
    for pair in itertools.combinations(names, 2):
        if pair not in differ:
            words = _(
                "nothing differs between the levels {one!r} and {other!r} of {factor}: to see how"
                " large differences by luck are, give levels that differ in something that cannot"
                " matter, labkit.experiment.PLACEBO"
            )
            raise ValueError(words.format(one=pair[0], other=pair[1], factor=factor))
    if seen:
        raise ValueError(_two_things(factor, seen, base))


def check_held(
    factor: str, levels: Mapping[str, Sequence[Draw]], base: Sequence[Draw], held: Iterable[str]
) -> None:
    """See that what is held is at every level as it was held.

    Parameters
    ----------
    factor, levels, base
        As for :func:`check_one_thing`; ``base`` has what is held.
    held
        Names of parameters.

    Raises
    ------
    ValueError
        When the factor itself, or what it takes along, was held.

    Examples
    --------
    >>> base = [with_(d, {"nose_width": 1.0}) for d in draws(START, 2)]
    >>> check_held("age", {"80": [with_(d, {"age": 80}) for d in base]}, base, ["nose_width"])
    Traceback (most recent call last):
    ValueError: nose_width cannot be held: at the level '80' of age it is 1.0176 and not 1.0;
    leave it out of held=
    """
    for key in map(named, held):
        for name, photographs in levels.items():
            for one, before in zip(photographs, base, strict=True):
                value, kept = drawn(*one)[key], drawn(*before)[key]
                if value != kept:
                    words = _(
                        "{key} cannot be held: at the level {level!r} of {factor} it is {value!r}"
                        " and not {kept!r}; leave it out of held="
                    )
                    raise ValueError(
                        words.format(key=key, level=name, factor=factor, value=value, kept=kept)
                    )


def unlike(factor: str, levels: Mapping[str, Sequence[Draw]]) -> str:
    """Where a factor is not another one in all photographs, or not the same for all people.

    Parameters
    ----------
    factor, levels
        As for :func:`check_one_thing`.

    Returns
    -------
    sentences
        Empty where everybody has one value at each level, and another one at each.

    Examples
    --------
    >>> people = [*draws(START, 2), *draws(START + 1, 2)]
    >>> one, other = ([with_(d, {"noise": n}) for d in people] for n in (0, 2))
    >>> unlike("noise", {"good": one, "poor": other})
    ''
    >>> print(unlike("noise", {"good": one, "poor": [*one[:3], other[3]]}))
    noise at poor is another than at good in 1 of 4 photographs. It varies between people at poor.
    """
    own = parameters_of(factor)
    values = {
        name: [tuple(drawn(*draw)[key] for key in own) for draw in photographs]
        for name, photographs in levels.items()
    }
    (first, before), *others = values.items()
    told = []
    for name, after in others:
        n = sum(one != other for one, other in zip(before, after, strict=True))
        if n < len(before):
            words = _("{factor} at {level} is another than at {first} in {n} of {all} photographs.")
            told.append(words.format(factor=factor, level=name, first=first, n=n, all=len(before)))
    vary = [name for name in levels if _varies(levels[name], values[name])]
    if vary:
        words = (
            _("It varies between people at {levels}.")
            if told
            else _("{factor} varies between people at {levels}.")
        )
        told.append(words.format(factor=factor, levels=", ".join(vary)))
    return " ".join(told)


def _varies(photographs: Sequence[Draw], values: Sequence[Any]) -> bool:
    """Whether people differ in their values."""
    found: dict[int, list[Any]] = {}
    for number, value in enumerate(values):
        found.setdefault(photographs[number].person.seed, []).append(value)
    everybody = [*found.values()]
    return any(one != everybody[0] for one in everybody)


def _in_full(own: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[key] for key in own}


def _two_things(
    factor: str, seen: Mapping[str, list[tuple[int, str, str, Any, Any]]], base: Sequence[Draw]
) -> str:
    """The sentence that says what else differs, in how many photographs, with one of them."""
    most = max(seen.values(), key=len)
    photo, one, other, value, changed = most[0]
    seed = base[photo].person.seed
    number = 1 + sum(draw.person.seed == seed for draw in base[:photo])
    shown = [*seen][:3]
    others = _(", ").join(shown)
    if len(seen) > len(shown):
        others = _("{names} and {n} more").format(names=others, n=len(seen) - len(shown))
    words = _(
        "the levels {one!r} and {other!r} of {factor} differ in {others} too, in {n} of {all}"
        " photographs (of person {seed}, photograph {number}: {value!r} and {changed!r}): nobody"
        " could say which of the two was the cause; change one thing at a time"
    )
    return words.format(
        one=one,
        other=other,
        factor=factor,
        others=others,
        n=len({entry[0] for entries in seen.values() for entry in entries}),
        all=len(base),
        seed=seed,
        number=number,
        value=value,
        changed=changed,
    )
