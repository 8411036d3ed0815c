"""Files as people have them: which kind, encoding and separator; pandas reads them.

In: a path.  Out: a :class:`Source`: its header, its rows as a table, sentences on what was
recognised, and the line of the file on which a row stands.  What the columns mean is the business
of :mod:`labkit.audit.columns`.
"""

from __future__ import annotations

import abc
import codecs
import contextlib
import csv
import gzip
import hashlib
import importlib.util
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.audit.pairs import BadFile, Places
from labkit.audit.reading import REQUIRED, Reading
from labkit.base.words import N_, _

if TYPE_CHECKING:
    import pandas as pd

NAMES = {
    ",": N_("commas"),
    ";": N_("semicolons"),
    "\t": N_("tabs"),
    "|": N_("vertical bars"),
    " ": N_("blanks"),
}
"""Separators that are recognised, the blank apart."""

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HEAD = 1 << 16
TITLES = 10
"""In so many of the first rows a header is looked for: there may be a title above it."""
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)

Known = Callable[[Sequence[str]], int]
"""How many names of a header are those of columns that are used."""


def header_at(rows: Sequence[Sequence[str]], known: Known) -> int:
    """Place of the header: the first row in which something stands, or one below a title.

    A row of several known names is the header; where none has any, rows of one cell above a row of
    many are a title.

    Raises
    ------
    ValueError
        When nothing stands in any row.

    Examples
    --------
    >>> wide = ["Bild 1", "Bild 2", "gleich", "Punkte"]
    >>> header_at([["", ""], ["Export of May", ""], wide], lambda cells: 0)
    2
    """
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    full = [i for i, n in enumerate(filled) if n][:TITLES]
    if not full:
        raise ValueError(_("nothing stands in any row"))
    best = max(full, key=lambda i: known(rows[i]))
    if known(rows[best]) > 1:
        return best
    wide = next((i for i in full if filled[i] >= len(REQUIRED)), full[0])
    return wide if all(filled[i] == 1 for i in full if i < wide) else full[0]


def passed_over(titles: Sequence[str]) -> list[str]:
    """A sentence on rows above the header in which something stands, if there are any.

    Examples
    --------
    >>> passed_over(["Export of May"])
    ["a row above the header was taken for a title and passed over: 'Export of May'"]
    """
    if not titles:
        return []
    one = _("a row above the header was taken for a title and passed over: {first!r}")
    more = _("{n} rows above the header were taken for a title and passed over: {first!r}, ...")
    return [(more if len(titles) > 1 else one).format(n=len(titles), first=titles[0][:60])]


def bad_file(words: str, path: Path, **values: object) -> BadFile:
    """A sentence about a file, with its name and whatever else it has places for."""
    shown = {k: printable(v) if isinstance(v, str) else v for k, v in values.items()}
    return BadFile(words.format(file=printable(path.name), path=printable(str(path)), **shown))


def printable(text: str, most: int = 400) -> str:
    r"""Text from a file on one line: what cannot be printed as an escape, and not without end.

    Examples
    --------
    >>> print(printable("a\nb"), printable("x" * 9, 4))
    a\nb xxxx...
    """
    text = text if len(text) <= most else f"{text[:most]}..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class Source(abc.ABC):
    """A file of rows.

    Attributes
    ----------
    path, sha256
        The file.
    kind
        What it is, in words: ``CSV, semicolons between columns, UTF-8``.
    notes
        Sentences on what was recognised.
    header
        Names of its columns as they stand there.
    """

    path: Path
    sha256: str
    kind: str
    notes: list[str]
    header: list[str]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    @abc.abstractmethod
    def table(self, names: list[str]) -> pd.DataFrame:
        """All rows below the header, blank ones too, under these names.

        The column ``score`` is of numbers, NaN where it is empty, or else of whatever stands there.
        """

    @abc.abstractmethod
    def lines(self, rows: Places) -> Places:
        """The lines of the file on which rows of the table end."""


def open_source(path: Path, reading: Reading, known: Known) -> Source:
    """Recognise a file.

    Raises
    ------
    BadFile
        With one sentence, for a file that is not there or of no kind that can be read.
    """
    try:
        with open(path, "rb") as file:
            start = file.read(8)
    except FileNotFoundError:
        raise bad_file(_("there is no file {path}: give the path of scored pairs"), path) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    if start.startswith(b"PAR1"):
        return Parquet(path)
    if start.startswith(b"PK\x03\x04"):
        return Workbook(path, known)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        words = _("{file} is an old Excel workbook (.xls): save it as .xlsx or as a CSV")
        raise bad_file(words, path)
    return Text(path, reading, known)


