"""From a person, what they wear and how they are photographed, to a picture.

In:  Person x Styling x Capture.  Out: a :class:`~labkit.people.photo.camera.Radiance` (what reaches
the lens, once), which :func:`~labkit.people.photo.camera.develop` turns into a picture under any
camera.  Everything that does not depend on the camera is kept in a :class:`Sitter`, so that many
pictures of one person cost little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from labkit.people.body import eyes, skin
from labkit.people.body.head import Head, build_head
from labkit.people.body.mesh import Mesh, grid_triangles, interpolate, rasterise, vertex_normals
from labkit.people.dress import clothes
from labkit.people.hair import facial_hair, hair, locs, strands
from labkit.people.photo import occlusion, shade
from labkit.people.photo.backdrop import backdrop
from labkit.people.photo.camera import Radiance, develop
from labkit.people.photo.light import Rig, rig
from labkit.people.photo.stage import Buffers, Piece, Sky, columns, draw
from labkit.people.photo.view import PIVOT, View, view
from labkit.people.who import Capture, Person, Styling, worn_shirt

Float = NDArray[np.float32]

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
SHOWING = 384  # pictures this large or larger get finer textures and more strands


def detail_for(size: int) -> float:
    """Fineness of textures and strands at ``size`` pixels: 1 for matching, 2 for showing."""
    return 2.0 if size >= SHOWING else 1.0


@dataclass
class Likeness:
    """The parts of a person that no styling changes: head and skin textures at one fineness."""

    person: Person
    detail: float
    head: Head
    maps: skin.SkinMaps

    @cached_property
    def lip(self) -> Float:
        """Share of lip in each texel of the skin, shape (h, w)."""
        return np.ascontiguousarray(self.maps.layers[..., skin.LIP])

    @classmethod
    def of(cls, person: Person, detail: float = 1.0) -> Likeness:
        """Build head and skin of a person."""
        head = build_head(person)
        return cls(person, detail, head, skin.paint(person, head, detail))


@dataclass
class Sitter:
    """A dressed person, ready to be photographed any number of times.

    Examples
    --------
    >>> from labkit.people.who import sample_person, sample_styling
    >>> person = sample_person(1)
    >>> sitter = Sitter.of(person, sample_styling(1, person))
    >>> sitter.person.seed
    1
    """

    likeness: Likeness
    styling: Styling
    hair: hair.Hair
    worn: list[Mesh]
    lenses: list[Mesh]
    sky: Sky
    pieces: list[Piece] = field(default_factory=list)
    coat: Piece | None = None
    grid_open: Float = field(default_factory=lambda: np.zeros(0, np.float32))
    grid_bent: Float = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    top: float = 13.0
    side: float = 10.0

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.likeness.person

    @cached_property
    def planted(self) -> list[facial_hair.Planted]:
        """Brows and beard before any expression."""
        return facial_hair.plant(
            self.person, self.styling, self.likeness.head, self.likeness.detail
        )

    @cached_property
    def shadow_of_beard(self) -> tuple[Float, Float] | None:
        """How much of the skin a close beard darkens, (h, w, 1), and its colour, (3,)."""
        shape = self.likeness.maps.layers.shape[:2]
        cover = facial_hair.undercoat(self.person, self.styling, self.likeness.head, shape)
        if cover is None:
            return None
        colour = facial_hair.undercoat_colour(self.person, self.styling)
        return cover[..., None].astype(np.float32), np.asarray(colour, np.float32)

    @classmethod
    def of(cls, person: Person | Likeness, styling: Styling, detail: float = 1.0) -> Sitter:
        """Dress a person: hair, covering, glasses, and how much sky each point then sees."""
        likeness = person if isinstance(person, Likeness) else Likeness.of(person, detail)
        who, head = likeness.person, likeness.head
        covering: list[Mesh] = []
        hides = "none"
        if styling.covering is not None:
            covering, hides = clothes.covering_mesh(styling.covering, who, head)
        grown = grow_hair(who, styling, head, likeness.detail, hides)
        specs = (
            clothes.glasses_mesh(styling.glasses, who, head) if styling.glasses is not None else []
        )
        worn = covering + grown.tubes + [m for m in specs if m.material != "lens"]
        lenses = [m for m in specs if m.material == "lens"]
        hiding = [_coarse_grid(head), *covering, *grown.tubes]
        if grown.undercoat is not None:
            hiding.append(grown.undercoat)
        sky = Sky(*_join(hiding))
        sitter = cls(likeness, styling, grown, worn, lenses, sky)
        sitter.pieces = [Piece.of(m, sky) for m in worn]
        sitter.coat = Piece.of(grown.undercoat, sky) if grown.undercoat is not None else None
        sitter.grid_open, sitter.grid_bent = _grid_openness(head, sky)
        sitter.top, sitter.side = _extent(head, sitter)
        return sitter


def grow_hair(person: Person, styling: Styling, head: Head, detail: float, hides: str) -> hair.Hair:
    """The hair that a covering leaves to be seen."""
    if hides == "all" or styling.haircut == "bald":
        return hair.Hair(None, [], [])
    room = locs if styling.haircut in locs.CUTS else hair
    grown = room.grow(person, styling, head, detail)
    return clothes.tuck(grown, styling.covering, head) if styling.covering is not None else grown


def _coarse_grid(head: Head) -> Mesh:
    """Every third vertex of the head: enough to hide the sky."""
    g = np.ascontiguousarray(head.grid[::3, ::3])
    return Mesh(g.reshape(-1, 3), grid_triangles(*g.shape[:2]), "cloth")


def _join(meshes: list[Mesh]) -> tuple[Float, NDArray[np.int32]]:
    starts = np.cumsum([0] + [len(m.points) for m in meshes[:-1]])
    points = np.concatenate([m.points for m in meshes])
    triangles = np.concatenate([m.triangles + s for m, s in zip(meshes, starts, strict=True)])
    return points, triangles.astype(np.int32)


def _grid_openness(head: Head, sky: Sky) -> tuple[Float, Float]:
    """Openness and open direction of the grid's vertices, found on every second one."""
    rows, cols = head.grid.shape[:2]
    flat = head.grid.reshape(-1, 3)
    normals = vertex_normals(np.ascontiguousarray(flat, np.float32), grid_triangles(rows, cols))
    pick = np.ascontiguousarray(head.grid[::2, ::2])
    n = np.ascontiguousarray(normals.reshape(rows, cols, 3)[::2, ::2])
    openness, bent = sky.open(pick.reshape(-1, 3), n.reshape(-1, 3))
    both = np.concatenate([openness[:, None], bent], 1).reshape(*pick.shape[:2], 4)
    wide = cv2.resize(
        cv2.GaussianBlur(both, (0, 0), 0.8), (cols, rows), interpolation=cv2.INTER_LINEAR
    )
    wide = wide.reshape(-1, 4).astype(np.float32)
    openness = wide[:, 0] * np.asarray(head.hollows, np.float32).ravel()
    return np.ascontiguousarray(openness), np.ascontiguousarray(wide[:, 1:])


