"""The command of an audit: words typed, what was understood printed, a report written.

    python -m labkit.audit.command scores.csv --out report.html --fmr 1e-3
    python -m labkit.audit.command --lab dlib --out dlib.html

In: what was typed.  Out: an HTML file (and one of JSON), or one sentence that says what is wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from labkit.audit import lab
from labkit.audit.csv import read_pairs
from labkit.audit.reading import Reading, add_options, reading_of
from labkit.audit.report import DEFAULT_RATES, GALLERIES, AuditReport, audit, checked_out
from labkit.audit.understood import threshold, understood
from labkit.base.words import _, put
from labkit.matchers import registry as matchers
from labkit.measure.disparity import ALL_OTHERS
from labkit.measure.thresholds import ENOUGH_PEOPLE_FOR_A_MEAN

EXAMPLES = _(
    """\
the file: CSV (commas, semicolons, tabs or |; UTF-8, UTF-16 or Windows-1252;
also gzip), .xlsx (its first sheet) or .parquet; what is recognised is said
columns:
  required  probe, gallery        names of pictures
            same_person           1 or 0 (or yes, no, genuine, impostor, ...)
            score
  optional  probe_person, gallery_person     who is in each; without them
                                  intervals are too narrow
            probe_group, gallery_group       or one column group for both
            probe_stratum, gallery_stratum   or one column stratum: a camera or
                                  a site, within which groups are compared too
            status                failed (or FTE, FTA), with an empty score:
                                  could not be compared
the threshold is a number as the scores are written (0.62, 0,62 or 62%)
when none is given: the lowest at which the mean of the FMRs within groups is
  at most {first:g} (--fmr: another rate); where people are too few for that,
  {others}. Only groups of at least {need} people take part
  in the mean; without such groups the FMR over all pairs decides. Rare labels
  can therefore not loosen it.
examples:
  python -m labkit audit scores.csv --out report.html --threshold 0.62
  python -m labkit audit distances.csv --out report.html --distance --fmr 1e-3
  python -m labkit audit excel.csv --out report.html --rename img1=probe \\
      --rename img2=gallery --same yes=ja,no=nein --drop-repeats
  python -m labkit audit --lab dlib --out dlib.html
"""
)


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    known, sizes = (
        ", ".join(entry.name for entry in matchers.offline()),
        ", ".join(map(str, GALLERIES)),
    )
    top = argparse.ArgumentParser(
        prog="python -m labkit audit",
        description=_("A report on any matcher, from a file of scored pairs."),
        epilog=EXAMPLES.format(
            need=ENOUGH_PEOPLE_FOR_A_MEAN,
            first=DEFAULT_RATES[0],
            others=_(", then ").join(f"{rate:g}" for rate in DEFAULT_RATES[1:]),
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("scores", nargs="?", metavar="scores.csv", help=_("scored pairs"))
    top.add_argument(
        "--lab", metavar="MATCHER", help=_("a matcher of the lab: {known}").format(known=known)
    )
    top.add_argument("--by", choices=list(lab.BY), help=_("groups of the lab's people (tone)"))
    top.add_argument("--out", required=True, metavar="report.html", help=_("where to write"))
    top.add_argument("--json", metavar="FILE", help=_("write every number as JSON, too"))
    top.add_argument("--distance", action="store_true", help=_("smaller scores mean more alike"))
    point = top.add_mutually_exclusive_group()
    point.add_argument("--threshold", metavar="T", help=_("a match is a score of at least T"))
    point.add_argument(
        "--fmr",
        type=float,
        metavar="X",
        help=_("choose the threshold at this FMR, on the same people (1e-3, if they are enough)"),
    )
    top.add_argument("--reference", metavar="GROUP", help=_("group to compare the others with"))
    top.add_argument(
        "--gallery",
        type=int,
        action="append",
        metavar="N",
        help=_("size of a gallery, with --threshold; may be repeated ({sizes})").format(
            sizes=sizes
        ),
    )
    top.add_argument("--title", default="", help=_("heading of the report"))
    top.add_argument("--date", default="", help=_("a date to print; none is printed otherwise"))
    top.add_argument(
        "--names", action="store_true", help=_("name pictures and people; think before publishing")
    )
    top.add_argument("--no-names", action="store_true", help=argparse.SUPPRESS)  # as it is now
    add_options(top)
    return top


def _command(args: argparse.Namespace, reading: Reading) -> str:
    """The command as it can be typed again; files by their names, without their folders."""
    words = ["python", "-m", "labkit", "audit"]
    words += ["--lab", args.lab] if args.lab else [_argument(Path(args.scores).name)]
    for name in ("by", "threshold", "fmr", "reference", "title", "date"):
        value = getattr(args, name)
        if value not in (None, ""):
            words.append(f"--{name}={value}")  # every digit that was typed
    words += [f"--gallery={size}" for size in args.gallery or ()]
    words += [f"--{name}" for name in ("distance", "names") if getattr(args, name)]
    return shlex.join([*words, *reading.options, "--out", "report.html"])


def _argument(name: str) -> str:
    """A file's name that is not taken for an option."""
    return f"./{name}" if name.startswith("-") else name


