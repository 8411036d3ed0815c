"""A stand-in for the renderer: draws at once a face that dlib finds."""

from __future__ import annotations

import cv2
import numpy as np

from labkit.making import studio


class Cartoon(studio.Studio):
    """Draws a face that dlib finds, without a renderer."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.drawn = 0
        self.fail_at = fail_at

    def likeness(self, person):
        if person.seed == self.fail_at:
            raise RuntimeError("the light went out")
        return person

    def dress(self, likeness, styling):
        return (likeness, styling)

    def again(self, sitter, person):
        return (person, sitter[1])

    def radiance(self, sitter, capture):
        self.drawn += 1
        return sitter

    def develop(self, radiance, capture):
        person, _ = radiance
        rng = np.random.default_rng(capture.seed)
        paper = np.full((640, 640, 3), 90 + capture.backdrop % 60, np.uint8)
        skin = np.array([235, 195, 165]) * (1 - 0.6 * person.tone)
        eye = round(85 + 10 * person.shape["eye_spacing"])
        colour = tuple(int(v) for v in skin)
        shade = tuple(int(v * 0.6) for v in skin)
        cv2.ellipse(paper, (320, 340), (190, 250), 0, 0, 360, colour, -1, cv2.LINE_AA)
        for side in (-1, 1):
            at = (320 + side * eye, 290)
            cv2.ellipse(paper, at, (42, 20), 0, 0, 360, (240, 240, 240), -1, cv2.LINE_AA)
            cv2.circle(paper, at, 18, (40, 30, 20), -1, cv2.LINE_AA)
            cv2.ellipse(paper, (at[0], 245), (52, 12), 0, 180, 360, shade, 12, cv2.LINE_AA)
        cv2.ellipse(paper, (320, 385), (38, 18), 0, 0, 180, shade, 10, cv2.LINE_AA)
        cv2.ellipse(paper, (320, 460), (75, 22), 0, 0, 180, (150, 80, 80), 14, cv2.LINE_AA)
        small = cv2.resize(paper, (160, 160), interpolation=cv2.INTER_AREA).astype(np.float32)
        small += capture.noise * 4 * rng.standard_normal(small.shape)
        return np.clip(small, 0, 255).astype(np.uint8)
