"""Tables that print as Markdown and are saved as CSV."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labkit.measure.intervals import Interval


@dataclass
class Table:
    """One table of the report.

    Cells may be text, numbers or :class:`~labkit.measure.intervals.Interval`; in the CSV an
    interval takes a column each for value, ends, people, errors, trials and words.
    """

    name: str
    title: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, **cells: Any) -> None:
        self.rows.append(cells)

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(key for row in self.rows for key in row))

    def markdown(self) -> str:
        head = [c.replace("_", " ") for c in self.columns]
        lines = [f"### {self.title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
        for row in self.rows:
            lines.append("| " + " | ".join(shown(row.get(c, "")) for c in self.columns) + " |")
        lines += [""] + [f"{note}\n" for note in self.notes]
        return "\n".join(lines)

    def save(self, folder: Path) -> None:
        flat = [_flat(row) for row in self.rows]
        keys = list(dict.fromkeys(key for row in flat for key in row))
        with open(folder / f"{self.name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, keys, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(flat)


def shown(cell: Any) -> str:
    """A cell as text: intervals with three digits that matter, floats short."""
    if isinstance(cell, Interval):
        if cell.words:
            return (
                f"{number(cell.value)} ({cell.words})" if cell.value == cell.value else cell.words
            )
        return f"{number(cell.value)} [{number(cell.low)}, {number(cell.high)}]"
    if isinstance(cell, bool):
        return "yes" if cell else "NO"
    if isinstance(cell, float):
        return number(cell)
    return str(cell)


def number(value: float) -> str:
    """At most three digits after the point, four for small rates, none for large numbers."""
    if value != value:
        return "-"
    size = abs(value)
    if size >= 100:
        return f"{value:.0f}"
    if size >= 10:
        return f"{value:.1f}"
    text = f"{value:.3f}" if size >= 0.02 or size == 0 else f"{value:.4f}"
    return text.replace("-0.000", "0.000") if float(text) == 0 else text


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, cell in row.items():
        if isinstance(cell, Interval):
            out[key] = f"{cell.value:.6g}"
            out[f"{key}_low"], out[f"{key}_high"] = f"{cell.low:.6g}", f"{cell.high:.6g}"
            for name in ("people", "person_pairs", "errors", "error_pairs", "trials"):
                if getattr(cell, name):
                    out[f"{key}_{name}"] = getattr(cell, name)
            out[f"{key}_words"] = cell.words
        else:
            out[key] = f"{cell:.6g}" if isinstance(cell, float) else cell
    return out
