"""Head coverings: hijab, turban (dastar), patka, headwrap, kippah, beanie, cap and bandana.

In: a :class:`Covering` and a head.  Out: meshes of material ``'covering'`` in rest pose, and which
hair they hide.  Everything is laid on the person's own skull, so it fits every shape; nothing reads
the person.  Fabrics are plain, folds are real relief, and edges have the thickness of cloth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.people.body.mesh import Mesh, vertex_normals
from labkit.people.dress.tailor import (
    BACK,
    COLUMNS,
    MIDDLE,
    REACH,
    ROWS,
    STEP,
    TOP,
    Float,
    Form,
    fabric,
    form_of,
    hollow,
    joined,
    lay,
    look,
    mark,
    ridge,
    rng_of,
    run_of,
    sheet,
    smoothstep,
    soften,
    triangles_of,
    tube,
)
from labkit.people.hair.hair import Hair
from labkit.people.hair.strands import Strands
from labkit.people.who import Covering

HIDES = {
    "hijab": "all",
    "turban": "all",
    "patka": "all",
    "headwrap": "all",
    "kippah": "top",
    "beanie": "scalp",
    "cap": "scalp",
    "bandana": "scalp",
}
MAP_THETA = np.linspace(-np.pi, np.pi, COLUMNS, dtype=np.float32)
MAP_RUN = (np.arange(ROWS, dtype=np.float32) * STEP)[:, None]


def covering_mesh(covering: Covering, person: Any, head: Any) -> tuple[list[Mesh], str]:
    """Meshes of a head covering, and which hair it hides.

    Parameters
    ----------
    covering
        What to wear.
    person
        Not read.
    head
        Its ``grid``, ``scalp`` and ``landmarks`` are read.

    Returns
    -------
    meshes : list of Mesh
        Material ``'covering'``, opaque.
    hides : str
        ``'all'`` (no scalp hair is to be drawn), ``'scalp'`` (hair below the edge may show) or
        ``'top'`` (hair is covered on the crown only). :func:`covers` tells it hair by hair.
    """
    form = form_of(head)
    meshes = MAKERS[covering.kind](covering, form, rng_of(covering.seed, 4))
    return meshes, HIDES[covering.kind]


def covers(covering: Covering, head: Any, points: ArrayLike) -> NDArray[np.bool_]:
    """Which points of the scalp lie under the cloth.

    Parameters
    ----------
    points
        Roots of hairs, shape (n, 3), rest pose.

    Returns
    -------
    ndarray of bool
        Shape (n,); ``True`` means that no hair should be drawn from there.
    """
    p = np.asarray(points, np.float32)
    if HIDES[covering.kind] == "all":
        return np.ones(len(p), bool)
    if covering.kind == "kippah":
        way = p - np.array([0, MIDDLE, BACK], np.float32)
        near = (way @ kippah_axis(covering)) / (np.linalg.norm(way, axis=1) + 1e-6)
        return np.arccos(np.clip(near, -1, 1)) < KIPPAH_REACH - 0.02
    return _below_edge(covering, form_of(head), p)[0] < -0.3


def _below_edge(covering: Covering, form: Form, p: Float) -> tuple[Float, Float, Float]:
    """How far below the edge points (n, 3) are, cm, and their angle and run; each shape (n,)."""
    x, y, z = p[:, 0], p[:, 1] - MIDDLE, p[:, 2] - BACK
    theta = np.arctan2(x, z)
    run = np.where(y > 0, np.arctan2(np.hypot(x, z), y) * REACH, TOP - y)
    table = np.linspace(-np.pi, np.pi, 145, dtype=np.float32)
    edge = edge_run(form, table, *EDGES[covering.kind](brow_band(form)))
    return run - np.interp(theta, table, edge), theta, run


def press(covering: Covering, head: Any, points: Float) -> Float:
    """Hair pressed to the head near the edge of a hat, as hats do; points (n, 3) in and out."""
    if covering.kind == "kippah":
        return points
    form = form_of(head)
    below, theta, run = _below_edge(covering, form, points)
    way = points - np.array([0, MIDDLE, BACK], np.float32)
    way[:, 1] = np.maximum(way[:, 1], 0)
    far = np.linalg.norm(way, axis=1)
    skull = look(form.skull, theta, run)
    free = 0.15 + 0.85 * smoothstep(below, 1.0, 9.0)
    excess = np.clip(far - skull - 0.7, 0, None)
    return (points - way * (excess * (1 - free) / (far + 1e-6))[:, None]).astype(np.float32)


def tuck(grown: Hair, covering: Covering, head: Any) -> Hair:
    """The hair that a covering leaves to be seen: nothing grows through cloth.

    Parameters
    ----------
    grown
        All the hair there would be without the covering.
    covering, head
        What is worn, and on which head.

    Returns
    -------
    Hair
        Strands rooted outside the cloth that do not rise over it, and the parts of the undercoat
        and of locs or braids that hang below the edge.
    """
    if HIDES[covering.kind] == "all":
        return replace(grown, undercoat=None, strands=[], tubes=[])
    strands = []
    for group in grown.strands:
        count, points = group.points.shape[:2]
        under = covers(covering, head, group.points.reshape(-1, 3)).reshape(count, points)
        keep = np.flatnonzero(~under[:, 0] & (under.mean(1) < 0.25))
        if len(keep):
            kept = _some(group, keep)
            flat = press(covering, head, kept.points.reshape(-1, 3))
            strands.append(replace(kept, points=flat.reshape(kept.points.shape)))
    tubes = [m for m in (_below(m, covering, head) for m in grown.tubes) if m is not None]
    coat = None if grown.undercoat is None else _below(grown.undercoat, covering, head)
    return replace(grown, undercoat=coat, strands=strands, tubes=tubes)


def _some(group: Strands, keep: NDArray[np.intp]) -> Strands:
    """The strands numbered ``keep``; whatever is stored per strand goes with them."""
    count = len(group.points)
    chosen: dict[str, Any] = {}
    for f in fields(group):
        value = getattr(group, f.name)
        if isinstance(value, np.ndarray) and value.ndim and len(value) == count:
            chosen[f.name] = value[keep]
    return replace(group, **chosen)


def _below(mesh: Mesh, covering: Covering, head: Any) -> Mesh | None:
    """The triangles of a mesh that do not touch the covered part of the scalp."""
    under = covers(covering, head, mesh.points)
    left = mesh.triangles[~under[mesh.triangles].any(1)]
    pressed = press(covering, head, mesh.points)
    return replace(mesh, points=pressed, triangles=left) if len(left) else None


# ---------------------------------------------------------------------------------------------
# Where edges run


def run_at(radius: Float, theta: ArrayLike, y: ArrayLike) -> Float:
    """Run at which a map reaches the height ``y`` at each angle, above the middle or below it."""
    theta, y = np.broadcast_arrays(np.asarray(theta, np.float32), np.asarray(y, np.float32))
    phi = np.arccos(np.clip((y - MIDDLE) / 10.0, -1, 1))
    for _ in range(5):
        far = look(radius, theta, np.minimum(phi, np.pi / 2) * REACH)
        phi = 0.5 * phi + 0.5 * np.arccos(np.clip((y - MIDDLE) / far, -1, 1))
    return np.where(y >= MIDDLE, phi * REACH, run_of(y)).astype(np.float32)


def brow_band(form: Form) -> float:
    """Height of the hair line, as if no hair had been lost: edges sit there on everybody."""
    return float(np.clip(mark(form.landmarks, "hairline_y", 1, 6.8), 6.2, 7.0))


def edge_run(form: Form, theta: ArrayLike, front: float, side: float, back: float) -> Float:
    """Run of an edge that passes at the heights ``front``, ``side`` and ``back``."""
    theta = np.asarray(theta, np.float32)
    mean = (front + back) / 2
    y = (
        (mean + side) / 2
        + (front - back) / 2 * np.cos(theta)
        + (mean - side) / 2 * np.cos(2 * theta)
    )
    return run_at(form.skull, theta, y)


EDGES: dict[str, Callable[[float], tuple[float, float, float]]] = {
    "beanie": lambda line: (line - 1.3, 1.6, -3.0),
    "cap": lambda line: (line - 1.7, 2.0, -2.2),
    "bandana": lambda line: (line - 0.9, 2.6, -4.2),
}


def dome(form: Form, ears: float) -> Float:
    """The skull as a map, raised by ``ears`` cm where the ears are, for cloth over them."""
    out = np.maximum(form.skull, soften(form.skull, 5, 5))
    for name, side in (("ear_r", -1), ("ear_l", 1)):
        ear = np.asarray(form.landmarks.get(name, (side * 7.2, -1.0, -0.5)), float)
        at = np.arctan2(ear[0], ear[2] - BACK)
        away = (MAP_THETA - at + np.pi) % (2 * np.pi) - np.pi
        down = (MAP_RUN - float(run_of(ear[1]))) / 3.6
        out += ears * np.exp(-((away * 3.1) ** 2)) * np.exp(-(np.abs(down) ** 3))
    return out.astype(np.float32)


def piece(points: Float, paint: Float, wrap: bool = True, roughness: float = 0.8) -> Mesh:
    """A sheet of covering cloth."""
    return sheet(points, paint, "covering", wrap, roughness)


def ring(columns: int) -> Float:
    """Angles all the way round, shape (columns,)."""
    return np.linspace(-np.pi, np.pi, columns, endpoint=False, dtype=np.float32)


def shade(colour: ArrayLike, by: float) -> Float:
    """A colour made deeper (< 1) or lighter (> 1), kept within what cloth can be."""
    return np.clip(np.asarray(colour, np.float32) * by, 0.006, 0.82).astype(np.float32)


# ---------------------------------------------------------------------------------------------
# Beanie, cap, bandana, kippah


def beanie(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A knitted hat with a turned-up cuff."""
    theta = ring(240)
    line = brow_band(form)
    edge = edge_run(form, theta, *EDGES["beanie"](line))
    slouch = (0.7, 1.5, 0.4, 2.2)[covering.wrap % 4]
    cuff = (4.6, 3.8, 5.2, 0.9)[covering.wrap % 4]
    low = edge - cuff
    crown = np.linspace(0, 1, 22)[:, None] * low
    above = 0.6 + slouch * (1 - crown / low) ** 1.5 + 0.25 * smoothstep(crown / low, 0.2, 0.7)
    above += 0.10 * np.cos(3 * theta + rng.uniform(0, 6)) * smoothstep(crown, 1, 6)
    above -= 0.25 * smoothstep(crown / low, 0.85, 1.0)
    turned = np.linspace(0, 1, 9)[:, None]
    fold = np.array([0.72, 0.95, 1.08, 1.14, 1.15, 1.15, 1.14, 1.1, 1.05])[:, None]
    cuff_run = low + 0.25 * (turned**0.5) + turned * (cuff - 0.3)
    hem = [(0.0, 0.95), (0.08, 0.75), (0.06, 0.5), (-0.1, 0.3), (-0.6, 0.22)]
    hem_run = np.stack([edge + d for d, _ in hem])
    run = np.concatenate([crown, cuff_run, hem_run])
    height = np.concatenate([above, fold + 0 * theta, np.array([[h] for _, h in hem]) + 0 * theta])
    share = smoothstep(run, 1.0, 5.0)
    ribs = np.cos(40 * theta)
    height = height + 0.035 * ribs * share
    paint = fabric(covering.colour, run.shape, rng) * (0.93 + 0.07 * ribs * share)[..., None]
    paint[22:] *= 0.93
    paint[21] *= 0.7
    return [piece(lay(dome_low(form), theta, run, height), paint, roughness=0.9)]


