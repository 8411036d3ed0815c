"""What calls cost at list prices, before they are made.

In: how many calls of each kind.  Out: dollars, and the sentence that says where the price is from.

A price on a page changes, and this one could not be looked up at its source from here: it is a
ground for refusing to go on, not a bill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from labkit.base.words import N_, _

PER_SECOND = 4.0
"""Calls in a second, at most: below the 5 that an account may make in most regions."""

PAID = ("CompareFaces", "IndexFaces", "SearchFacesByImage")
"""Calls with a picture, each of which is paid; those that only manage a collection are taken to
cost nothing."""


@dataclass(frozen=True)
class Prices:
    """List prices, in US dollars.

    Parameters
    ----------
    picture
        For one call with a picture, of the first million in a month.
    face_month
        For keeping one face in a collection for a month.
    region
        Where they were listed for.
    read
        When and where, in words.

    Raises
    ------
    ValueError
        For a price below 0.
    """

    picture: float
    face_month: float
    region: str
    read: str

    def __post_init__(self) -> None:
        if not (self.picture >= 0 and self.face_month >= 0):
            words = _("prices of {a} and {b} are none: give dollars, 0 or more")
            raise ValueError(words.format(a=self.picture, b=self.face_month))


PRICES = Prices(
    picture=0.001,
    face_month=0.00001,
    region="us-east-1",
    read=N_(
        "aws.amazon.com/rekognition/pricing, as others copied it (picture: 7 October 2026; kept"
        " face: 3 December 2025), not read at its source by us"
    ),
)
"""The vendor's list prices for the first million pictures of a month, in one region of the United
States.  Second-hand, see ``docs/vendor.md``: check before you pay."""


@dataclass(frozen=True)
class Estimate:
    """What a job would cost.

    Parameters
    ----------
    calls
        Name of a call -> how many are not answered yet.
    kept
        How many answers are kept already, and not paid again.
    prices
        Of a picture and of a face that is kept.
    per_second
        How many calls are made in a second at most.

    Examples
    --------
    >>> job = Estimate({"IndexFaces": 1_000, "SearchFacesByImage": 2_170}, prices=PRICES)
    >>> round(job.dollars, 2), round(job.seconds / 60, 1)
    (3.17, 13.2)
    """

    calls: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    kept: int = 0
    prices: Prices = PRICES
    per_second: float = PER_SECOND

    @property
    def pictures(self) -> int:
        """Calls that are paid."""
        return sum(self.calls.get(name, 0) for name in PAID)

    @property
    def dollars(self) -> float:
        """At list prices, without what it costs to keep faces."""
        return self.pictures * self.prices.picture

    @property
    def month(self) -> float:
        """Dollars a month for as long as the collection is not deleted."""
        return self.calls.get("IndexFaces", 0) * self.prices.face_month

    @property
    def seconds(self) -> float:
        """At least, at the rate that is kept to."""
        return sum(self.calls.values()) / self.per_second

    def read(self) -> str:
        """Calls, dollars, where the price is from, and how long it takes, in sentences."""
        each = ", ".join(f"{n:,} {name}" for name, n in self.calls.items() if n)
        words = _(
            "{each}: {dollars} at the list price of {price:g} US dollars a picture ({region};"
            " {read}: check before you pay), about {minutes} at {rate:g} calls a second."
        )
        said = words.format(
            each=each or _("no call"),
            dollars=dollars(self.dollars),
            price=self.prices.picture,
            region=self.prices.region,
            read=_(self.prices.read),
            minutes=_duration(self.seconds),
            rate=self.per_second,
        )
        if self.month:
            more = _("Faces that stay in a collection cost about {month} a month.")
            said = f"{said} {more.format(month=dollars(self.month))}"
        if self.kept:
            more = _("{n:,} answers are kept from before and not paid again.")
            said = f"{said} {more.format(n=self.kept)}"
        return said


def dollars(amount: float) -> str:
    """An amount with as many digits as it needs.

    Examples
    --------
    >>> dollars(3.174), dollars(0.0042), dollars(0)
    ('3.17 US dollars', '0.0042 US dollars', '0 US dollars')
    """
    number = f"{amount:,.2f}" if amount >= 0.1 else f"{amount:.2g}"
    return _("{number} US dollars").format(number=number)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return _("{n:.0f} s").format(n=seconds)
    return _("{n:.0f} minutes").format(n=seconds / 60)
