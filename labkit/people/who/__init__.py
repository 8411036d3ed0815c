"""Who the invented people are, what they wear, how they are photographed: numbers, no pictures.

One place to import from::

    from labkit.people.who import sample_person, sample_styling, sample_capture
"""

from labkit.people.who.capture import Capture, sample_capture
from labkit.people.who.parameters import NAMES, PARAMETERS
from labkit.people.who.person import COVERINGS, Marks, Person, sample_person
from labkit.people.who.styling import (
    Covering,
    Glasses,
    Shirt,
    Styling,
    sample_covering,
    sample_shirt,
    sample_styling,
    worn_shirt,
)

__all__ = [
    "COVERINGS",
    "NAMES",
    "PARAMETERS",
    "Capture",
    "Covering",
    "Glasses",
    "Marks",
    "Person",
    "Shirt",
    "Styling",
    "sample_capture",
    "sample_covering",
    "sample_person",
    "sample_shirt",
    "sample_styling",
    "worn_shirt",
]
