"""One factor at a time: ``with_(tone=...)`` changes the skin and nothing else."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from benchmarks.measure import faces
from benchmarks.measure.tables import Table
from benchmarks.measure.work import Setting, seed_of, spread
from labkit.people.photo.camera import Radiance, develop
from labkit.people.photo.render import Sitter, render_radiance
from labkit.people.who import sample_capture, sample_person, sample_styling

TONES = (0.0, 0.25, 0.5, 0.75, 1.0)
EXPOSURES = ("equal", "natural", "light-metered", "locked")
SHARED = ("alpha", "skin", "face", "backdrop_rgb")


def outside_differs(a: Radiance, b: Radiance) -> dict[str, float]:
    """What differs between two radiances where no skin is: counts and the largest difference."""
    bare = (a.skin == 0) & (b.skin == 0)
    opening = a.labels["eyes"] > 0
    rgb = np.abs(a.rgb - b.rgb).max(-1)
    masks = sum(int((getattr(a, k) != getattr(b, k)).sum()) for k in SHARED)
    masks += sum(int((a.labels[k] != b.labels[k]).sum()) for k in a.labels)
    return {
        "mask_values": masks,
        "pixels_outside": int((rgb[bare & ~opening] != 0).sum()),
        "pixels_in_eyes": int((rgb[bare & opening] != 0).sum()),
        "of": int(bare.sum()),
        "largest": float(rgb[bare].max(initial=0)),
    }


def measure(seed: int) -> dict[str, Any]:
    """One person at every tone: equality outside the skin, and what the skin looks like."""
    person = sample_person(seed)
    styling = sample_styling(seed_of(3, seed), person)
    capture = sample_capture(seed_of(4, seed), 0.0)
    rows, same, first = [], [], None
    base = Sitter.of(person, styling)
    for tone in TONES:
        other = person.with_(tone=tone)
        anew = Sitter.of(other, styling)
        radiance = render_radiance(anew, None, capture)
        first = radiance if first is None else first
        differs = outside_differs(first, radiance)
        differs["geometry"] = int((anew.likeness.head.grid != base.likeness.head.grid).sum())
        short = render_radiance(faces.toned(base, tone), None, capture)
        differs["shortcut"] = int((short.rgb != radiance.rgb).sum())
        same.append(differs)
        matte = render_radiance(anew, None, capture, specular=0.0)
        rows.append(_look(radiance, matte, capture, tone))
    return {"rows": rows, "same": same, "gloss": [r.pop("gloss_picture") for r in rows]}


def _look(radiance: Radiance, matte: Radiance, capture, tone: float) -> dict[str, Any]:
    """Colours and shares of one tone under every exposure, and the gloss in the radiance."""
    face = faces.shrunk(radiance.face, radiance.ss) > 0.25
    eyes = faces.shrunk(radiance.labels["eyes"], radiance.ss) > 0.6
    back = cv2.dilate(
        (faces.shrunk(radiance.alpha, radiance.ss) > 0).astype(np.uint8), np.ones((5, 5))
    )
    gloss = (radiance.rgb - matte.rgb) * radiance.skin[..., None]
    out: dict[str, Any] = {"tone": tone, "gloss_picture": gloss}
    out["gloss"] = float((gloss.mean(-1) * radiance.face).sum() / radiance.face.sum())
    for exposure in EXPOSURES:
        picture = develop(radiance, capture.with_(exposure=exposure, noise=0.0, jpeg=100))
        lab = faces.lab(picture)
        skin = lab[face].mean(0)
        out[exposure] = {
            "L": float(skin[0]), "C": float(np.hypot(*skin[1:])),
            "hue": float(np.degrees(np.arctan2(skin[2], skin[1]))),
            "eye": float(np.percentile(lab[eyes][:, 0], 95)) if eyes.any() else np.nan,
            "clipped": float((picture[face] >= 250).any(-1).mean()),
            "black": float((picture[face].max(-1) < 8).mean()),
            "backdrop": float(lab[back == 0][:, 0].mean()),
        }  # fmt: skip
    return out


def run(setting: Setting) -> list[Table]:
    """Measure; tables come back."""
    n = max(6, min(setting.people, 60))
    found = spread(measure, [setting.seeds + 1200 + i for i in range(n)], setting, "factor")
    return [_same_table(found, n), _tone_table(found, n)]


def _same_table(found: list[dict], n: int) -> Table:
    table = Table("factor_equal", "with_(tone=...) against tone 0: what differs where no skin is")
    for k, tone in enumerate(TONES):
        rows = [f["same"][k] for f in found]
        gloss = [f["gloss"][k] for f in found]
        first = [f["gloss"][0] for f in found]
        off = max(float(np.abs(a - b).max()) for a, b in zip(gloss, first, strict=True))
        table.add(
            tone=tone, head_vertices=sum(r["geometry"] for r in rows),
            mask_values=sum(r["mask_values"] for r in rows),
            radiance_pixels=sum(r["pixels_outside"] for r in rows),
            in_eye_openings=sum(r["pixels_in_eyes"] for r in rows),
            of_pixels=sum(r["of"] for r in rows),
            largest_difference=max(r["largest"] for r in rows),
            gloss_largest_difference=off, shortcut_differs=sum(r["shortcut"] for r in rows),
        )  # fmt: skip
    table.notes = [
        f"{n} people, one studio portrait each, built anew for every tone; all counts must be 0,"
        " in the openings of the eyes too. Skin is wherever the skin mask is above 0, the rims of"
        " the lids and the pink corner of the eye included.",
        "Gloss is the radiance with gloss minus that without; the difference left is rounding of"
        " float32 sums. 'Shortcut' compares with a sitter whose tone alone was exchanged, as the"
        " tone experiment does to save time.",
    ]
    return table


def _tone_table(found: list[dict], n: int) -> Table:
    table = Table("factor_tone", "What a tone looks like (means over people)")
    for exposure in EXPOSURES:
        for k, tone in enumerate(TONES):
            rows = [f["rows"][k][exposure] for f in found]
            mean = {key: float(np.nanmean([r[key] for r in rows])) for key in rows[0]}
            table.add(
                exposure=exposure, tone=tone, skin_Lstar=mean["L"], skin_chroma=mean["C"],
                skin_hue_degrees=mean["hue"], eye_Lstar=mean["eye"],
                eye_minus_skin_Lstar=mean["eye"] - mean["L"],
                clipped_share=mean["clipped"], black_share=mean["black"],
                backdrop_Lstar=mean["backdrop"],
                gloss_radiance=float(np.mean([f["rows"][k]["gloss"] for f in found])),
            )  # fmt: skip
    table.notes = [
        f"{n} people. Skin: facial skin that the meter reads, finished picture without noise. Eye:"
        " 95th percentile of L* in the eye opening. The eyeball is the same at every tone, so what"
        " lies between eye and skin grows as the skin gets darker; the eye itself must not get"
        " lighter ('locked'), nor glow where the camera lifts a deep face. Clipped: a channel at"
        " 250 or more. Black: no channel above 7.",
    ]
    return table
