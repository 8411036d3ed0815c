"""A camera for scenes: what moves, sees widely and amplifies; numbers, no pictures.

In: settings.  Out: a :class:`Camera`, with which :func:`labkit.people.photo.crowd.photograph` makes
pictures.  It stands apart from there so that whoever only names a camera need not load the
renderer; and it is no part of the fingerprint, for the same reason as that module.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Camera:
    """How one scene is photographed.

    Parameters
    ----------
    ev
        Exposure in stops; 0 shows a white card in the scene's light as white.
    noise
        As for :func:`labkit.people.photo.camera.noise_variance`: 0.3 a good camera, 3 in the dark.
    blur
        Standard deviation of the lens's blur, pixels of the scene.
    motion, angle
        Length in pixels of the scene by which the camera moves while it is open, and the direction
        in degrees from the picture's right, clockwise.
    wide
        Distortion of a wide-angle lens: how much smaller than in the middle things are drawn
        towards the edge, 0 for none.  The corners stay where they are.
    pixels
        Pixels of the sensor for each pixel of the scene along one side, above 0, at most 1.
    jpeg
        Quality; 100 for no compression.
    seed
        Of the noise.
    """

    ev: float = 0.0
    noise: float = 0.3
    blur: float = 0.5
    motion: float = 0.0
    angle: float = 0.0
    wide: float = 0.0
    pixels: float = 1.0
    jpeg: int = 92
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.pixels <= 1:
            raise ValueError(f"pixels is {self.pixels}: give a share above 0, at most 1")
        for name in ("noise", "blur", "motion", "wide"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} is {getattr(self, name)}: give a number, 0 or more")
