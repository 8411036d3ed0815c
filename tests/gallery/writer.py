"""A process that writes into a gallery while another one does: path, name, batches."""

from __future__ import annotations

import sys

import numpy as np

from labkit.gallery.collection import Collection


def main(path: str, name: str, batches: int) -> None:
    gallery = Collection(path)
    ask = {"matcher": "numbers", "by": name, "why": "a test", "threshold": -0.5}
    print("ready", flush=True)
    sys.stdin.readline()
    for k in range(batches):
        faces = np.full((3, 4), float(k))
        gallery.index(faces, [f"{name}-{k}-{j}" for j in range(3)], matcher="numbers")
        gallery.search(faces[0], **ask)
        gallery.delete([f"{name}-{k}-0"])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
