"""What a pixel sends to the lens: skin, cloth, glass frames, teeth and solid hair.

In: per-pixel buffers from the z-buffer (normal, position, openness, albedo) and a Rig.  Out: linear
radiance.  Two steps, because light that enters skin leaves it a little further on: first how much
light arrives (:func:`arriving`), then, after the skin's share has been blurred, how much leaves
(:func:`leaving`).

Models: soft-box terminator and shadow as in light and occlusion; gloss by the GGX microfacet lobe
(Walter et al. 2007) with Schlick's Fresnel term (1994); two lobes for skin (after d'Eon and Luebke
2007, GPU Gems 3 chapter 14), whose strength does not depend on tone; scattering below the skin as a
blur of the arriving light, wider for red (same source).
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from labkit.people.photo.light import irradiance
from labkit.people.photo.occlusion import soft_visibility

Float = NDArray[np.float32]

SKIN, CLOTH, COVERING, FRAME, LENS, TEETH, MOUTH, HAIR = range(8)
# columns of the interpolated buffer
NORMAL, POSITION, OPEN, BENT, COLOUR, REST, ROUGH = 0, 3, 6, 7, 10, 13, 15
CHANNELS = 16
SKIN_GLOSS = np.float32(0.8)  # of a smooth surface: fine hair and roughness take the rest
SCATTER = (0.22, 0.11, 0.07)  # centimetres that red, green and blue light travel below light skin


@njit(cache=True)
def arriving(
    material,
    buffer,
    veil,
    key,
    key_colour,
    key_size,
    rim,
    rim_colour,
    sh,
    axes,
    zbuffer,
    extent,
    disc,
    key_part,
    out,
):
    """Irradiance over pi at every pixel, shape (h, w, 3), and the key's own share, shape (h, w)."""
    height, width = material.shape
    spread = np.float32(math.tan(key_size))
    s = np.float32(math.sin(key_size))
    for j in range(height):
        for i in range(width):
            if material[j, i] < 0:
                continue
            b = buffer[j, i]
            cosine = b[0] * key[0] + b[1] * key[1] + b[2] * key[2]
            # a soft box sets gradually behind the horizon of the surface
            if cosine < -s:
                lit = np.float32(0.0)
            elif cosine < s:
                lit = (cosine + s) ** 2 / (np.float32(4.0) * s)
            else:
                lit = cosine
            if lit > 0:
                seen = soft_visibility(b[3], b[4], b[5], axes, zbuffer, extent, spread, disc)
                if material[j, i] == TEETH:  # light also reaches them through the thin lips
                    seen = np.float32(0.45) + np.float32(0.55) * seen
                lit *= veil[j, i] * seen
            key_part[j, i] = lit
            back = b[0] * rim[0] + b[1] * rim[1] + b[2] * rim[2]
            back = max(back, np.float32(0.0)) * b[6]
            e = irradiance(sh, b[7], b[8], b[9])
            for c in range(3):
                out[j, i, c] = lit * key_colour[c] + back * rim_colour[c] + b[6] * e[c]


@njit(cache=True)
def ggx(nh, nv, nl, alpha):
    """GGX distribution times the Smith-Schlick visibility term, without Fresnel."""
    a2 = alpha * alpha
    d = nh * nh * (a2 - np.float32(1.0)) + np.float32(1.0)
    k = alpha * np.float32(0.5)
    view = nv * (1 - k) + k
    lamp = nl * (1 - k) + k
    return a2 / (np.float32(3.14159265) * d * d) / (np.float32(4.0) * view * lamp)


@njit(cache=True)
def leaving(
    material, buffer, albedo, gloss, light, key_part, key, key_colour, key_size, sh, specular, out
):
    """Radiance towards the lens, (h, w, 3); ``specular`` scales every gloss (1 = as it is)."""
    height, width = material.shape
    widen = key_size * np.float32(0.30)
    for j in range(height):
        for i in range(width):
            m = material[j, i]
            if m < 0:
                continue
            b = buffer[j, i]
            for c in range(3):
                out[j, i, c] = albedo[j, i, c] * light[j, i, c]
            if specular <= 0 or m == MOUTH:
                continue
            nv = min(max(b[2], np.float32(0.05)), np.float32(1.0))
            hx, hy, hz = key[0], key[1], key[2] + np.float32(1.0)
            length = math.sqrt(hx * hx + hy * hy + hz * hz)
            nh = max((b[0] * hx + b[1] * hy + b[2] * hz) / length, np.float32(0.0))
            vh = hz / length
            nl = max(b[0] * key[0] + b[1] * key[1] + b[2] * key[2], np.float32(0.0))
            fresnel = np.float32(0.028) + np.float32(0.972) * (np.float32(1.0) - vh) ** 5
            if m == SKIN:
                wide = np.float32(0.52) ** 2 + widen
                tight = np.float32(0.34) ** 2 + widen
                lobe = np.float32(0.85) * ggx(nh, nv, nl, wide) + np.float32(0.15) * ggx(
                    nh, nv, nl, tight
                )
            else:
                lobe = ggx(nh, nv, nl, b[15] * b[15] + widen)
            strength = specular * gloss[j, i] * (SKIN_GLOSS if m == SKIN else np.float32(1.0))
            peak = fresnel * lobe * key_part[j, i] * strength * np.float32(3.14159265)
            # the environment in the mirror direction, dimmed where the sky is hidden
            rx, ry, rz = 2 * b[2] * b[0], 2 * b[2] * b[1], 2 * b[2] * b[2] - np.float32(1.0)
            edge = np.float32(0.028) + np.float32(0.35) * (np.float32(1.0) - nv) ** 5
            e = irradiance(sh, rx, ry, rz)
            for c in range(3):
                out[j, i, c] += peak * key_colour[c] + edge * strength * b[6] * b[6] * e[c]


