"""No leaks: with the face covered, nothing in the picture says who it is or what tone they have.

The face is covered by a flat oval whose place and size depend on the capture alone (for whole
pictures: an ellipsoid larger than anyone's face, from hairline to chin and over both ears,
projected with the capture's pose; for chips: the same oval, fixed in the chip's own axes, because
chips are aligned).  An oval cut to each person's own face would itself say who it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.measure import faces
from benchmarks.measure.tables import Table
from benchmarks.measure.work import Setting, seed_of, spread
from labkit.measure.areas import auc_interval
from labkit.measure.intervals import Interval, cluster_interval
from labkit.measure.scores import Comparisons, cosine_scores, euclidean_scores
from labkit.people.photo.camera import Radiance, develop
from labkit.people.photo.render import render_radiance
from labkit.people.photo.view import view
from labkit.people.who import Person, sample_capture, sample_person, sample_styling

BOUND = 0.53
PICTURES = 4
HARD = 0.5
OVAL_CENTRE = np.array([0.0, -2.1, 2.0], np.float32)
OVAL_HALF = np.array([8.9, 9.9, 10.5], np.float32)  # a mean face with ears is 8.2 x 8.9
FLAT = 127
OPEN = "dlib, face NOT covered"
DESCRIBED = {"dlib, chip": "chip", "dlib, wide chip": "wide", OPEN: "face"}
CHIP = 150
SIDE = 40  # pixels of the small pictures that the pixel matchers see
WIDE = 0.9  # padding of a chip that also shows hair, shoulders and backdrop

# People are compared with people of the same stratum, who share every attribute that a person
# keeps and that shows outside the face: tone, presentation, age, natural hair colour, greyness,
# hair loss, no covering.  (tone, presentation, age, hair colour, greyness)
STRATA = (
    (0.2, -0.6, 30.0, (0.12, 0.07, 0.035), 0.0),
    (0.2, 0.6, 60.0, (0.06, 0.035, 0.02), 0.5),
    (0.8, -0.6, 60.0, (0.012, 0.009, 0.008), 0.5),
    (0.8, 0.6, 30.0, (0.012, 0.009, 0.008), 0.0),
)


@dataclass(frozen=True)
class Task:
    number: int
    seed: int
    arm: str  # 'equal', 'free' or 'control'


@dataclass
class Shot:
    """One photograph after covering, as the matchers see it."""

    person: int
    cell: int
    tone: float
    found: bool
    face: NDArray | None  # descriptor without any cover, for comparison
    chip: NDArray | None
    wide: NDArray | None
    chip_pixels: NDArray | None
    pixels: NDArray
    histogram: NDArray
    bare: float
    backdrop: dict[str, NDArray]
    cloth: dict[str, NDArray]


def person_of(task: Task) -> tuple[Person, int]:
    """Who it is, and the number of the group in which they are compared."""
    if task.arm == "free":
        return sample_person(task.seed), 0
    cell = task.number % len(STRATA)
    tone, presentation, age, hair, grey = STRATA[cell]
    person = sample_person(task.seed, tone=tone, presentation=presentation, age=age)
    return person.with_(hair_colour=hair, greyness=grey, hair_loss=0.0, covering_kind=None), cell


def oval_mask(capture, size: int, top: float) -> NDArray[np.bool_]:
    """Where the oval lies in a picture of ``size`` pixels; knows the capture, not the person."""
    sight = view(capture, size, top)
    a, b = np.meshgrid(np.linspace(0, 2 * np.pi, 40), np.linspace(-np.pi / 2, np.pi / 2, 21))
    ball = np.stack([np.cos(b) * np.cos(a), np.sin(b), np.cos(b) * np.sin(a)], -1).reshape(-1, 3)
    points = (OVAL_CENTRE + OVAL_HALF * ball).astype(np.float32)
    # Posed as one rigid thing: the head's turn without the neck's share.
    pivot = np.array([0.0, -8.5, -1.5], np.float32)
    x, y, _ = sight.project((points - pivot) @ sight.head.T + pivot)
    mask = np.zeros((size, size), np.uint8)
    hull = cv2.convexHull(np.stack([x, y], 1))
    cv2.fillConvexPoly(mask, np.round(hull).astype(np.int32), 1)
    return mask.astype(bool)


def chip_oval(padding: float) -> NDArray[np.bool_]:
    """The oval in the axes of a chip, where the outer eye corners have fixed places."""
    scale = CHIP / (2 * padding + 1)
    left, right = (padding + 0.1206) * scale, (padding + 0.8596) * scale  # dlib's mean landmarks
    per_cm = (right - left) / 9.5
    centre = ((left + right) / 2, (padding + 0.2136) * scale - OVAL_CENTRE[1] * per_cm)
    y, x = np.mgrid[:CHIP, :CHIP]
    across = (x - centre[0]) / (OVAL_HALF[0] * per_cm)
    return across**2 + ((y - centre[1]) / (OVAL_HALF[1] * per_cm)) ** 2 < 1


def photograph(task: Task) -> list[Shot]:
    """A person's photographs, styling redrawn for each, faces covered."""
    person, cell = person_of(task)
    studio = faces.Studio.of(person)
    shots = []
    for j in range(PICTURES):
        sitter = studio.dressed(sample_styling(seed_of(1, task.seed, j), person))
        capture = sample_capture(seed_of(2, task.seed, j), HARD)
        if task.arm == "control":  # a deliberate leak: the shirt belongs to the person
            capture = capture.with_(shirt=task.seed)
        radiance = render_radiance(sitter, None, capture)
        picture = develop(radiance, capture)
        hidden = oval_mask(capture, radiance.size, sitter.top)
        shots.append(_cover(task, cell, person.tone, radiance, capture, picture, hidden))
    return shots


