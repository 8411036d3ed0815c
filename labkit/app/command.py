"""The command line: ``python -m labkit people``, ``make``, ``notebooks``, ``new`` and so on.

In: words.  Out: files, or one sentence that says what was wrong and what to do.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from labkit.base.places import PROJECT

EXAMPLES = """\
examples:
  python -m labkit people --sheet 48 --seed 7 out.png       a wall of strangers
  python -m labkit people --strip nose_width out.png        one parameter, low to high
  python -m labkit people --strips out.png                  every parameter, three pictures each
  python -m labkit people --list                            all parameters, in words
  python -m labkit make                                     make data/ again (resumes if
  interrupted)
  python -m labkit make nets                                train the networks of data/networks
  again, on nobody's face (needs the extra `train`)
  python -m labkit make causes                              the controls of the camera again
  python -m labkit make remedies                            the final table of remedies, once
  python -m labkit make street                              crowds, passages and a walk again
  python -m labkit notebooks                                notebooks and solutions from their
  sources
  python -m labkit notebooks --check                        say what is out of step with its source
  or breaks a house rule
  python -m labkit new notebook 06_one_factor               a notebook that keeps every rule, to be
  python -m labkit new matcher blocks                       replaced bit by bit; likewise a matcher
  python -m labkit new explorer steps                       and an explorer
  python -m labkit update                                   the newest version of the lab; your
  python -m labkit update lab-1.2.zip                       notebooks and your journal stay yours
  python -m labkit doctor                                   is everything here that the lab needs?
  python -m labkit numbers                                  every number in prose and its origin
  python -m labkit wrong-answers                            what is said to common wrong answers
  python -m labkit words                                    brings translations up to date, counts
  what is missing; words --missing es --part 03 lists it
  python -m labkit kit --out ../kit                         guide, slides, handout and solved
  notebooks as pages, for those who teach
  python -m labkit site --out ../site                       the edition without Python: pages that
  need only a browser, no network
  python -m labkit class FOLDER                             one page for discussion from learners'
  exported journals
  python -m labkit nbgrader FOLDER                          assignments for nbgrader, from sources
  python -m labkit results                                  measure the matchers, write the README's
  table
  python -m labkit release --out dist                       the archives of this version
  python -m labkit served                                   settings for a server on Binder or a hub