@njit(cache=True)
def wet(
    alpha, shine, gloss, occlusion, key_part, key, key_colour, key_size, sh, specular, pixel, out
):
    """Add the mirror of soft box and surroundings in the tear film; changes ``out`` in place.

    A mirror shows the box as a disc of its own radiance, which is its irradiance over the solid
    angle; ``pixel`` (the angle that the mirrored direction turns in one pixel) softens its edge.
    """
    height, width = alpha.shape
    limit = math.cos(key_size)
    soft = max(np.float32(0.02), pixel * np.float32(math.sin(key_size)))
    share = math.sin(key_size) ** 2
    for j in range(height):
        for i in range(width):
            if alpha[j, i] <= 0.01:
                continue
            x, y, z = shine[j, i, 0], shine[j, i, 1], shine[j, i, 2]
            mx, my, mz = 2 * z * x, 2 * z * y, 2 * z * z - np.float32(1.0)
            towards = mx * key[0] + my * key[1] + mz * key[2]
            disc = min(
                max((towards - limit) / soft + np.float32(0.5), np.float32(0.0)), np.float32(1.0)
            )
            strength = specular * gloss[j, i] * occlusion[j, i] * alpha[j, i]
            peak = np.float32(0.025) * disc * strength / share
            e = irradiance(sh, mx, my, mz)
            for c in range(3):
                out[j, i, c] += peak * key_colour[c] + np.float32(0.010) * strength * e[c]


def scatter(light: Float, skin: Float, pixels_per_cm: float, tone_width: float) -> Float:
    """Light that has spread below the skin, shape (h, w, 3).

    A blur over skin only, each colour by its own mean path; ``tone_width`` shortens the paths where
    melanin absorbs (1 for the lightest skin).
    """
    out = light.copy()
    for c in range(3):
        sigma = max(0.35, SCATTER[c] * tone_width * pixels_per_cm)
        share = cv2.GaussianBlur(skin, (0, 0), sigma) + np.float32(1e-4)
        blurred = cv2.GaussianBlur(light[..., c] * skin, (0, 0), sigma) / share
        out[..., c] = light[..., c] + skin * (0.8 * (blurred - light[..., c]))
    return out


@njit(cache=True)
def colour_pixels(material, buffer, skin_albedo, skin_gloss, skin_lip, albedo, gloss, lip):
    """Albedo, gloss and lip of every pixel: skin from its textures, the rest from the vertices.

    Textures (h, w, 3), (h, w, 1) and (h, w) are read between their texels (bilinear).
    """
    h, w = skin_lip.shape
    for j in range(material.shape[0]):
        for i in range(material.shape[1]):
            m = material[j, i]
            if m < 0:
                continue
            if m != SKIN:
                for c in range(3):
                    albedo[j, i, c] = buffer[j, i, 10 + c]
                gloss[j, i] = np.float32(1.0)
                continue
            x = min(max(buffer[j, i, 10] * (w - 1), np.float32(0.0)), np.float32(w - 1.001))
            y = min(max(buffer[j, i, 11] * (h - 1), np.float32(0.0)), np.float32(h - 1.001))
            p, q = int(x), int(y)
            fx, fy = x - p, y - q
            w00, w01 = (1 - fx) * (1 - fy), fx * (1 - fy)
            w10, w11 = (1 - fx) * fy, fx * fy
            for c in range(3):
                albedo[j, i, c] = (
                    w00 * skin_albedo[q, p, c]
                    + w01 * skin_albedo[q, p + 1, c]
                    + w10 * skin_albedo[q + 1, p, c]
                    + w11 * skin_albedo[q + 1, p + 1, c]
                )
            gloss[j, i] = w00 * skin_gloss[q, p, 0] + w01 * skin_gloss[q, p + 1, 0]
            gloss[j, i] += w10 * skin_gloss[q + 1, p, 0] + w11 * skin_gloss[q + 1, p + 1, 0]
            lip[j, i] = w00 * skin_lip[q, p] + w01 * skin_lip[q, p + 1]
            lip[j, i] += w10 * skin_lip[q + 1, p] + w11 * skin_lip[q + 1, p + 1]