def _unreadable(path: Path, error: Exception) -> BadFile:
    why = getattr(error, "strerror", None) or error
    return bad_file(_("{path} cannot be read: {why}"), path, why=why)


def _empty(path: Path) -> BadFile:
    words = _("{file} is empty: it needs a header with the columns {columns}")
    return bad_file(words, path, columns=", ".join(REQUIRED))


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---- text ---------------------------------------------------------------------------------------


class Text(Source):
    """A CSV with any separator, packed or not, in the encodings of :data:`ENCODINGS`."""

    def __init__(self, path: Path, reading: Reading, known: Known) -> None:
        self.path = path
        self.notes, self.rows = [], 0
        try:
            with open(path, "rb") as file:
                self.packed = file.read(2) == b"\x1f\x8b"
            self.encoding = self._scan()
            with self.text() as text:
                head = text.read(HEAD)
        except DAMAGED:
            raise bad_file(_("{file} is a damaged or cut gzip file: pack it again"), path) from None
        except UnicodeError:
            raise self._no_text() from None
        except OSError as error:
            raise _unreadable(path, error) from None
        self._begin(head.removeprefix("\ufeff"), reading, known)
        self.decimal, self.said_decimal = reading.decimal or ".", reading.decimal is not None
        kind = _("CSV, {between} between columns, {encoding}")
        between = _(NAMES[self.sep]) if self.sep in NAMES else repr(self.sep)
        self.kind = kind.format(between=between, encoding=ENCODINGS[self.encoding])
        if self.packed:
            self.kind += _(", packed with gzip")
        if self.encoding == "cp1252":
            words = _("no UTF-8: read as Windows-1252; look whether names with accents are right")
            self.notes.append(words)

    # -- bytes -----------------------------------------------------------------------------------

    def _blocks(self) -> Iterator[bytes]:
        with gzip.open(self.path) if self.packed else open(self.path, "rb") as file:
            while block := file.read(1 << 20):
                yield block

    def _scan(self) -> str:
        """The encoding; on the way the checksum and how many lines there are."""
        digest, utf8 = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
        start, zeros, self.breaks, valid, last = b"", False, 0, True, b""
        for block in self._blocks():
            start = start or block[:HEAD]
            if not self.packed:
                digest.update(block)
            zeros = zeros or b"\0" in block
            self.breaks += block.count(b"\n")
            last = block[-1:]
            if valid:
                try:
                    utf8.decode(block)
                except UnicodeDecodeError:
                    valid = False
        self.breaks += last not in (b"\n", b"")
        self.sha256 = _sha256(self.path) if self.packed else digest.hexdigest()
        for mark, name in BOMS:
            if start.startswith(mark):
                return name
        if zeros:
            return self._wide(start)
        try:
            utf8.decode(b"", final=True)
        except UnicodeDecodeError:
            valid = False
        if valid:
            return "utf-8"
        old = codecs.getincrementaldecoder("cp1252")()
        for block in self._blocks():
            old.decode(block)
        return "cp1252"

    def _wide(self, start: bytes) -> str:
        """UTF-16 without a mark: in a header nearly every other byte is 0."""
        begin = start[:200]
        even, odd = (begin[k::2].count(0) / (len(begin) / 2) for k in (0, 1))
        if odd > 0.8 and even < 0.2:
            return "utf-16-le"
        if even > 0.8 and odd < 0.2:
            return "utf-16-be"
        raise self._no_text()

    def _no_text(self) -> BadFile:
        words = _(
            "{file} is no text in UTF-8, UTF-16 or Windows-1252: save it as a CSV in UTF-8, or give"
            " .xlsx or .parquet"
        )
        return bad_file(words, self.path)

    def text(self) -> IO[str]:
        """The file as text, line ends as they are."""
        if self.packed:
            return gzip.open(self.path, "rt", encoding=self.encoding, newline="")
        return open(self.path, encoding=self.encoding, newline="")

    # -- header ----------------------------------------------------------------------------------

    def _begin(self, head: str, reading: Reading, known: Known) -> None:
        """Separator and header; how many records and lines come before the data."""
        if not head.strip():
            raise _empty(self.path)
        said = re.match(r'\s*"?sep=(.)"?[ ,;]*(?:\r\n|\r|\n|$)', head, re.IGNORECASE)
        if said:
            self.notes.append(_("a first line that names the separator was passed over"))
        after = int(bool(said))
        given = reading.separator or (said[1] if said else None)
        found = {}
        for sep in [given] if given else [s for s in NAMES if s != " "]:
            reader = csv.reader(io.StringIO(head, newline=""), delimiter=sep, skipinitialspace=True)
            records, ends = [], []
            with contextlib.suppress(csv.Error):
                for cells in itertools.islice(reader, 50 + after):
                    records.append(cells)
                    ends.append(reader.line_num)
            with contextlib.suppress(ValueError):
                at = after + header_at(records[after:], known)
                found[sep] = records, at, ends[at]
        if not found:
            raise _empty(self.path)

        def fits(sep: str) -> tuple[int, bool, int]:
            records, at, _line = found[sep]
            titled = any(c.strip() for row in records[after:at] for c in row)
            width = len(records[at])
            return known(records[at]), width >= len(REQUIRED) and not titled, width

        self.sep = max(found, key=fits)
        if not given and self.sep != ",":
            words = _("{between} between columns were recognised")
            self.notes.append(words.format(between=_(NAMES[self.sep])))
        records, at, self.skipped_lines = found[self.sep]
        titles = (" ".join(filter(None, map(str.strip, row))) for row in records[after:at])
        self.notes += passed_over([*filter(None, titles)])
        self.header, self.skipped = [c.strip() for c in records[at]], at + 1
        self.first = next((r for r in records[at + 1 :] if any(c.strip() for c in r)), [])
        if len(self.header) == 1:
            words = _(
                "{file} has one column, {header!r}: nothing separates columns ({known}); give what"
                " does with --sep"
            )
            seps = ", ".join(_(n) for s, n in NAMES.items() if s != " ")
            raise bad_file(words, self.path, header=self.header[0][:60], known=seps)

    # -- rows ------------------------------------------------------------------------------------

    def records(self) -> Iterator[tuple[list[str], int, int]]:
        """Cells of each record below the header, and the lines where it begins and ends."""
        with self.text() as file:
            reader = csv.reader(file, delimiter=self.sep, skipinitialspace=True)
            last = 0
            for n, cells in enumerate(reader):
                if n >= self.skipped:
                    yield cells, last + 1, reader.line_num
                last = reader.line_num

    def table(self, names: list[str]) -> pd.DataFrame:
        """All rows below the header."""
        import pandas as pd

        score = names.index("score")
        first = "".join(self.first[score : score + 1]).strip()
        recognised = not self.said_decimal and self.sep != "," and "," in first
        if recognised:
            self.decimal = ","  # tried first; columns.py judges where it does not fit all
        wide = list(names)
        for _attempt in range(2):
            try:
                frame = self._parsed(wide)
            except pd.errors.ParserError as error:
                if "EOF inside string" in str(error):
                    raise self._unclosed() from None
            except UnicodeError:
                raise self._no_text() from None
            except DAMAGED:
                raise bad_file(_("{file} is damaged or cut short"), self.path) from None
            except OSError as error:
                raise _unreadable(self.path, error) from None
            else:
                if isinstance(frame.index, pd.RangeIndex):
                    self.rows = len(frame)
                    if recognised and frame["score"].dtype == np.float64:
                        self.notes.append(commas_in_words(first))
                    return frame[names]
            wide = names + [f"\0{k}" for k in range(self._widest(len(names)) - len(names))]
        raise bad_file(_("{file} cannot be read as a table: save it as a CSV again"), self.path)

    def _parsed(self, names: list[str]) -> pd.DataFrame:
        import pandas as pd

        options: dict[str, Any] = {
            "sep": self.sep,
            "encoding": self.encoding,
            "compression": "gzip" if self.packed else None,
            "skiprows": self.skipped,
            "header": None,
            "names": names,
            "keep_default_na": False,
            "skip_blank_lines": False,  # so that a row says its line
            "skipinitialspace": True,
            "low_memory": False,
        }
        # Text as it stands: as a category, 007 and 7 would become one number.
        types: dict[str, Any] = dict.fromkeys(names, object)
        try:
            frame = pd.read_csv(
                self.path,
                dtype={**types, "score": np.float64},
                na_values={"score": [""]},
                decimal=self.decimal,
                **options,
            )
            values = frame["score"].to_numpy()
            # A column of TRUE and FALSE is read as numbers too.
            words = (np.isnan(values) | (values == 0) | (values == 1)).all()
            if not words and (self.said_decimal or not maybe_thousands(values)):
                return frame
        except ValueError as error:
            if isinstance(error, pd.errors.ParserError | UnicodeError):
                raise
        return pd.read_csv(self.path, dtype=types, **options)  # some score is no number

    def _unclosed(self) -> BadFile:
        """The record that the file ends in begins with, or holds, a quote that nobody closes."""
        where = after = self.skipped_lines + 1
        try:
            for _cells, begin, end in self.records():
                where, after = begin, end + 1
        except csv.Error:  # it holds more than a field may
            where = after
        words = _("line {line} of {file} has a quote that is never closed: close it or take it out")
        return bad_file(words, self.path, line=where)

    def _widest(self, columns: int) -> int:
        """Fields of the longest line when all that is too much is empty; else a refusal."""
        widest, longer, fields = columns, 0, 0
        bad: list[int] = []
        try:
            for cells, _begin, end in self.records():
                widest = max(widest, len(cells))
                longer += len(cells) > columns and any(c.strip() for c in cells)
                if any(c.strip() for c in cells[columns:]):
                    bad.append(end)
                    fields = fields or len(cells)
        except csv.Error:
            raise self._unclosed() from None
        if not bad:
            if longer:
                words = _("empty fields at the ends of {n:,} lines passed over")
                self.notes.append(words.format(n=longer))
            return widest
        words = _(
            "{file}: too many fields in {lines} ({fields}, and the header has {columns}): put names"
            " that hold {between} in quotes"
        )
        if self.sep == ",":
            words += _(", and write numbers with a point (0.62, not 0,62) or put them in quotes")
        raise bad_file(
            words,
            self.path,
            lines=in_lines(bad),
            fields=fields,
            columns=columns,
            between=_(NAMES.get(self.sep, repr(self.sep))),
        )

    def lines(self, rows: Places) -> Places:
        """Lines of the file, also where text goes over several."""
        simple = rows + self.skipped_lines + 1
        if self.breaks == self.skipped_lines + self.rows:  # no text goes over several lines
            return simple
        with contextlib.suppress(csv.Error):
            ends = np.array([end for _cells, _begin, end in self.records()], np.int64)
            if len(ends) == self.rows:
                return ends[rows]
        return simple