"""


ALSO_MADE = {
    "causes": "labkit.making.causes",
    "gallery": "labkit.making.gallery.make",
    "nets": "labkit.making.nets.make",
    "maker": "labkit.making.maker",
    "remedies": "labkit.making.remedies",
    "street": "labkit.making.street.make",
}
"""What ``make`` can be told to make beside the people, and the module whose ``make`` does it."""


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    top = argparse.ArgumentParser(
        prog="python -m labkit",
        description="A face-surveillance lab at a desk.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True)
    people = commands.add_parser("people", help="draw invented people")
    what = people.add_mutually_exclusive_group()
    what.add_argument("--sheet", type=int, metavar="N", help="a wall of N strangers (48)")
    what.add_argument("--strip", metavar="PARAMETER", help="one parameter from low to high")
    what.add_argument("--strips", action="store_true", help="every parameter: low, middle, high")
    what.add_argument("--list", action="store_true", help="print all parameters")
    people.add_argument("--seed", type=int, default=7, help="which people (7)")
    people.add_argument("--steps", type=int, default=5, help="pictures in a strip (5)")
    people.add_argument("out", nargs="?", metavar="out.png", help="where to write the picture")
    make = commands.add_parser("make", help="make the data in data/ again")
    make.add_argument(
        "what",
        nargs="?",
        choices=sorted(ALSO_MADE),
        help="not the people but what was made with them: " + ", ".join(sorted(ALSO_MADE)),
    )
    make.add_argument("--data", type=Path, help="folder to write to (data/ beside labkit)")
    make.add_argument("--cache", type=Path, help="folder for finished people (build/make)")
    make.add_argument(
        "--only", action="append", metavar="SET", help="one set (or network), may be repeated"
    )
    make.add_argument("--limit", type=int, help="people per set, for a trial into another --data")
    make.add_argument(
        "--describe",
        action="store_true",
        help="draw nobody new, only describe the sets that are there with SFace",
    )
    make.add_argument(
        "--count",
        metavar="NAME",
        help="count false matches among many further people: trial, narrow or linked",
    )
    make.add_argument(
        "--measure", action="store_true", help="print costs for a few people and stop"
    )
    make.add_argument(
        "--accept",
        action="store_true",
        help="draw a few stored people again and, if all is the same, write down today's code",
    )
    books = commands.add_parser("notebooks", help="make the notebooks from their sources")
    books.add_argument(
        "--check",
        action="store_true",
        help="write nothing, say what is out of step or breaks a house rule",
    )
    books.add_argument("--core", type=Path, metavar="DIR", help="write the core-only edition there")
    wrong = commands.add_parser(
        "wrong-answers", help="run the common wrong answers, write what is said to each"
    )
    wrong.add_argument("--check", action="store_true", help="write nothing, say if it is in step")
    tongue = commands.add_parser(
        "words", help="the lab in other languages: what is there, what is missing"
    )
    tongue.add_argument(
        "--check",
        action="store_true",
        help="write nothing, say what is out of step or lost something",
    )
    tongue.add_argument("--new", default="", metavar="CODE", help="begin a language, such as fr")
    tongue.add_argument(
        "--missing", default="", metavar="CODE", help="list the sentences that a language has not"
    )
    tongue.add_argument(
        "--part",
        default="",
        help="with --missing: of a notebook (03), explorers, front, site, hints, shared",
    )
    kit = commands.add_parser("kit", help="the instructors' kit as pages that need no network")
    kit.add_argument("--out", type=Path, metavar="DIR", help="a folder outside the lab's own")
    kit.add_argument(
        "--numbers", action="store_true", help="fill the numbers that will appear into the guide"
    )
    kit.add_argument(
        "--check", action="store_true", help="say whether the guide's numbers are in step"
    )
    new = commands.add_parser("new", help="a new notebook, matcher or explorer from a skeleton")
    parts = new.add_subparsers(dest="part", required=True)
    book = parts.add_parser("notebook", help="a source and a lesson, such as 06_one_factor")
    book.add_argument("name", help="two digits and words: 06_one_factor")
    matcher = parts.add_parser("matcher", help="its file and its entry in the registry")
    matcher.add_argument("name", help="the name of its file: blocks")
    explorer = parts.add_parser("explorer", help="its class, its ES module and its entry")
    explorer.add_argument("name", help="what notebooks call: steps")
    book.add_argument("--kind", default="working", help="reading, working or deciding (working)")
    sums = commands.add_parser(
        "checksums", help="write checksums.txt of a data folder that was changed on purpose"
    )
    sums.add_argument("folder", type=Path, help="such as data/published")
    commands.add_parser(
        "update",
        help="bring a new version of the lab to this copy, from its origin or an archive",
        add_help=False,
    )
    commands.add_parser("doctor", help="look whether everything is here that the lab needs")
    commands.add_parser("numbers", help="say of every number in prose where it comes from")
    commands.add_parser(
        "results",
        help="measure the matchers, write the README's table (what follows goes to"
        " benchmarks/matchers.py)",
    )
    site = commands.add_parser(
        "site", help="the edition without Python: pages that need only a browser, and no network"
    )
    site.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="a folder outside the lab's own"
    )
    site.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="a page or a folder, such as learn/03 or record; may be repeated (all)",
    )
    site.add_argument("--language", default="en", metavar="CODE", help="such as es (en)")
    site.add_argument("--quiet", action="store_true", help="no progress bar")
    group = commands.add_parser(
        "class", help="one page for discussion from learners' exported journals"
    )
    group.add_argument("folder", type=Path, help="where the exported journals lie")
    group.add_argument("--out", type=Path, default=Path("class.html"), help="(class.html)")
    group.add_argument("--title", default="", help="the page's heading")
    group.add_argument(
        "--names", action="store_true", help="list the names that learners gave their files"
    )
    course = commands.add_parser(
        "nbgrader", help="assignments for nbgrader from the sources, solutions cleared by it"
    )
    course.add_argument("folder", type=Path, help="the course's folder, made when it is not there")
    course.add_argument(
        "--notebook",
        action="append",
        default=[],
        metavar="NN",
        help="such as 03; may be repeated (all that have exercises with points)",
    )
    commands.add_parser(
        "audit", help="a report on any matcher, from a file of scored pairs", add_help=False
    )
    archives = commands.add_parser(
        "release", help="the archives of this version: the lab, and the instructors' kit"
    )
    archives.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    server = commands.add_parser(
        "served", help="settings for a Jupyter server of this environment, on Binder or a hub"
    )
    server.add_argument(
        "--idle", type=int, default=600, metavar="SECONDS", help="end idle kernels after (600)"
    )
    for command in (people, make):
        command.add_argument("--workers", type=int, help="processes (all cores)")
        command.add_argument("--quiet", action="store_true", help="no progress bar")
    return top


def check_out(name: str | None) -> Path:
    """The path a picture will be written to; ``ValueError`` with one sentence if it cannot be."""
    if name is None:
        raise ValueError("where should the picture go? give a file name that ends in .png")
    path = Path(name)
    if path.suffix.lower() != ".png":
        raise ValueError(f"{name} is not a .png: give a file name that ends in .png")
    if path.is_dir():
        raise ValueError(f"{name} is a folder: give a file name that ends in .png")
    folder = path.parent
    if not folder.is_dir():
        raise ValueError(f"the folder {folder} does not exist: make it first")
    if not os.access(folder, os.W_OK):
        raise ValueError(f"the folder {folder} cannot be written to: choose another")
    return path


def run_people(args: argparse.Namespace) -> None:
    """Draw a wall or a strip, or list the parameters."""
    if args.list:
        from labkit.people.who.parameters import PARAMETERS

        for p in PARAMETERS:
            print(f"{p.name:20} {p.part:6} {p.meaning}: {p.low} .. {p.high}")
        return
    out = check_out(args.out)
    from PIL import Image

    from labkit.base.files import write_whole
    from labkit.views import wall

    options = {"workers": args.workers, "quiet": args.quiet}
    if args.strip is not None:
        picture = wall.strip(args.strip, args.seed, steps=args.steps, **options)
    elif args.strips:
        picture = wall.all_strips(args.seed, **options)
    else:
        count = 48 if args.sheet is None else args.sheet
        picture = wall.wall(count, args.seed, **options)
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "png")
    write_whole(out, content.getvalue())
    print(f"{out}: {picture.shape[1]} x {picture.shape[0]} pixels")


def run_make(args: argparse.Namespace) -> int:
    """Make the data, or measure what making it costs."""
    from labkit.making import costs, counting, described, remake, store

    if args.what:
        if args.describe or args.count or args.measure or args.accept or args.limit is not None:
            raise ValueError(f"make {args.what} takes --data, --cache, --only, --workers, --quiet")
        options = {"data": args.data, "cache": args.cache, "only": args.only}
        module = importlib.import_module(ALSO_MADE[args.what])
        module.make(**options, workers=args.workers, quiet=args.quiet)
        return 0
    if args.measure:
        costs.measure(workers=args.workers)
        return 0
    if args.accept:
        return remake.accept(data=args.data)
    if args.count:
        if args.only or args.describe or args.limit is not None:
            raise ValueError("--count counts further people: leave out --only, --describe, --limit")
        place = {"data": args.data, "cache": args.cache}
        path = counting.count(args.count, **place, workers=args.workers, quiet=args.quiet)
        print(f"{path}: written")
        return 0
    if args.describe and args.limit is not None:
        raise ValueError("--describe describes the sets that are there: leave out --limit")
    options = {
        "data": args.data,
        "cache": args.cache,
        "only": args.only,
        "workers": args.workers,
        "quiet": args.quiet,
    }
    if not args.describe:
        store.make(**options, limit=args.limit)
    described.describe(**options)
    return 0


def run_notebooks(args: argparse.Namespace) -> int:
    """Make the notebooks, or say which are out of step; 1 when some are."""
    from labkit.app import notebooks

    if args.check and args.core:
        raise ValueError("--check looks at notebooks/ and instructors/solutions/: leave out --core")
    return notebooks.run(core=args.core, only_check=args.check)


def run_wrong_answers(args: argparse.Namespace) -> int:
    """Write the table of common wrong answers, or say whether it is in step."""
    from labkit.app import wrong_answers
    from labkit.app.notebooks import root

    return wrong_answers.run(root(), only_check=args.check)


def run_words(args: argparse.Namespace) -> int:
    """Bring the translations up to date, or say what they lack; 1 when something is wrong."""
    from labkit.app import words

    return words.run(only_check=args.check, new=args.new, missing_in=args.missing, part=args.part)


def run_kit(args: argparse.Namespace) -> int:
    """Make the instructors' kit, or fill or check the numbers of the guide."""
    from labkit.app import kit
    from labkit.app.kit import shown
    from labkit.app.notebooks import root

    if args.numbers or args.check:
        if args.out or (args.numbers and args.check):
            raise ValueError("kit takes one of --out DIR, --numbers and --check")
        return shown.run(root(), only_check=args.check)
    if not args.out:
        raise ValueError("where should the kit go? say --out and a folder, such as ../kit")
    kit.make(args.out)
    return 0