def dome_low(form: Form) -> Float:
    """The skull with small hollows bridged, without room for ears."""
    return np.maximum(form.skull, soften(form.skull, 7, 7))


def cap(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A cap of six panels with a curved brim."""
    theta = ring(180)
    line = brow_band(form)
    edge = edge_run(form, theta, *EDGES["cap"](line))
    radius = dome_low(form)
    run = np.linspace(0, 1, 30)[:, None] * edge
    share = run / edge
    stiff = 0.5 + 0.5 * np.cos(theta)
    height = 0.6 + 1.0 * np.sin(np.pi * share**0.8) * (0.6 + 0.6 * stiff**2) + 0.4 * (1 - share)
    seam = np.abs(np.angle(np.exp(1j * 6 * theta)) / 6) * np.sin(np.clip(run / REACH, 0, 1.5)) * 9
    groove = np.exp(-((seam / 0.22) ** 2)) * smoothstep(run, 0.6, 2)
    height = height - 0.05 * groove
    hem = [(0.05, 0.5), (0.02, 0.25), (-0.5, 0.15)]
    run = np.concatenate([run, np.stack([edge + d for d, _ in hem])])
    height = np.concatenate([height, np.array([[h] for _, h in hem]) + 0 * theta])
    paint = fabric(covering.colour, run.shape, rng)
    paint[:30] *= (1 - 0.16 * groove)[..., None]
    crown = piece(lay(radius, theta, run, height), paint)
    top = lay(radius, 0.0, 0.0, 1.1)
    return [
        crown,
        brim(covering, form, radius, rng, line),
        button(top, 0.55, shade(covering.colour, 0.9)),
    ]


def brim(
    covering: Covering, form: Form, radius: Float, rng: np.random.Generator, line: float
) -> Mesh:
    """The brim of a cap: curved, 3 mm thick, darker below."""
    theta = np.linspace(-1.12, 1.12, 61, dtype=np.float32)
    edge = edge_run(form, theta, *EDGES["cap"](line))
    root = lay(radius, theta, edge - 0.35, 0.5)
    reach = 7.0 * np.clip(1 - (np.abs(theta) / 1.125) ** 2.4, 0, 1) ** 0.62
    out = np.concatenate([np.linspace(0, 1, 12), [1.008, 1.008], np.linspace(1, 0, 8)])[:, None]
    lift = np.concatenate([np.full(12, 0.15), [0.06, -0.06], np.full(8, -0.15)])[:, None]
    x = root[:, 0] * (1 + 0.05 * out)
    y = (
        root[:, 1]
        + lift
        - reach * out * (0.10 + 0.09 * out)
        - 0.75 * out * (reach / 7.0) * (root[:, 0] / 5.0) ** 2
    )
    z = root[:, 2] + reach * out + 0 * lift
    points = np.stack([x, y, z], -1).astype(np.float32)
    paint = fabric(covering.colour, points.shape[:2], rng, 0.012)
    paint[14:] *= 0.55
    stitch = np.abs(out[:12] - np.array([0.3, 0.55, 0.8])).min(1) < 0.04
    paint[:12][stitch] *= 0.9
    return piece(points, paint, wrap=False)


def button(at: Float, size: float, colour: Float) -> Mesh:
    """A small flattened ball."""
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 17)[:-1], np.linspace(0, np.pi, 9))
    ball = np.stack([np.sin(v) * np.sin(u), 0.5 * np.cos(v), np.sin(v) * np.cos(u)], -1) * size
    return piece((at + ball).astype(np.float32), colour)


def bandana(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A square of cotton over the crown, tied at the nape."""
    theta = ring(240)
    line = brow_band(form)
    edge = edge_run(form, theta, *EDGES["bandana"](line))
    radius = dome_low(form)
    run = np.linspace(0, 1, 56)[:, None] ** 0.9 * edge
    knot = float(edge_run(form, np.pi, *EDGES["bandana"](line)))
    # Folds fan out from the knot over the sides.
    about = np.angle(np.exp(1j * (theta - np.pi))) * 7.0
    fan = np.arctan2(about, knot - run + 2.0)
    height = np.full(run.shape, 0.34)
    for at in rng.uniform(-1.5, 1.5, 9):
        height = height + 0.14 * ridge(fan - at, 0.06, 0.035) * smoothstep(
            np.cos(theta), 0.75, -0.2
        )
    height = height + 0.05 * np.cos(5 * theta + 0.4 * run) * smoothstep(run, 2, 8)
    # A doubled strip along the front edge.
    height = height + 0.12 * smoothstep(edge - run, 2.1, 1.9)
    hem = [(0.04, 0.36), (0.02, 0.2), (-0.5, 0.1)]
    run = np.concatenate([run, np.stack([edge + d for d, _ in hem])])
    height = np.concatenate([height, np.array([[h] for _, h in hem]) + 0 * theta])
    paint = fabric(covering.colour, run.shape, rng) * hollow(height, 5, 2.0)
    # Two woven lines along the border.
    into = edge - run
    woven = np.maximum(ridge(into - 0.9, 0.22, 0.22), ridge(into - 1.6, 0.16, 0.16))[..., None]
    share = 0.35 * woven
    if covering.wrap % 2:  # dots, on the square as it lies before it is tied
        a, b = run * np.sin(theta) / 1.9, run * np.cos(theta) / 1.9
        apart = np.hypot((a + b) - np.round(a + b), (a - b) - np.round(a - b))
        share = np.maximum(share, 0.75 * smoothstep(apart, 0.24, 0.14)[..., None])
    paint = paint + share * (line_tone(covering) - paint)
    return [piece(lay(radius, theta, run, height), paint), *ties(covering, form, rng, radius, knot)]


def line_tone(covering: Covering) -> Float:
    """A quiet second colour for borders: lighter on deep cloth, deeper on light cloth."""
    own = np.asarray(covering.colour, np.float32)
    return shade(own * 0.35 if own.mean() > 0.2 else own * 0.4 + 0.3, 1.0)


def ties(
    covering: Covering, form: Form, rng: np.random.Generator, radius: Float, knot: float
) -> list[Mesh]:
    """The knot at the nape and its two ends."""
    at = lay(radius, np.pi, knot - 0.6, 0.7)
    out = [button(at, 0.95, shade(covering.colour, 0.9))]
    for side in (-1, 1):
        t = np.linspace(0, 1, 12)[:, None]
        middle = (
            at + t * [side * 2.4, -5.0, -0.6] + np.sin(3 * t + rng.uniform(0, 3)) * [0.3, 0, 0.3]
        )
        across = np.linspace(-1, 1, 6) * (0.5 + 0.9 * t)
        points = middle[:, None] + across[..., None] * np.array([-side * 0.8, -0.35, 0.4])
        out.append(
            piece(points.astype(np.float32), fabric(covering.colour, (12, 6), rng), wrap=False)
        )
    return out


KIPPAH_REACH = 0.66  # radians from its middle to its rim, as seen from the middle of the skull


def kippah_axis(covering: Covering) -> Float:
    """Direction of the middle of a kippah, a unit vector: on the crown, towards the back."""
    tilt = (0.34, 0.42, 0.28, 0.38)[covering.wrap % 4]
    return np.array([0, np.cos(tilt), -np.sin(tilt)], np.float32)


def kippah(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A round cap on the crown with a woven rim."""
    spin = -ring(96)  # seen from above, the other way round
    axis = kippah_axis(covering)
    aside = np.array([1, 0, 0], np.float32)
    ahead = np.cross(aside, axis)
    size = KIPPAH_REACH * np.concatenate([np.linspace(0, 1, 20), [1.006, 1.0, 0.95]])[:, None]
    way = np.cos(size)[..., None] * axis + np.sin(size)[..., None] * (
        np.sin(spin)[:, None] * aside + np.cos(spin)[:, None] * -ahead
    )
    theta = np.arctan2(way[..., 0], way[..., 2])
    run = np.arccos(np.clip(way[..., 1], -1, 1)) * REACH
    above = (
        np.concatenate([0.78 - 0.33 * np.linspace(0, 1, 20) ** 3, [0.36, 0.2, 0.05]])[:, None]
        + 0 * spin
    )
    seams = np.abs(np.angle(np.exp(1j * 4 * spin)) / 4) * np.sin(size) * 9
    groove = np.exp(-((seams / 0.2) ** 2)) * (size > 0.06)
    paint = fabric(covering.colour, run.shape, rng) * (1 - 0.15 * groove)[..., None]
    bright = float(np.mean(covering.colour)) > 0.18
    paint[16:] = shade(np.asarray(covering.colour) * (0.7 if bright else 1.5) + 0.008, 1.0)
    paint[16:] *= (0.9 + 0.1 * np.cos(24 * spin))[:, None]
    return [piece(lay(form.skull, theta, run, above - 0.04 * groove), paint)]


# ---------------------------------------------------------------------------------------------
# Turban, patka, headwrap


def wound_strip(
    radius: Float,
    theta: Float,
    edge: Float,
    width: ArrayLike,
    height: ArrayLike,
    colour: ArrayLike,
    rng: np.random.Generator,
    closed: bool = False,
    pleats: int = 2,
    rise: float = 0.0,
) -> Mesh:
    """One turn of a wound cloth: a strip above ``edge`` (n,) with a folded, rolled lower edge.

    ``height`` cm above the map at that edge; the upper edge is tucked under the next turn.
    ``rise`` is what the cloth gains in height for every cm above its edge.
    """
    # Share of the width above the edge, height relative to the edge, in order from top to bottom.
    rows = [(1.0, -0.42), (0.86, -0.2), (0.7, -0.08)]
    rows += [
        (f, 0.02 + 0.055 * np.cos(2 * np.pi * pleats * f))
        for f in (0.58, 0.5, 0.42, 0.34, 0.26, 0.18)
    ]
    rows += [(0.10, 0.06), (0.04, 0.06), (0.0, 0.02), (-0.02, -0.06), (-0.01, -0.18), (0.05, -0.34)]
    shape = np.array(rows, np.float32)
    width, height = np.broadcast_to(width, edge.shape), np.broadcast_to(height, edge.shape)
    wander = 0.04 * np.cos(5 * theta + rng.uniform(0, 6)) * np.cos(6 * shape[:, :1])
    run = np.maximum(edge - shape[:, :1] * width, 0.05)
    above = height + shape[:, 1:] + wander + rise * shape[:, :1] * width
    paint = fabric(colour, run.shape, rng, 0.015)
    paint *= np.array([0.6, 0.75, 0.9, *[1.0] * 8, 1.0, 0.92, 0.75, 0.6])[:, None, None]
    return piece(lay(radius, theta, run, above), paint, wrap=closed)


def turban(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A dastar: strips wound from both sides that rise and meet at the front."""
    turns, full = ((6, 2.5), (7, 2.7), (6, 2.1), (6, 2.3))[covering.wrap % 4]
    line = brow_band(form)
    radius = dome(form, 0.45)
    high = float(run_at(radius, 0.0, line - 0.7))
    ear, nape = float(run_of(1.2)), float(run_of(-3.2))
    meshes = [turban_base(covering, form, radius, (high, ear, nape), full, rng)]
    sweep = np.linspace(-0.55, np.pi + 0.25, 72, dtype=np.float32)
    for k in range(turns):
        f = k / (turns - 1)
        # Front, side and back of this turn's edge: the strips fan out from the ears.
        front, side, back = high - 9.3 * f, ear - 7.2 * f, nape - 12.0 * f
        # Soft where both sides meet at the front, and round past the ears to the back.
        bent = np.sqrt(np.sin(sweep) ** 2 + 0.012) - 0.11
        lean = np.where(sweep < np.pi / 2, front + (side - front) * bent, 0)
        behind = back + (side - back) * np.sin(sweep)
        edge = np.where(sweep < np.pi / 2, lean, behind).astype(np.float32)
        edge = edge + 0.12 * np.cos(2 * sweep + rng.uniform(0, 6)).astype(np.float32)
        fade = smoothstep(sweep, -0.55, -0.2) * smoothstep(sweep, np.pi + 0.25, np.pi)
        tone = shade(covering.colour, 1 + 0.03 * rng.normal())
        for side_of in rng.permutation((-1, 1)) if covering.wrap % 2 else (-1, 1):
            step = 0.14 if side_of > 0 else 0.0
            slim = 0.8 + 0.5 * np.sin(sweep) ** 2
            above = 0.55 + full * f**slim + step - 0.35 * (1 - fade)
            order = slice(None) if side_of > 0 else slice(None, None, -1)
            meshes.append(
                wound_strip(
                    radius,
                    (side_of * sweep)[order],
                    edge[order],
                    3.6 - 0.8 * f,
                    above[order],
                    tone,
                    rng,
                    rise=0.17,
                )
            )
    return meshes


def turban_base(
    covering: Covering,
    form: Form,
    radius: Float,
    at: tuple[float, float, float],
    full: float,
    rng: np.random.Generator,
) -> Mesh:
    """The closed shell under the strips, which is also the crown and the band at the forehead."""
    theta = ring(120)
    high, ear, nape = at
    c = np.cos(theta)
    edge = ear + (np.where(c > 0, high + 0.9, nape) - ear) * np.abs(c) ** 1.3
    run = np.concatenate(
        [np.linspace(0, 1, 26)[:, None] * edge, edge + np.array([[0.04], [0.02], [-0.5]])]
    )
    share = np.clip((edge - run) / 9.0, 0, 1)
    height = 0.25 + 0.84 * full * share
    height[-3:] = [[0.26], [0.15], [0.05]]
    paint = fabric(shade(covering.colour, 0.85), run.shape, rng)
    front = smoothstep(c, 0.55, 0.7) * smoothstep(edge - run, 2.3, 1.8)
    under = shade(np.asarray(covering.colour) * 0.45 + 0.35 * np.mean(covering.colour) + 0.02, 1.0)
    paint = paint * (1 - front[..., None]) + under * front[..., None]
    return piece(lay(radius, theta, run, height), paint)


def patka(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A close-fitting cloth tied over a topknot."""
    theta = ring(180)
    line = brow_band(form)
    radius = dome(form, 0.45)
    edge = edge_run(form, theta, line - 0.8, 1.5, -4.0)
    run = np.linspace(0, 1, 40)[:, None] ** 0.9 * edge
    # The knot sits above the forehead; the cloth is gathered towards it.
    knot_run, wide = 4.6, 2.6
    x, z = run * np.sin(theta), run * np.cos(theta) - knot_run
    away = np.hypot(x, z)
    bun = 1.9 * np.exp(-((away / wide) ** 4.5)) + 0.3 * np.exp(-((away / 4.5) ** 2))
    spin = np.arctan2(x, z)
    height = 0.36 + bun
    for at in rng.uniform(-np.pi, np.pi, 13):
        turn = np.angle(np.exp(1j * (spin - at)))
        height = height + 0.10 * ridge(turn, 0.1, 0.06) * smoothstep(
            away, wide + 0.3, wide + 1.5
        ) * smoothstep(away, 11, 5)
    hem = [(0.04, 0.34), (0.02, 0.2), (-0.5, 0.1)]
    run = np.concatenate([run, np.stack([edge + d for d, _ in hem])])
    height = np.concatenate([height, np.array([[h] for _, h in hem]) + 0 * theta])
    neck = np.exp(-(((away - wide) / 0.5) ** 2))
    paint = fabric(covering.colour, run.shape, rng) * hollow(height, 5, 1.5)
    paint[:40] *= (1 - 0.15 * neck)[..., None]
    bands = strap(covering, form, radius, line, rng)
    return [piece(lay(radius, theta, run, height), paint), *bands]


def strap(
    covering: Covering, form: Form, radius: Float, line: float, rng: np.random.Generator
) -> list[Mesh]:
    """The folded band along a patka's edge."""
    theta = ring(144)
    edge = edge_run(form, theta, line - 0.9, 1.4, -4.1)
    return [
        wound_strip(
            radius, theta, edge, 2.3, 0.62, shade(covering.colour, 0.92), rng, closed=True, pleats=3
        )
    ]


def headwrap(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A length of cloth wound round the head and knotted: at the front, high, or to one side."""
    style = covering.wrap % 4
    line = brow_band(form)
    radius = dome(form, 0.45)
    theta = ring(144)
    full = (2.0, 2.8, 2.2, 1.7)[style]
    low = edge_run(form, theta, line - 0.5, 1.2, -5.0)
    run = np.linspace(0, 1, 30)[:, None] * low
    height = 0.35 + full * smoothstep(low - run, 0.5, 8.0)
    paint = fabric(shade(covering.colour, 0.88), run.shape, rng)
    meshes = [piece(lay(radius, theta, run, height), paint)]
    lean = (0.0, 1.5, 0.8, -1.2)[style]
    for k in range(5):
        f = k / 4
        tilt = (1.5 if k % 2 else -1.5) * (0.5 + f) * np.sin(theta)
        edge = low - 7.6 * f + (tilt + lean * np.sin(theta)) * smoothstep(f, 0.0, 0.3)
        edge = np.minimum(edge, low).astype(np.float32)
        above = 0.5 + full * smoothstep(low - edge, 0.5, 8.0) + 0.14 * k
        tone = shade(covering.colour, 1 + 0.03 * rng.normal())
        meshes.append(
            wound_strip(radius, theta, edge, 3.9, above, tone, rng, closed=True, pleats=2)
        )
    centre = {0: 0.0, 1: 0.35, 2: 0.0, 3: -0.75}[style]
    seat = float(run_at(radius, centre, line + (3.0 if style == 2 else 1.6)))
    at = lay(radius, centre, seat, full * 0.75 + 0.9)
    size = (1.0, 1.15, 1.25, 0.95)[style]
    return [*meshes, knot(at, centre, covering, rng, size, high=style == 2)]


def knot(
    at: Float, theta: float, covering: Covering, rng: np.random.Generator, size: float, high: bool
) -> Mesh:
    """A soft knot: one roll of cloth over another, with the ends tucked in beside them."""
    ahead = np.array([np.sin(theta), 0.45 if high else 0.2, np.cos(theta)])
    ahead /= np.linalg.norm(ahead)
    aside = np.cross([0, 1.0, 0], ahead)
    aside /= np.linalg.norm(aside)
    over = np.cross(ahead, aside)
    t = np.linspace(-1, 1, 30)
    parts = []
    # Ways of the rolls: start angle, length, bow outwards, thickness.
    rolls = ((1.25, 1.7, 0.95, 1.25), (0.25, 2.2, 0.15, 1.05), (2.75, 2.2, 0.1, 1.0))
    for angle, length, bow, thick in rolls:
        angle += rng.normal(0, 0.12)
        way = np.cos(angle) * aside + np.sin(angle) * over
        bend = np.cos(angle + 1.57) * aside + np.sin(angle + 1.57) * over
        path = (
            at
            + size * length * t[:, None] * way
            + size * (0.35 * (t**2 - 0.4))[:, None] * bend
            + size * (bow * (1 - t**2) - 1.3 * t**2)[:, None] * ahead
        )
        wide = size * thick * (0.6 + 0.4 * np.sqrt(np.clip(1 - t**2, 0, 1)))
        points, triangles = tube(path, wide, 28)
        spin = np.tile(np.linspace(0, 2 * np.pi, 28, endpoint=False), len(t))
        pleat = 1 + 0.07 * np.cos(6 * spin + np.repeat(2.2 * t, 28)) + 0.04 * np.cos(11 * spin)
        centre = np.repeat(path, 28, 0)
        parts.append(((centre + (points - centre) * pleat[:, None]).astype(np.float32), triangles))
    return joined(parts, shade(covering.colour, 1.0), "covering", 0.8)


# ---------------------------------------------------------------------------------------------
# Hijab

SPOKES = 168  # columns of a hijab: spokes round the face


class Veil:
    """Where the cloth of a hijab lies on one head.

    Columns are spokes that leave the face opening (``along`` = 0) and end at the back's midline or
    at the hem (``along`` = 1); ``turn`` is 0 above the forehead and pi below the chin.
    """

    def __init__(self, form: Form, snug: float, room: float, hem: float, tall: float) -> None:
        line = brow_band(form)
        chin = mark(form.landmarks, "chin", 1, -11.0)
        self.form, self.hem = form, float(run_of(hem))
        self.turn = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False).astype(np.float32)
        self.top = float(run_at(form.skull, 0.0, line - 0.9 + tall))
        self.bottom = float(run_of(chin - 0.25))
        self.radius = self._drape(snug, room, chin)
        self.wide = 0.97

    def _drape(self, snug: float, room: float, chin: float) -> Float:
        """The form a cloth would lie on: ears under it, hollows bridged below the jaw."""
        base = np.maximum(dome(self.form, 1.1), soften(self.form.skull, 5, 5))
        lower = np.maximum(self.form.neck, np.where(MAP_RUN < run_of(chin + 1), base, 0))
        bridged = soften(np.maximum(lower, self.form.neck), 5, 5)
        for d in (14, 10, 6, 3):
            up, down = np.roll(bridged, d, 0), np.roll(bridged, -d, 0)
            up[:d], down[-d:] = bridged[:d], bridged[-d:]
            bridged = np.maximum(bridged, 0.5 * (up + down))
        # Beside the face the cloth falls straight from the ears; under the chin it is drawn in.
        side = smoothstep(np.abs(MAP_THETA), 0.7, 1.3)
        begin = side * run_of(-1.0) + (1 - side) * run_of(-3.0)
        below = smoothstep((MAP_RUN - begin) / 5.0)
        close = snug * (1 - 0.3 * side)
        hang = lower * close + bridged * (1 - close)
        mixed = base * (1 - below) + np.maximum(hang, self.form.neck) * below
        # Over the shoulders it lies on whatever is worn there.
        dressed = room + 0.9 * smoothstep(MAP_RUN, run_of(-13.0), run_of(-16.0))
        # Soft volume over hair: a little on the crown, more at the sides, most behind the head.
        away = smoothstep(np.abs(MAP_THETA), 0.75, 1.5) + 0.9 * smoothstep(
            np.abs(MAP_THETA), 1.7, 2.9
        ) * ridge(MAP_RUN - 15.0, 9.0, 9.0)
        low = 1 - 0.45 * smoothstep(MAP_RUN, run_of(-9.0), run_of(-15.0))
        dressed = dressed + 0.35 + (0.9 * away * smoothstep(MAP_RUN, 3.0, 11.0)) * low
        return np.ascontiguousarray(soften(mixed.astype(np.float32), 5, 5) + dressed, np.float32)

    def hole(self, shrink: Float | float = 0.0) -> tuple[Float, Float]:
        """Angle and run of the face opening, made ``shrink`` cm smaller; each shape (SPOKES,)."""
        s, c = np.sin(self.turn), np.cos(self.turn)
        power = 2.12
        scale = (np.abs(s) ** power + np.abs(c) ** power) ** (-1 / power)
        half = (self.bottom - self.top) / 2
        taper = 1 - 0.10 * np.clip(-c, 0, 1) ** 2
        # Cloth laid by hand is never quite even.
        scale = scale * (1 + 0.016 * np.sin(2 * self.turn + 0.6) + 0.012 * np.sin(3 * self.turn))
        theta = scale * s * taper * (self.wide - shrink / 8.0)
        run = (self.bottom + self.top) / 2 - scale * c * (half - shrink)
        return theta.astype(np.float32), run.astype(np.float32)

    def slack(self) -> Float:
        """How far the cloth would stand off the face at the opening, cm, shape (SPOKES,)."""
        theta, run = self.hole()
        face = look(self.form.skin, theta, run - 0.3) + 0.30
        return np.clip(look(self.radius, theta, run) - face, -0.2, 3.2)

    def ends(self) -> tuple[Float, Float]:
        """Angle and run where the spokes end; each shape (SPOKES,)."""
        t = np.minimum(self.turn, 2 * np.pi - self.turn)
        side = np.where(self.turn <= np.pi, 1.0, -1.0)
        first, last = 0.55, 2.05
        theta = np.interp(t, [0, first, last, np.pi], [0, np.pi, np.pi, 0])
        run = np.interp(t, [0, first, last, np.pi], [0, 0, self.hem, self.hem])
        return (side * theta).astype(np.float32), run.astype(np.float32)

    def spread(self, along: Float) -> tuple[Float, Float]:
        """Angle and run of the whole sheet for shares ``along`` (rows, 1); shape (rows, SPOKES)."""
        (t0, r0), (t1, r1) = self.hole(), self.ends()
        return t0 + (t1 - t0) * along, r0 + (r1 - r0) * along


def hijab(covering: Covering, form: Form, rng: np.random.Generator) -> list[Mesh]:
    """A scarf over head, ears and neck, with an under-scarf band, in one of four wraps."""
    style = covering.wrap % 4
    # How closely it follows the neck, how loosely it lies, how far up the forehead it begins.
    snug, room, tall = ((0.05, 0.45, 0.1), (0.1, 0.4, 0.0), (0.05, 0.45, 0.2), (0.0, 0.6, 0.3))[
        style
    ]
    veil = Veil(form, snug, room, (-25.0, -25.0, -25.0, -25.0)[style], tall)
    edge = np.array([0.030, 0.006, 0.0, -0.003, 0.0, 0.006, 0.014])
    along = np.concatenate([edge, 0.03 + 0.97 * np.linspace(0, 1, 58) ** 1.25])[:, None].astype(
        np.float32
    )
    theta, run = veil.spread(along)
    height = folds(style, veil, theta, run, along, rng)
    lip = np.array([-0.95, -0.55, -0.2, 0.08, 0.28, 0.42, 0.5])[:, None]
    height[:7] = height[7] * np.clip(along[:7] * 20, 0, 1) + lip
    height[7:] += 0.5 * np.exp(-(((along[7:] - 0.03) / 0.028) ** 2))  # a soft rolled edge
    # At the opening the cloth rests on the face.
    height -= veil.slack() * (1 - smoothstep(along, 0.0, 0.16))
    tone = covering.colour
    paint = fabric(tone, run.shape, rng, 0.018) * hollow(height, 9, 1.7)
    paint[:3] *= 0.7
    rough = (0.8, 0.85, 0.55, 0.75)[style]
    scarf = welded(lay(veil.radius, theta, run, height), paint, rough)
    meshes = [scarf, under_scarf(covering, veil, rng)]
    side = -1 if rng.random() < 0.5 else 1
    meshes.append(tail(covering, veil, rng, style, side))
    if style == 2:
        meshes.append(tail(covering, veil, rng, 4, -side))
    return meshes


def folds(
    style: int, veil: Veil, theta: Float, run: Float, along: Float, rng: np.random.Generator
) -> Float:
    """Relief of a hijab's drape, cm: folds that follow the face and hang below the chin."""
    turn = veil.turn
    low = 0.5 - 0.5 * np.cos(turn)  # 0 above the forehead .. 1 below the chin
    far = along * 24.0  # roughly cm from the opening
    out = np.zeros(run.shape, np.float32)
    pin = rng.choice((-1, 1)) * (0.35 if style != 2 else 0.0)
    gather = 0.6 + 0.5 * np.abs(np.angle(np.exp(1j * (turn - np.pi + pin)))) / np.pi
    count = (7, 6, 6, 7)[style]
    big = (0.60, 0.50, 0.46, 0.66)[style]
    place = 2.2
    for k in range(count):
        sway = 0.35 * np.sin(turn + rng.uniform(0, 6)) + 0.25 * np.sin(2 * turn + rng.uniform(0, 6))
        at = place * gather * (1.25 - 0.25 * low) + sway * (0.4 + 0.15 * k)
        wide = 0.75 + 0.07 * k
        reach = 0.34 + 0.66 * smoothstep(low, 0.1, 0.75)
        only = 1 - 0.6 * ridge(np.angle(np.exp(1j * (turn - rng.uniform(0, 6)))), 0.7, 0.7)
        out += big * rng.uniform(0.7, 1.1) * reach * only * ridge(far - at, wide, 0.36 * wide)
        place += rng.uniform(1.8, 2.6) * (1 + 0.08 * k)
    if style != 2:  # the second time round the head: an edge that lies on the first
        layer = (
            4.6
            + 0.9 * np.sin(turn + pin * 4)
            - 1.2 * low
            + 0.3 * np.sin(3 * turn + rng.uniform(0, 6))
        )
        out += 0.24 * smoothstep(far - layer, -0.25, 0.25) + 0.14 * ridge(
            far - layer - 0.35, 0.3, 0.8
        )
    if style == 2:  # folds that fan out from the pin under the chin
        below = run - veil.bottom - 0.6
        fan = np.arctan2(theta * 7.0, np.where(np.abs(below) < 0.3, 0.3, below))
        for at in (-0.75, -0.4, -0.12, 0.15, 0.45, 0.8):
            out += (
                0.26
                * ridge(fan - at - rng.normal(0, 0.05), 0.09, 0.05)
                * smoothstep(below, 0.3, 2.5)
            )
        out += 0.35 * ridge(far - 0.5, 0.5, 0.9) * smoothstep(np.cos(turn), 0.3, 1.0)
    return out


def welded(points: Float, paint: Float, roughness: float) -> Mesh:
    """The sheet of a hijab with its last row sewn together at the back midline and the crown."""
    rows, columns = points.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    flat = points.reshape(-1, 3)
    last = number[-1]
    t = np.minimum(np.arange(columns), columns - np.arange(columns)) * 2 * np.pi / columns
    mirror = last[(-np.arange(columns)) % columns]
    sewn = np.where(t < 0.56, last[0], np.where(t < 2.05, np.minimum(last, mirror), last))
    lookup = np.arange(rows * columns)
    lookup[last] = sewn
    # Turns run clockwise round the face, so the grid's triangles face inwards: turn them round.
    triangles = lookup[triangles_of(rows, columns, True)].astype(np.int32)[:, ::-1]
    triangles = np.ascontiguousarray(triangles)
    normals = vertex_normals(flat, triangles)
    return Mesh(flat, triangles, "covering", paint.reshape(-1, 3), None, roughness, normals)


def under_scarf(covering: Covering, veil: Veil, rng: np.random.Generator) -> Mesh:
    """The band that shows at the forehead, inside the opening."""
    c = np.clip(np.cos(veil.turn), 0, 1)
    inset = 0.85 * c**0.8 - 1.6 * (1 - c)
    rows = (
        (-1.6, 0.0),
        (-0.7, 0.0),
        (0.2, 0.02),
        (0.8, 0.03),
        (0.95, 0.0),
        (1.0, -0.07),
        (0.97, -0.16),
    )
    parts = [veil.hole(np.where(f > 0, inset * f, inset + f - 1.0)) for f, _ in rows]
    theta, run = np.stack([p[0] for p in parts]), np.stack([p[1] for p in parts])
    base = soften(veil.form.skull, 3, 3)
    height = np.array([[0.26 + h] for _, h in rows]) + 0 * theta
    light = float(np.mean(covering.colour)) > 0.12
    tone = shade(
        np.asarray(covering.colour) * (0.62 if light else 1.5) + (0 if light else 0.012), 1.0
    )
    return piece(lay(base, theta, run, height), fabric(tone, run.shape, rng, 0.015))


def tail(covering: Covering, veil: Veil, rng: np.random.Generator, style: int, side: int) -> Mesh:
    """The end of the scarf: from one cheek, crossing under the chin, over the other shoulder."""
    t = np.linspace(0, 1, 80)
    theta = side * (-1.55 + 3.2 * t)
    # Where it starts beside the face, how low it hangs at the front and where it ends, cm.
    rise, sag, stop = (
        (3.6, 0.5, -17.0),
        (4.0, 0.6, -16.0),
        (3.6, 1.0, -18.5),
        (3.2, 1.5, -18.0),
        (3.5, 0.9, -20.0),
    )[style]
    first, last = veil.bottom - rise, float(run_of(stop))
    centre = first + (last - first) * t**1.15 + (sag + 0.8) * np.sin(np.pi * t) ** 2
    wide = 2.2 + 2.6 * smoothstep(t, 0.1, 0.9)
    across = np.concatenate([[-0.88, -0.97, -1.0], np.linspace(-0.98, 0.98, 33), [1.0, 0.97, 0.88]])
    across = across[:, None]
    lift = np.concatenate([[-0.5, -0.35, -0.12], np.zeros(33), [-0.12, -0.35, -0.5]])[:, None]
    height = (0.95 if style == 4 else 0.75) + lift + 0 * t
    for at in (-0.72, -0.3, 0.12, 0.55):
        middle = at + 0.14 * np.sin(3 * t + rng.uniform(0, 6))
        deep = rng.uniform(0.42, 0.6) * smoothstep(t, 0.1, 0.42)
        height = height + deep * ridge(across - middle, 0.2, 0.1)
    # Its upper edge is rolled too.
    height = height + 0.25 * smoothstep(t, 0.1, 0.4) * ridge(across + 0.9, 0.12, 0.16)
    # It comes out from under the fold at the jaw.
    height = height - 1.8 * (1 - smoothstep(t, 0.0, 0.34))
    run = centre + across * wide
    paint = fabric(shade(covering.colour, 1.02), run.shape, rng, 0.018) * hollow(height, 7, 1.7)
    points = lay(veil.radius, theta[None] + 0 * run, run, height)
    return piece(points if side > 0 else points[:, ::-1], paint, wrap=False)


MAKERS: dict[str, Callable[[Covering, Form, np.random.Generator], list[Mesh]]] = {
    "hijab": hijab,
    "turban": turban,
    "patka": patka,
    "headwrap": headwrap,
    "kippah": kippah,
    "beanie": beanie,
    "cap": cap,
    "bandana": bandana,
}