# ---- tables of other programs -------------------------------------------------------------------


class Workbook(Source):
    """The first sheet of an Excel workbook."""

    def __init__(self, path: Path, known: Known) -> None:
        import pandas as pd

        self.path, self.sha256 = path, _sha256(path)
        try:
            with zipfile.ZipFile(path) as packed:
                inside = set(packed.namelist())
        except (zipfile.BadZipFile, OSError):
            raise bad_file(_("{file} is damaged or cut short: save it again"), path) from None
        if "xl/workbook.xml" not in inside:
            words = _(
                "{file} is a ZIP archive and no Excel workbook: unpack it, or save it as .xlsx"
            )
            raise bad_file(words, path)
        _needs("openpyxl", path, _("an Excel workbook"))
        try:
            with pd.ExcelFile(path, engine="openpyxl") as book:
                sheets = [str(name) for name in book.sheet_names]
                # Nothing is taken for a missing value, so that N/A stays what somebody wrote.
                frame = pd.read_excel(
                    book, sheet_name=0, header=None, dtype=object, na_filter=False
                )
        except Exception as error:  # whatever a damaged workbook makes its reader raise
            raise _unreadable(path, error) from None
        full = np.flatnonzero((frame.map(plain_text) != "").any(axis=1).to_numpy())
        if not len(full):
            raise _empty(path)
        begin = [[plain_text(cell) for cell in frame.iloc[i]] for i in full[:TITLES]]
        top = header_at(begin, known)
        self.at, self.header = int(full[top]), begin[top]
        self.frame = frame.iloc[self.at + 1 :].reset_index(drop=True)
        self.kind = _("Excel workbook, sheet {name}").format(name=sheets[0])
        self.notes = passed_over([" ".join(filter(None, row)) for row in begin[:top]])
        if len(sheets) > 1:
            words = _("only the first sheet, {name}, was read; others: {others}")
            self.notes.append(words.format(name=sheets[0], others=", ".join(sheets[1:])))

    def table(self, names: list[str]) -> pd.DataFrame:
        """All rows below the header."""
        return _numbers(self.frame.set_axis(names, axis=1))

    def lines(self, rows: Places) -> Places:
        """Rows of the sheet."""
        return rows + self.at + 2