def run_new(args: argparse.Namespace) -> None:
    """Write a skeleton and say what comes next."""
    from labkit.app import new

    if args.part == "notebook":
        written = new.notebook(args.name, args.kind)
        then = f"python -m labkit notebooks, python3 lab.py test --notebook {args.name[:2]}"
    elif args.part == "matcher":
        written = new.matcher(args.name)
        then = "python -m pytest tests/matchers"
    else:
        written = new.explorer(args.name)
        then = "python -m pytest tests/views tests/browser/test_pages.py"
    for path in written:
        print(f"{path}: written")
    print(f"Now replace it bit by bit, and after each change: {then}")


def run_checksums(args: argparse.Namespace) -> None:
    """Write down what the files of a folder are now."""
    from labkit.base.files import CHECKSUMS, read_checksums, write_checksums

    if not (args.folder / CHECKSUMS).is_file():
        raise ValueError(f"{args.folder} has no {CHECKSUMS}: name a folder of data/")
    before = read_checksums(args.folder)
    write_checksums(args.folder)
    now = read_checksums(args.folder)
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            what = "new" if name not in before else "changed" if name in now else "gone"
            print(f"{args.folder / name}: {what}")
    print(f"{args.folder / CHECKSUMS}: written")


def run_numbers(args: argparse.Namespace) -> int:
    """Say of every number in prose where it comes from; 1 when one has no origin."""
    from labkit.app import numbers

    return numbers.run()


