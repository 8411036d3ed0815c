"""A card for each network: who it learned from, how, and whom it fails.

In: the tables of ``data/networks``.  Out: ``cards/NAME.md``, written from them and nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from labkit import data as bundled
from labkit.base.files import write_whole
from labkit.making.plans import BANDS
from labkit.measure.intervals import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

RATES = {"fmr": "FMR", "fnmr": "FNMR", "false_rejection": "false rejection", "fta": "FTA"}
GROUPS = (*BANDS, "everybody")
LIMITS = """\
## What it is not for

It knows drawings by one renderer. Of photographs of real people it knows nothing: in a trial, a
network trained like it had an AUC of .86 on 61 photographs of 13 people, where dlib's had .9999;
those photographs are not here, so this cannot be repeated. Tone bands are drawing parameters of
invented people, not races; no rate here is a rate of any group of real people.
"""


def write(folder: Path) -> None:
    """Write the cards below ``folder/cards``, from the tables in it."""
    facts = pd.read_csv(folder / "networks.csv").set_index("network")
    rates = pd.read_csv(folder / "rates.csv").fillna({"words": ""})
    for name, row in facts.iterrows():
        own = rates[rates["network"] == name]
        text = "\n".join(_card(str(name), row, own))
        write_whole(folder / "cards" / f"{name}.md", text.encode())


def _card(name: str, row: Any, rates: pd.DataFrame) -> Iterator[str]:
    colours = ", in grey" if row["grey"] else ""
    yield f"# Network {name}\n"
    yield "## Who it learned from\n"
    yield (
        f"{sum(row[b] for b in BANDS):,} invented people, drawn for this and in no other set:"
        f" {_each(row, BANDS, '')}. Person seeds {row['first_seed']:,} to {row['last_seed']:,};"
        f" {row['odd_share']:.0%} of the seeds are odd. Five photographs each{colours}; used were"
        f" the {row['pictures']:,} in which dlib's detector found a face"
        f" ({_each(row, BANDS, 'pictures_')}). No photograph of anybody real.\n"
    )
    yield "## How\n"
    yield (
        f"`python -m labkit make nets --only {name}`, from the code that is named {row['code']}."
        f" Seed {row['seed']}; {row['steps']:,} steps of {row['batch']} pictures, each picture"
        f" about {row['steps'] * row['batch'] / row['pictures']:.0f} times; learning rate at most"
        f" {row['rate']:g}, weight decay {row['decay']:g}; additive margin {row['margin']:g}, scale"
        f" {row['scale']:g}; loss at the end {row['loss']:g}. {row['seconds']:,} seconds on one"
        f" core with other work beside it. The file has {row['bytes']:,} bytes"
        f"{'' if row['shipped'] else ' and is not shipped; what it got wrong is in the tables'}.\n"
    )
    for origin in bundled.ORIGINS:
        for asked in bundled.ASKED:
            yield from _table(rates, origin, asked)
    yield "## Where it fails\n"
    yield from _failures(rates)
    yield LIMITS


def _each(row: Any, bands: tuple[str, ...], prefix: str) -> str:
    return ", ".join(f"{row[prefix + band]:,} {band}" for band in bands)


def _table(rates: pd.DataFrame, origin: str, asked: float) -> Iterator[str]:
    """Rates by band, at one threshold."""
    here = rates[(rates["origin"] == origin) & (rates["asked"] == asked)]
    yield f"## {origin.capitalize()}, threshold for a mean FMR of {asked:g} on `anytown/dev`\n"
    yield (
        "On `anytown/eval`, with 95% intervals by people. The FMR of a band counts pairs of two"
        " people of that band; that of everybody counts all pairs, most of them of two bands, so it"
        " can be lower than each.\n"
    )
    yield "| people | " + " | ".join(RATES.values()) + " |"
    yield "|" + "---|" * (len(RATES) + 1)
    for group in GROUPS:
        cells = [_interval(here, group, rate).short() for rate in RATES]
        yield f"| {group} | " + " | ".join(cells) + " |"
    yield ""


def _interval(rates: pd.DataFrame, group: str, rate: str) -> Interval:
    found = rates[(rates["group"] == group) & (rates["rate"] == rate)]
    (row,) = found.to_dict("records")
    return Interval(
        row["value"],
        row["low"],
        row["high"],
        people=int(row["people"]),
        errors=int(row["errors"]),
        trials=int(row["trials"]),
        person_pairs=int(row["person_pairs"]),
        words=row["words"],
    )


def _failures(rates: pd.DataFrame) -> Iterator[str]:
    """Which band has most of each error, as a fact about this sample."""
    here = rates[(rates["origin"] == bundled.ORIGINS[0]) & (rates["asked"] == bundled.ASKED[0])]
    for rate in ("fmr", "false_rejection"):
        own = here[(here["rate"] == rate) & here["group"].isin(BANDS)].sort_values("value")
        least, most = own.iloc[0], own.iloc[-1]
        yield (
            f"- {RATES[rate].capitalize() if rate != 'fmr' else 'FMR'}: {most['value']:.4f} in the"
            f" {most['group']} band, {least['value']:.4f} in the {least['group']} band, highest and"
            " lowest of three. One training: notebook 06 says what three trainings and other people"
            " would move."
        )
    yield ""
