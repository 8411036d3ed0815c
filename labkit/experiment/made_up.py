"""Made-up counted errors of networks at several mixes, in which the effect is known.

In: how strong the effect is, and how much people and trainings differ.  Out: what
:class:`labkit.experiment.mixes.Study` takes: for tests, examples, and to try a question before a
network is trained.  No network, no face.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.data import NetworkErrors

if TYPE_CHECKING:
    import pandas as pd

BANDS = ("lighter", "medium", "darker")
RECIPES = {
    "90-10": (576, 0, 64),
    "75-25": (480, 0, 160),
    "50-50": (320, 0, 320),
    "25-75": (160, 0, 480),
    "10-90": (64, 0, 576),
    "thirds": (214, 214, 214),
    "odd": (214, 214, 214),
    "thirds-160": (54, 54, 54),
    "thirds-2500": (834, 834, 834),
    "grey-90-10": (576, 0, 64),
    "grey-10-90": (64, 0, 576),
}
"""People of each band by mix."""
IMAGES = 6


@dataclass(frozen=True, eq=False)
class MadeUp:
    """Counted errors drawn by lot.

    A pair of people is falsely matched at a rate that is the product of the band's rate, of both
    people's and of the pair's; a person is missed at a rate of their own.  People count the same in
    all networks but for a part of their own in each.

    Parameters
    ----------
    effect
        Logarithm of the factor by which darker's FMR over lighter's changes from 90:10 to 10:90.
    gap
        Logarithm of that ratio at 50:50, and at thirds.
    misses
        As ``effect``, of the misses.
    moved
        Part of ``effect`` that another origin takes away.
    grey
        Part of ``effect`` that is left in grey pictures.
    odd
        Logarithm of what the odd numbers' share does, which nothing should.
    person, lean, own, pair
        Spread (of logarithms): between people; of what the mix does to a person, from 90:10 to
        10:90; of a person in one network; between pairs of people.
    training
        Spread of the slope, and of the gap at each mix, between trainings.
    fmr
        Mean FMR; ``0`` for no false match at all.
    each
        People in each band.
    seed
        Of everything drawn.

    Examples
    --------
    >>> source = MadeUp()
    >>> source.networks().loc["90-10-0", [*BANDS]].tolist()
    [576, 0, 64]
    >>> len(source.network_errors("90-10-0").people)
    300
    """

    effect: float = -4.5
    gap: float = 0.5
    misses: float = 0.9
    moved: float = 0.4
    grey: float = 0.6
    odd: float = 0.0
    person: float = 0.4
    lean: float = 0.4
    own: float = 0.2
    pair: float = 0.6
    training: float = 0.2
    fmr: float = 0.01
    each: int = 100
    seed: int = 0
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    def networks(self) -> pd.DataFrame:
        """One row for each network."""
        return self._networks

    @functools.cached_property
    def _networks(self) -> pd.DataFrame:
        import pandas as pd

        rows = {}
        for mix, numbers in RECIPES.items():
            for k in range(1 if mix == "thirds-2500" else 3):
                rows[f"{mix}-{k}"] = {
                    "mix": mix,
                    "training": k,
                    **dict(zip(BANDS, numbers, strict=True)),
                    "darker_share": numbers[2] / sum(numbers),
                }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("network")

    def people(self) -> pd.DataFrame:
        """Band and number of each person."""
        import pandas as pd

        numbers = 30_000 + np.arange(3 * self.each)
        table = {"tone_band": np.array(BANDS)[numbers % 3], "person_seed": numbers // 3}
        return pd.DataFrame(table, pd.Index(numbers, name="person"))

    def network_errors(
        self, network: str, origin: str = "as trained", asked: float = 0.01
    ) -> NetworkErrors:
        """What one network got wrong."""
        key = (network, origin, asked)
        if key not in self._kept:
            self._kept[key] = self._drawn(network, origin, asked)
        return self._kept[key]

    @functools.cached_property
    def _lots(self) -> Any:
        """What is drawn once for all networks: of people, of pairs, of trainings."""
        rng = np.random.default_rng([7, self.seed])
        size = 3 * self.each
        place = np.arange(size)
        first, second = np.triu_indices(size, 1)
        same = (place % 3)[first] == (place % 3)[second]
        first, second = first[same], second[same]
        return SimpleNamespace(
            first=first,
            second=second,
            person=rng.normal(0, self.person, size),
            lean=rng.normal(0, self.lean, size),
            pair=rng.normal(0, self.pair, len(first)),
            careless=rng.normal(0, 0.8, size),
            slope=rng.normal(0, self.training, 3),
            gap=rng.normal(0, self.training, (3, len(RECIPES))),
        )

    def _ratio(self, mix: str, training: int, origin: str) -> float:
        """Logarithm of darker's FMR over lighter's."""
        lots, numbers = self._lots, RECIPES[mix]
        across = np.log(numbers[2] / numbers[0]) / (2 * np.log(9))
        left = (1 - self.moved) if origin == "recentred" else 1.0
        left *= self.grey if mix.startswith("grey") else 1.0
        wobble = lots.gap[training, list(RECIPES).index(mix)]
        return float(across * (self.effect + lots.slope[training]) * left + self.gap + wobble)

    def _drawn(self, network: str, origin: str, asked: float) -> NetworkErrors:
        mix, training = network.rsplit("-", 1)
        k = int(training)
        lots, numbers = self._lots, RECIPES[mix]
        at = [self.seed, list(self._networks.index).index(network), origin == "recentred"]
        rng = np.random.default_rng([9, *at])
        size = 3 * self.each
        band = np.arange(size) % 3
        ratio = self._ratio(mix, k, origin)
        rate = np.exp(np.array([-ratio / 2, 0.0, ratio / 2]))
        rate *= self.fmr * asked / 0.01 / rate.mean()
        across = np.log(numbers[2] / numbers[0]) / (2 * np.log(9))
        lift = lots.person + across * lots.lean + rng.normal(0, self.own, size)
        lift -= (self.person**2 + (across * self.lean) ** 2 + self.own**2) / 2
        if mix == "odd":
            number = self.people()["person_seed"].to_numpy()
            lift += np.where(number % 2, -self.odd / 4, self.odd / 4)
        i, j = lots.first, lots.second
        lost = rng.random(size) < 0.03  # one photograph, in which no face was found
        images = IMAGES - lost
        chance = rate[band[i]] * np.exp(lift[i] + lift[j] + lots.pair - self.pair**2 / 2)
        false = rng.binomial(images[i] * images[j], np.clip(chance, 0, 1))
        found = false > 0
        miss = -1.9 + across * self.misses * (np.array([-0.5, 0.0, 0.5])[band]) + lots.careless
        planned = np.full(size, IMAGES * (IMAGES - 1) // 2)
        same = np.full(size, 6)
        compared = planned - lost * (IMAGES - 1)
        share = 1 / (1 + np.exp(-miss))
        made_same = same - 2 * lost
        missed_same = rng.binomial(made_same, 0.5 * share)
        missed_other = rng.binomial(compared - made_same, share)
        return NetworkErrors(
            network,
            origin,
            asked,
            threshold=0.4,
            people=30_000 + np.arange(size),
            first=i[found],
            second=j[found],
            false_matches=false[found],
            images=images,
            missed=_by_style(missed_same, missed_other),
            compared=_by_style(made_same, compared - made_same),
            planned=_by_style(same, planned - same),
        )


def _by_style(same: NDArray[np.int64], other: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    return {"all": same + other, "same style": same, "restyled": other}