def run_doctor(args: argparse.Namespace) -> int:
    """Look whether everything is here."""
    from labkit.app import doctor

    return doctor.main(args)


def run_update(args: argparse.Namespace) -> int:
    """Bring a new version of the lab; what the learner worked in is kept."""
    from labkit.app import update

    if not (PROJECT / "lab.py").is_file():
        raise ValueError("labkit is not installed from a copy of the lab: update it as you got it")
    return update.main(args.words)


def run_results(args: argparse.Namespace) -> int:
    """Run the benchmark of the matchers, which writes the README's table."""
    script = PROJECT / "benchmarks" / "matchers.py"
    if not script.is_file():
        raise ValueError(f"{script} is not here: run this in the project's folder")
    return subprocess.run([sys.executable, str(script), *args.words], check=False).returncode


def run_site(args: argparse.Namespace) -> None:
    """Make the edition without Python."""
    from labkit.app import site

    site.make(args.out, language=args.language, only=args.only, quiet=args.quiet)


def run_class(args: argparse.Namespace) -> None:
    """Make the page of a class."""
    from labkit.learning.classroom import command as classroom

    classroom.run(args.folder, args.out, title=args.title, names=args.names)


def run_nbgrader(args: argparse.Namespace) -> int:
    """Make a course for nbgrader; 1 when files that somebody changed were left."""
    from labkit.app import nbgrader
    from labkit.app.notebooks import root

    return nbgrader.run(args.folder, root(), args.notebook)


def run_audit(args: argparse.Namespace) -> int:
    """Write a report on a matcher; :mod:`labkit.audit.command` says how."""
    from labkit.audit import command as audit

    return audit.main(args.words)


def run_release(args: argparse.Namespace) -> None:
    """Write the archives of the version that is committed here."""
    from labkit.app import release
    from labkit.app.notebooks import root

    release.release(root(), args.out)


def run_served(args: argparse.Namespace) -> None:
    """Write the settings of a server into this environment."""
    from labkit.app import served

    served.run(args.idle)


RUN = {
    "audit": run_audit,
    "kit": run_kit,
    "class": run_class,
    "people": run_people,
    "make": run_make,
    "notebooks": run_notebooks,
    "nbgrader": run_nbgrader,
    "new": run_new,
    "wrong-answers": run_wrong_answers,
    "words": run_words,
    "checksums": run_checksums,
    "doctor": run_doctor,
    "numbers": run_numbers,
    "release": run_release,
    "served": run_served,
    "site": run_site,
    "results": run_results,
    "update": run_update,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 2 with one sentence when it did not.

    1 means that the command found something that needs attention.
    """
    words = list(sys.argv[1:] if words is None else words)
    own = (
        1 if words[:1] in (["results"], ["audit"], ["update"]) else len(words)
    )  # these read their own words
    args = parser().parse_args(words[:own], argparse.Namespace(words=words[own:]))
    try:
        code = RUN[args.command](args) or 0
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read what is printed has stopped, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ModuleNotFoundError as error:  # a learner's installation has no tools of developers
        print(
            f"labkit: this command needs {error.name}, which comes with the tools for tests: run"
            " `python3 lab.py test --quick` once, which installs them",
            file=sys.stderr,
        )
        return 2
    except (ValueError, OSError, RuntimeError) as error:
        print(f"labkit: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("labkit: stopped; nothing half-written was left behind", file=sys.stderr)
        return 130