def _cover(task, cell, tone, radiance: Radiance, capture, picture, hidden) -> Shot:
    found = faces.hog(picture)
    chips: dict[float, NDArray] = {}
    if found is not None and task.arm != "control":
        chips[0.0] = faces.pipeline().chip(picture, found)
        for padding in (0.25, WIDE):
            cut = dlib.get_face_chip(picture, found, CHIP, padding)
            cut[chip_oval(padding)] = FLAT
            chips[padding] = cut
    bare, chip, wide = faces.pipeline().describe(list(chips.values())) if chips else [None] * 3
    covered = picture.copy()
    covered[hidden] = FLAT
    weight = faces.shrunk(radiance.face, radiance.ss)
    small = cv2.resize(covered, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    small_chip = cv2.resize(chips[0.25], (SIDE, SIDE)).ravel() if chips else None
    groups = _elsewhere(radiance, capture) if task.arm == "free" else ({}, {})
    return Shot(
        person=task.seed, cell=cell, tone=tone, found=found is not None,
        face=bare, chip=chip, wide=wide,
        chip_pixels=small_chip, pixels=small.ravel(), histogram=histogram(picture[~hidden]),
        bare=float(weight[~hidden].sum() / max(weight.sum(), 1e-6)),
        backdrop=groups[0], cloth=groups[1],
    )  # fmt: skip


def histogram(pixels: NDArray, bins: int = 6) -> NDArray[np.float64]:
    """Square roots of a joint colour histogram of pixels of shape (n, 3)."""
    code = (pixels.astype(np.int64) * bins) >> 8
    flat = (code[:, 0] * bins + code[:, 1]) * bins + code[:, 2]
    counts = np.bincount(flat, minlength=bins**3)
    return np.sqrt(counts / max(counts.sum(), 1))


def _elsewhere(radiance: Radiance, capture) -> tuple[dict[str, NDArray], dict[str, NDArray]]:
    """What backdrop and cloth look like under every exposure: mean, spread and colour histogram."""
    alpha = faces.shrunk(radiance.alpha, radiance.ss)
    near = cv2.dilate((alpha > 0).astype(np.uint8), np.ones((9, 9), np.uint8))
    back = near == 0
    clean = (alpha > 0.999).astype(np.uint8)
    for other in (radiance.skin, radiance.labels["hair"], radiance.labels["eyes"]):
        clean[faces.shrunk(other, radiance.ss) > 0] = 0
    cloth = cv2.erode(clean, np.ones((5, 5), np.uint8)).astype(bool)
    cloth[: int(0.8 * radiance.size)] = False
    out: tuple[dict[str, NDArray], dict[str, NDArray]] = ({}, {})
    for exposure in ("equal", "natural", "light-metered", "locked"):
        picture = develop(radiance, capture.with_(exposure=exposure))
        for where, kept in zip((back, cloth), out, strict=True):
            kept[exposure] = _look(picture[where].astype(np.float64))
    linear = np.log(np.maximum(radiance.rgb, 1e-4))
    small = cv2.resize(linear, (radiance.size, radiance.size), interpolation=cv2.INTER_AREA)
    out[1]["before the camera"] = _look(small[cloth].astype(np.float64))
    return out


def _look(values: NDArray) -> NDArray[np.float64]:
    if len(values) < 20:
        return np.full(15, np.nan)
    return np.concatenate([values.mean(0), values.std(0), *np.percentile(values, [10, 50, 90], 0)])


# ---- what the matchers make of it ----------------------------------------------------------------


def crossed(features: NDArray, people: NDArray, *, supervised: bool) -> NDArray[np.float64]:
    """Features from bases fitted on the other half of the people, shape (n, k), block by block.

    Pairs across the halves must not be compared: the bases differ.
    """
    half = np.unique(people, return_inverse=True)[1] // len(STRATA) % 2
    out = np.zeros((len(people), min(60, int(min((half == h).sum() for h in (0, 1))) - 1)))
    for side in (0, 1):
        fit, use = half != side, half == side
        pca = PCA(min(80, int(fit.sum()) - 1), random_state=0).fit(features[fit])
        z = pca.transform(features[use])
        if supervised:
            lda = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.2)
            z = lda.fit(pca.transform(features[fit]), people[fit]).transform(z)
        k = min(out.shape[1], z.shape[1])
        out[use, :k] = z[:, :k]
    return out