class Parquet(Source):
    """A Parquet file."""

    def __init__(self, path: Path) -> None:
        import pandas as pd

        self.path, self.sha256 = path, _sha256(path)
        _needs("pyarrow", path, _("a Parquet file"))
        try:
            self.frame = pd.read_parquet(path, engine="pyarrow").reset_index(drop=True)
        except Exception as error:  # whatever a damaged file makes its reader raise
            raise _unreadable(path, error) from None
        self.header = [str(name).strip() for name in self.frame.columns]
        self.kind, self.notes = _("Parquet"), []

    def table(self, names: list[str]) -> pd.DataFrame:
        """All rows below the header."""
        return _numbers(self.frame.set_axis(names, axis=1))

    def lines(self, rows: Places) -> Places:
        """Rows of the file, the first is 1."""
        return rows + 1


def _needs(package: str, path: Path, kind: str) -> None:
    if importlib.util.find_spec(package) is None:
        words = _(
            "{file} is {kind}, and {package}, which reads it, is not installed: run"
            " 'pip install {package}' in the lab's environment, or save the file as a CSV"
        )
        raise bad_file(words, path, kind=kind, package=package)


def _numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with a column of numbers for the score, where every score is one or is empty."""
    import pandas as pd

    score = frame["score"].astype(object)
    score = score.where(score.notna() & (score != ""), None)
    if pd.api.types.infer_dtype(score, skipna=True) in (
        *("floating", "integer", "mixed-integer-float", "decimal"),
    ):
        return frame.assign(score=score.astype(np.float64))
    return frame


def maybe_thousands(values: NDArray[np.float64]) -> bool:
    """Whether numbers could be integers whose marks of thousands were taken for decimal marks.

    Then every one has at most three decimals, and none between 0 and 1 has any: 1.003 beside 998.

    Examples
    --------
    >>> maybe_thousands(np.array([1.003, 998])), maybe_thousands(np.array([1.003, 0.998]))
    (True, False)
    """
    made = np.abs(values[np.isfinite(values)])
    whole = np.round(made)
    parts = made[made != whole]
    if not parts.size:  # 1.000 is 1
        return bool(made.size) and bool((made < 1000).all() and (made != 0).any())
    thousand = parts * 1000
    return bool(parts.min() > 1 and np.allclose(thousand, np.round(thousand), rtol=1e-12, atol=0))


def plain_text(cell: Any) -> str:
    """What stands in a cell, as text: 3.0 is 3, and nothing is nothing.

    Examples
    --------
    >>> plain_text(3.0), plain_text(None), plain_text(True), plain_text(" a ")
    ('3', '', 'true', 'a')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).lower()
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell)


def commas_in_words(example: str) -> str:
    """That decimal commas were recognised.

    Examples
    --------
    >>> commas_in_words("0,62")
    'decimal commas were recognised: 0,62 is 0.62'
    """
    words = _("decimal commas were recognised: {score} is {number}")
    return words.format(score=example, number=example.replace(".", "").replace(",", "."))


def in_lines(lines: Sequence[int] | Places, n: int | None = None) -> str:
    """Which lines: one, all of up to three, or how many and the first three.

    Examples
    --------
    >>> in_lines([5]), in_lines([5, 9]), in_lines([5, 9, 12], 400)
    ('line 5', '2 lines (5, 9)', '400 lines (5, 9, 12, ...)')
    """
    n = len(lines) if n is None else n
    if n == 1:
        return _("line {line}").format(line=lines[0])
    first = ", ".join(str(line) for line in lines[:3])
    words = _("{n:,} lines ({first})") if n <= 3 else _("{n:,} lines ({first}, ...)")
    return words.format(n=n, first=first)