def run(args: argparse.Namespace) -> int:
    """Make the report that was asked for."""
    if (args.scores is None) == (args.lab is None):
        raise ValueError(_("give a file of scored pairs, or one matcher of the lab with --lab"))
    reading = reading_of(args)
    out = {checked_out(args.out): AuditReport.write}
    if args.json:
        out[checked_out(args.json, ".json")] = AuditReport.write_json
    options: dict[str, Any] = {
        "command": _command(args, reading),
        "date": args.date,
        "show_names": args.names,
        "galleries": tuple(args.gallery) if args.gallery else None,
        "reference": args.reference or ALL_OTHERS,
    }
    if args.title:
        options["title"] = args.title
    report = _of_lab(args, options) if args.lab else _of_file(args, reading, out, options)
    _write({path: functools.partial(write, report) for path, write in out.items()})
    for path in out:
        size = f"{path.stat().st_size / 1e3:.0f}"
        words = _("{file}: {size} kB; open it in a browser")
        if path.suffix == ".json":
            words = _("{file}: {size} kB; every number")
        put(words.format(file=path, size=size))
    return 0


def _of_lab(args: argparse.Namespace, options: dict[str, Any]) -> AuditReport:
    if args.distance or args.threshold is not None:
        raise ValueError(
            _("--lab chooses its threshold on dev people: leave out --distance and --threshold")
        )
    return lab.lab_audit(args.lab, args.by or "tone", args.fmr or lab.RATE, **options)


def _of_file(
    args: argparse.Namespace, reading: Reading, out: Iterable[Path], options: dict[str, Any]
) -> AuditReport:
    """The report on a file; what was understood of it is printed before anything is counted."""
    if args.by:
        raise ValueError(_("--by is for --lab: a file has its groups in columns"))
    if args.gallery and args.threshold is None:
        raise ValueError(
            _(
                "--gallery needs --threshold: how many false candidates there will be says nothing"
                " at a threshold that was chosen to give so many"
            )
        )
    for path in out:
        if path.exists() and Path(args.scores).exists() and path.samefile(args.scores):
            words = _("{file} is the input: give another name with --out")
            raise ValueError(words.format(file=path))
    pairs = read_pairs(args.scores, distance=args.distance, reading=reading)
    given, read = None, ""
    if args.threshold is not None:
        given, read = pairs.written.threshold(args.threshold)
    put("\n".join(understood(pairs, chosen=given is None)))
    report = audit(pairs, distance=args.distance, threshold=given, fmr=args.fmr, **options)
    wanted = DEFAULT_RATES[0] if given is None and args.fmr is None else None
    put("\n".join(threshold(pairs, report.point, read=read, wanted=wanted)))
    return report


# ---- what is printed and written ----------------------------------------------------------------


def _write(files: dict[Path, Callable[[Path], object]]) -> None:
    """Write every file whole, all of them or none."""
    done: list[Path] = []
    try:
        with contextlib.ExitStack() as stack:
            ready = {}
            for path, write in files.items():
                folder = tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent)
                ready[path] = Path(stack.enter_context(folder)) / path.name
                write(ready[path])
            for path, made in ready.items():
                os.replace(made, path)
                done.append(path)
    except OSError as error:
        for path in done:
            path.unlink(missing_ok=True)
        names = ", ".join(map(str, files))
        words = _("cannot write {files}: {why}; nothing was written")
        raise OSError(words.format(files=names, why=error.strerror or error)) from None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when the report was written, 2 with one sentence when it was not."""
    args = parser().parse_args(argv)
    try:
        return run(args)
    except (ValueError, OSError) as error:
        print(f"labkit: {_sentence(error)}", file=sys.stderr)
        return 2


def _sentence(error: ValueError | OSError) -> str:
    """What went wrong; the computer's own errors with the file they are of."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    words = _("cannot use {file}: {why}")
    return words.format(file=error.filename or _("a file"), why=error.strerror)


if __name__ == "__main__":
    sys.exit(main())