def matchers(shots: list[Shot], *, pixels_only: bool = False) -> dict[str, tuple]:
    """For each matcher: scores of all pairs, people, cells; halves kept apart for fitted ones."""
    every = {"PCA, whole picture": (shots, "pixels", False),
             "PCA + LDA, whole picture": (shots, "pixels", True)}  # fmt: skip
    found = [s for s in shots if s.chip is not None]
    if not pixels_only:
        every["PCA, chip"] = (found, "chip_pixels", False)
    out = {}
    if not pixels_only:
        for name, key in DESCRIBED.items():
            e = np.stack([getattr(s, key) for s in found])
            out[name] = (euclidean_scores(e, e), found, False)
    for name, (who, key, supervised) in every.items():
        x = np.stack([getattr(s, key) for s in who]).astype(np.float64) / 255
        e = crossed(x, np.array([s.person for s in who]), supervised=supervised)
        out[name] = (cosine_scores(e, e), who, True)
    h = np.stack([s.histogram for s in shots])
    out["colour histogram"] = (euclidean_scores(h, h), shots, False)
    return out


def same_or_different(shots: list[Shot], *, pixels_only: bool = False) -> dict[str, Interval]:
    """AUC of same person against different person for each matcher, within strata."""
    out = {}
    for name, (scores, who, fitted) in matchers(shots, pixels_only=pixels_only).items():
        people = np.array([s.person for s in who])
        cells = np.array([s.cell for s in who])
        if fitted:
            half = np.unique(people, return_inverse=True)[1] // len(STRATA) % 2
            cells = cells * 2 + half
        out[name] = auc_interval(Comparisons.all_pairs(scores, people, cells))
    return out