def _extent(head: Head, sitter: Sitter) -> tuple[float, float]:
    """Height of the highest thing on the head and half the width of the hair above the chin, cm."""
    tops, sides = [float(head.grid[..., 1].max())], [8.0]
    clouds = [m.points for m in sitter.worn]
    clouds += [
        g.points.reshape(-1, 3)[:: 1 + g.points.size // 60_000]
        for g in sitter.hair.strands
        if len(g.points)
    ]
    for points in clouds:
        tops.append(float(np.percentile(points[:, 1], 99.8)))
        above = points[points[:, 1] > -6, 0]
        if len(above):
            sides.append(float(np.percentile(np.abs(above), 99)))
    return max(tops), max(sides)


def _skin_pieces(sitter: Sitter, capture: Capture) -> list[Piece]:
    """The head with its expression; openness comes from the face at rest."""
    out = []
    count = len(sitter.grid_open)
    for mesh in sitter.likeness.head.mesh(capture):
        normals = (
            mesh.normals
            if mesh.normals is not None
            else vertex_normals(mesh.points, mesh.triangles)
        )
        if mesh.material == "skin" and len(mesh.points) == count:
            out.append(Piece(mesh, sitter.grid_open, sitter.grid_bent, normals))
        elif mesh.material == "skin":
            out.append(Piece.of(mesh, sitter.sky, occlusion.FINE))
        else:  # light reaches teeth through the open lips, which the head at rest keeps shut
            piece = Piece.of(mesh, sitter.sky)
            piece.openness = np.maximum(piece.openness, np.float32(0.30))
            out.append(piece)
    return out


def _looking(sitter: Sitter, capture: Capture, sight: View) -> Capture:
    """The capture with its gaze in the head's own axes: at the lens, plus what was asked for."""
    lens = sight.head.T @ (sight.eye / np.linalg.norm(sight.eye))
    to_lens = np.degrees(np.arctan2(lens[:2], lens[2]))
    gaze = np.clip(to_lens + np.asarray(capture.gaze, np.float64), -26, 26)
    return capture.with_(gaze=(float(gaze[0]), float(gaze[1])))


def render_radiance(
    person: Person | Likeness | Sitter,
    styling: Styling | None,
    capture: Capture,
    size: int = 160,
    *,
    specular: float = 1.0,
    draw_strands: bool = True,
) -> Radiance:
    """Photograph a person as far as the lens.

    Parameters
    ----------
    person
        A Person, or a Likeness or Sitter made before (faster for several pictures).
    styling
        What they wear; ``None`` only for a Sitter, who is dressed.
    capture
        Pose, expression, light.
    size
        Side of the finished picture, pixels, 32..2048.
    specular
        Strength of all gloss; 0 switches it off for experiments.
    draw_strands
        ``False`` leaves out scalp hair strands (for timing and experiments).

    Returns
    -------
    Radiance

    Raises
    ------
    ValueError
        When ``size`` is out of range or styling is missing.
    """
    if not 32 <= size <= 2048:
        raise ValueError(f"picture size {size} is out of range: give 32 to 2048 pixels")
    if not isinstance(person, Sitter):
        if styling is None:
            raise ValueError(
                "styling is missing: give a Styling, for example sample_styling(seed, person)"
            )
        person = Sitter.of(person, styling, detail_for(size))
    return _photograph(person, capture, size, 2, specular, draw_strands)


def _photograph(
    sitter: Sitter, capture: Capture, size: int, ss: int, specular: float, draw_strands: bool
) -> Radiance:
    sight = view(capture, size * ss, sitter.top, sitter.side)
    capture = _looking(sitter, capture, sight)
    lamps = rig(capture)
    pieces = _skin_pieces(sitter, capture) + sitter.pieces + _shirt(sitter, capture)
    posed = [sight.pose(p.mesh.points) for p in pieces]
    seen = draw(pieces, posed, sight)
    shadow = _shadow(sitter, pieces, posed, lamps)
    hairs, density = _place_hair(sitter, capture, sight, lamps, draw_strands)
    surface = _surface(sitter, capture, seen, sight)
    rgb, light = _light(seen, surface, lamps, shadow, density, sight, sitter.person.tone, specular)
    alpha = (seen.material >= 0).astype(np.float32)
    skin_share = surface.skin.copy()
    depth = seen.depth.copy()
    hair_share = np.zeros_like(alpha)
    if sitter.coat is not None:
        _undercoat(sitter, sight, lamps, shadow, rgb, alpha, depth, skin_share, hair_share)
    layer = strands.draw(hairs, lamps, depth, density)
    over = layer.alpha[..., None]
    rgb = layer.rgb + (1 - over) * rgb
    skin_share *= 1 - layer.alpha
    hair_share = layer.alpha + (1 - layer.alpha) * hair_share
    alpha = layer.alpha + (1 - layer.alpha) * alpha
    _lenses(sitter, sight, lamps, layer.depth, rgb)
    face = _metered(seen, surface, skin_share)
    weight = float(face.sum())
    on_face = float((face * (light @ LUMA)).sum() / weight) if weight > 1e-6 else 1.0
    labels = {"eyes": surface.eye_share, "lips": surface.lips * skin_share, "hair": hair_share}
    back = backdrop(capture.backdrop, size * ss)
    return Radiance(
        rgb=np.maximum(rgb, 0).astype(np.float32),
        alpha=alpha,
        backdrop_rgb=back,
        skin=skin_share,
        face=face,
        light_on_face=on_face,
        size=size,
        ss=ss,
        labels=labels,
    )


def _shirt(sitter: Sitter, capture: Capture) -> list[Piece]:
    """What is worn below the chin, from the capture's own seed unless the styling names one."""
    if sitter.styling.covering is not None and sitter.styling.covering.kind == "hijab":
        return []  # its cloth falls below the frame
    spec = worn_shirt(sitter.styling, capture)
    meshes = clothes.shirt_mesh(spec, sitter.person, sitter.likeness.head)
    return [Piece.of(m, sitter.sky) for m in meshes]


@dataclass
class Shadow:
    """The nearest surfaces seen from the key light."""

    zbuffer: Float
    axes: Float


def _shadow(sitter: Sitter, pieces: list[Piece], posed: list[Float], lamps: Rig) -> Shadow:
    """The shadow map; every second vertex of the head is enough for a soft light."""
    rows, cols = sitter.likeness.head.grid.shape[:2]
    coarse = posed[0].reshape(rows, cols, 3)[::2, ::2]
    parts = [np.ascontiguousarray(coarse).reshape(-1, 3), *posed[1:]]
    nets = [_coarse_net(*coarse.shape[:2]), *[p.mesh.triangles for p in pieces[1:]]]
    starts = np.cumsum([0] + [len(p) for p in parts[:-1]])
    triangles = np.concatenate([t + np.int32(s) for t, s in zip(nets, starts, strict=True)])
    zbuffer, axes = occlusion.depth_map(
        np.concatenate(parts), triangles, lamps.key, occlusion.SHADOW_CELLS, occlusion.SHADOW_EXTENT
    )
    return Shadow(zbuffer, axes)


@lru_cache(maxsize=4)
def _coarse_net(rows: int, cols: int) -> NDArray[np.int32]:
    """The triangles of a grid, kept because every picture needs the same ones."""
    return grid_triangles(rows, cols)


@dataclass
class Surface:
    """Colour of what each pixel sees, before light: albedo, gloss, shares of skin, eye and lip."""

    albedo: Float
    gloss: Float
    skin: Float
    eye_share: Float
    lips: Float
    eye_buffers: eyes.EyeBuffers


def _surface(sitter: Sitter, capture: Capture, seen: Buffers, sight: View) -> Surface:
    who, maps, head = sitter.person, sitter.likeness.maps, sitter.likeness.head
    textures = skin.albedo(
        maps, who.tone, who.shape["redness"], who.shape["undertone"], capture.seed
    )
    if sitter.shadow_of_beard is not None:
        cover, colour = sitter.shadow_of_beard
        textures = textures + cover * (colour - textures)
    shape = seen.material.shape
    albedo = np.zeros((*shape, 3), np.float32)
    gloss = np.zeros(shape, np.float32)
    lips = np.zeros(shape, np.float32)
    shade.colour_pixels(
        seen.material,
        seen.values,
        np.ascontiguousarray(textures, np.float32),
        maps.gloss,
        sitter.likeness.lip,
        albedo,
        gloss,
        lips,
    )
    on_skin = seen.material == shade.SKIN
    front = np.abs(seen.values[..., 10] - 0.5) < 0.25  # texture coordinate round the head
    set_of_eyes = eyes.eye_set(who, head, capture)
    e = eyes.shade_eyes(
        seen.values[..., 13:15],
        seen.values[..., 3:6],
        on_skin & front,
        albedo,
        set_of_eyes,
        sight.head,
        PIVOT,
        sight.eye,
        1 / sight.scale,
    )
    inside = e.alpha > 0
    a = e.alpha[inside][:, None]
    albedo[inside] = (
        albedo[inside] * (1 - a) + e.albedo[inside] * a
    )  # exact where the eye covers all
    share = (on_skin * (1 - e.alpha * (1 - e.flesh))).astype(np.float32)
    return Surface(albedo, gloss, share, e.alpha * on_skin, lips, e)


def _light(
    seen: Buffers,
    surface: Surface,
    lamps: Rig,
    shadow: Shadow,
    density: strands.DensityMap,
    sight: View,
    tone: float,
    specular: float,
) -> tuple[Float, Float]:
    """Radiance of everything solid, shape (h, w, 3), and the light that arrived there."""
    shape = seen.material.shape
    e = surface.eye_buffers
    values = seen.values
    inside = e.alpha > 0
    a = e.alpha[inside][:, None]
    for first in (0, 7):
        values[inside, first : first + 3] = (
            values[inside, first : first + 3] * (1 - a) + e.normal[inside] * a
        )
    values[inside, 6] += (np.sqrt(np.maximum(values[inside, 6], 0)) - values[inside, 6]) * a[:, 0]
    veil = np.ones(shape, np.float32)
    solid = seen.material >= 0
    veil[solid] = density.transmittance(values[solid, 3:6])
    light = np.zeros((*shape, 3), np.float32)
    key_part = np.zeros(shape, np.float32)
    shade.arriving(
        seen.material,
        values,
        veil,
        lamps.key,
        lamps.key_colour,
        np.float32(lamps.key_size),
        lamps.rim,
        lamps.rim_colour,
        lamps.sh,
        shadow.axes,
        shadow.zbuffer,
        np.float32(occlusion.SHADOW_EXTENT),
        occlusion.DISC,
        key_part,
        light,
    )
    light[inside] *= 1 - a * (1 - e.occlusion[inside][:, None])
    spread = shade.scatter(light, surface.skin, sight.scale, skin.scatter_width(tone))
    rgb = np.zeros((*shape, 3), np.float32)
    gloss = surface.gloss * (1 - e.alpha)
    shade.leaving(
        seen.material,
        values,
        surface.albedo,
        gloss,
        spread,
        key_part,
        lamps.key,
        lamps.key_colour,
        np.float32(lamps.key_size),
        lamps.sh,
        np.float32(specular),
        rgb,
    )
    if specular > 0:
        shade.wet(
            e.alpha,
            e.shine,
            e.gloss,
            e.occlusion,
            key_part,
            lamps.key,
            lamps.key_colour,
            np.float32(lamps.key_size),
            lamps.sh,
            np.float32(specular),
            np.float32(1.6 / sight.scale),
            rgb,
        )
    return rgb, spread


def _place_hair(
    sitter: Sitter, capture: Capture, sight: View, lamps: Rig, draw_strands: bool
) -> tuple[strands.Placed, strands.DensityMap]:
    """All hair posed and projected, and how much of it lies towards the key light."""
    who, head, detail = sitter.person, sitter.likeness.head, sitter.likeness.detail
    points = head.points(capture)
    groups = facial_hair.on_face(who, sitter.styling, head, points, capture, detail, sitter.planted)
    if draw_strands:
        groups = sitter.hair.strands + groups
    placed = strands.place(groups, sight)
    return placed, strands.density_map(placed, lamps.key)


def _layer(piece: Piece, sight: View, depth: Float) -> tuple[NDArray[np.bool_], Float]:
    """One translucent mesh against what is solid: where it is seen, its values and its opacity."""
    n = sight.pixels
    posed = sight.pose(piece.mesh.points)
    zbuffer = depth - np.float32(0.02)
    index = np.full((n, n), -1, np.int32)
    bary = np.zeros((n, n, 2), np.float32)
    px, py, z = sight.project(posed)
    rasterise(px, py, z, piece.mesh.triangles, 0, zbuffer, index, bary)
    opacity = piece.mesh.opacity
    see = np.ones(len(posed), np.float32) if opacity is None else opacity
    carried = np.concatenate([columns(piece, posed, sight), see[:, None]], 1).astype(np.float32)
    values = np.zeros((n, n, carried.shape[1]), np.float32)
    interpolate(index, bary, piece.mesh.triangles, 0, carried, values)
    return index >= 0, values


def _undercoat(
    sitter: Sitter,
    sight: View,
    lamps: Rig,
    shadow: Shadow,
    rgb: Float,
    alpha: Float,
    depth: Float,
    skin_share: Float,
    hair_share: Float,
) -> None:
    """Blend the thin coat of hair on the scalp over what is below; changes the layers in place."""
    if sitter.coat is None:
        return
    where, values = _layer(sitter.coat, sight, depth)
    rows, cols = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
    if not len(rows):
        return
    box = np.s_[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    where, values = where[box], np.ascontiguousarray(values[box])
    material = np.where(where, shade.HAIR, -1).astype(np.int8)
    normal = values[..., 0:3]
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + np.float32(1e-6)
    light = np.zeros((*where.shape, 3), np.float32)
    key_part = np.zeros(where.shape, np.float32)
    clear = np.ones(where.shape, np.float32)
    shade.arriving(
        material,
        values,
        clear,
        lamps.key,
        lamps.key_colour,
        np.float32(lamps.key_size),
        lamps.rim,
        lamps.rim_colour,
        lamps.sh,
        shadow.axes,
        shadow.zbuffer,
        np.float32(occlusion.SHADOW_EXTENT),
        occlusion.DISC,
        key_part,
        light,
    )
    cover = np.where(where, np.clip(values[..., -1], 0, 1), np.float32(0))
    own = np.float32(0.8) * values[..., 10:13] * light
    rgb[box] += cover[..., None] * (own - rgb[box])
    alpha[box] += cover * (1 - alpha[box])
    skin_share[box] *= 1 - cover
    hair_share[box] = cover


def _lenses(sitter: Sitter, sight: View, lamps: Rig, depth: Float, rgb: Float) -> None:
    """A weak tint and the soft box mirrored in the glass; changes ``rgb`` in place."""
    for mesh in sitter.lenses:
        where, values = _layer(Piece.of(mesh, sitter.sky), sight, depth)
        n = values[..., 0:3] / (np.linalg.norm(values[..., 0:3], axis=-1, keepdims=True) + 1e-6)
        half = lamps.key + np.array([0, 0, 1], np.float32)
        half /= np.linalg.norm(half)
        off = 1 - np.clip(np.abs(n @ half), 0, 1)
        glint = np.exp(-off / (0.5 * np.sin(lamps.key_size) ** 2 + 1e-4))
        veil = np.where(where, np.clip(values[..., -1], 0, 0.5), 0)[..., None]
        rgb[:] = rgb * (1 - veil) + where[..., None] * (0.035 * glint[..., None] * lamps.key_colour)


def _metered(seen: Buffers, surface: Surface, skin_share: Float) -> Float:
    """Weight of the exposure meter: facial skin from the front, no eyes, lips or neck."""
    x, y = seen.values[..., 13], seen.values[..., 14]
    inside = ((x / 5.6) ** 2 + ((y + 2.0) / 8.0) ** 2 < 1) & (seen.material == shade.SKIN)
    return (
        inside
        * skin_share
        * (1 - surface.lips)
        * (surface.eye_share < 0.01)
        * np.clip(seen.values[..., 2], 0, 1)
    ).astype(np.float32)


def render(
    person: Person | Likeness | Sitter, styling: Styling | None, capture: Capture, size: int = 160
) -> NDArray[np.uint8]:
    """A finished picture, shape (size, size, 3), RGB.

    Parameters
    ----------
    person, styling, capture, size
        As for :func:`render_radiance`.

    Examples
    --------
    >>> from labkit.people.who import Capture, sample_person, sample_styling
    >>> person = sample_person(5)
    >>> render(person, sample_styling(5, person), Capture(), 64).shape
    (64, 64, 3)
    """
    return develop(render_radiance(person, styling, capture, size), capture)