def told_tone(shots: list[Shot], part: str, exposure: str) -> Interval:
    """How often logistic regression tells the deeper half of tones from the lighter; 0.5 is chance.

    Cross-validated so that nobody's pictures are on both sides; the interval counts people.
    """
    features = np.stack([getattr(s, part)[exposure] for s in shots])
    tone = np.array([s.tone for s in shots])
    people = np.array([s.person for s in shots])
    use = np.isfinite(features).all(1)
    deep = tone > np.median(tone)
    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.3, max_iter=2000, class_weight="balanced")
    )
    # Folds with both classes alike: otherwise what one fold lacks the others have too much of, and
    # guesses come out below chance.
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    told = cross_val_predict(model, features[use], deep[use], groups=people[use], cv=folds)
    _, place = np.unique(people[use], return_inverse=True)
    right = np.bincount(place, weights=told == deep[use])
    return cluster_interval(right, np.bincount(place), "right answers")


def run(setting: Setting) -> list[Table]:
    """Measure; tables come back."""
    n = setting.people
    arms = {"equal": n, "free": n, "control": max(24, n // 4)}
    shots: dict[str, list[Shot]] = {}
    for k, (arm, count) in enumerate(arms.items()):
        tasks = [Task(i, setting.seeds + 400 * k + i, arm) for i in range(count)]
        done = spread(photograph, tasks, setting, f"leaks, {arm}")
        shots[arm] = [s for person in done for s in person]
    return [_identity_table(shots, arms), _tone_table(shots["free"], n)]


def _verdict(name: str, area: Interval) -> bool | str:
    return "-" if name == OPEN else area.value <= BOUND


def _identity_table(shots: dict[str, list[Shot]], arms: dict[str, int]) -> Table:
    table = Table("leaks_identity", "Face covered: is it the same person? (AUC; chance .5)")
    equal = same_or_different(shots["equal"])
    free = same_or_different(shots["free"])
    control = same_or_different(shots["control"], pixels_only=True)
    for name in equal:
        table.add(
            matcher=name, kept_attributes_equal=equal[name],
            **{f"at_most_{BOUND:g}".replace("0.", "."): _verdict(name, equal[name])},
            attributes_free=free[name], control_shirt_kept=control.get(name, "-"),
        )  # fmt: skip
    bare = np.mean([s.bare for s in shots["equal"] + shots["free"]])
    lost = np.mean([not s.found for s in shots["equal"]])
    table.notes = [
        f"{arms['equal']} people x {PICTURES} pictures in {len(STRATA)} strata"
        f" ({arms['free']} free, {arms['control']} control), styling redrawn for every picture;"
        " intervals by leaving people out. In the free column tone, hair colour, age, presentation,"
        " hair loss and coverings differ between people as they do in the population.",
        f"The oval leaves {100 * bare:.2f}% of the metered facial skin uncovered;"
        f" {100 * lost:.1f}% of pictures had no face to align a chip by.",
        "Control: everyone keeps one shirt, a leak put in on purpose; the test must see it.",
    ]
    return table


def _tone_table(shots: list[Shot], people: int) -> Table:
    table = Table("leaks_tone", "Tone told from what is not the face (share right; chance .5)")
    for part in ("backdrop", "cloth"):
        for exposure in shots[0].__dict__[part]:
            got = told_tone(shots, part, exposure)
            table.add(
                seen=part, exposure=exposure, share_right=got,
                chance_inside="-" if got.words else bool(got.low <= 0.5 <= got.high),
            )  # fmt: skip
    table.notes = [
        f"Logistic regression on mean, spread and percentiles of the colour, {people} people x"
        f" {PICTURES} pictures, cross-validated by person; tone split at its median.",
        "The backdrop has lamps and a gain of its own. Cloth is exposed with the face: where the"
        " camera meters the face, the cloth of a deep-toned person comes out lighter. That is what"
        " cameras do; 'before the camera' and 'locked' must be at chance.",
    ]
    return table
