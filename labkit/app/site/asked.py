"""What a notebook asks, as places on a page: guesses, results, the ballot, votes, exercises.

In: an executed notebook whose outputs say what they ask or show (the metadata of
:func:`labkit.views.callouts.labelled`).  Out: the same notebook with HTML in place of these
outputs: what is asked as JSON, and a text for readers without JavaScript.  ``js/asked.js`` makes
controls of them, keeps answers in the browser and compares them; ``journal/index.html`` shows what
is kept there.  Right answers stand in the page: a page without a server can hide nothing.
"""

from __future__ import annotations

import ast
import base64
import functools
import html
import os
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from labkit.app import notebooks
from labkit.app.products import Product
from labkit.app.site import exercises as judging
from labkit.app.site import page_words
from labkit.app.site.frame import Site, way
from labkit.base.dates import MONTHS
from labkit.base.words import N_, _
from labkit.learning import ballot, catalogue, journal, vote
from labkit.learning.ballot import QUESTIONS
from labkit.learning.classroom.asked import asked
from labkit.learning.exercises import Check, Choose, Exercise
from labkit.learning.game import ANSWERS, PAIRS, game_pairs
from labkit.learning.memo import NAME as MEMO
from labkit.learning.memo import PARTS as MEMO_PARTS
from labkit.learning.own import HEADS, NONE_YOURS
from labkit.published.options import OPTIONS
from labkit.street import review
from labkit.views.callouts import KINDS, Callout
from labkit.views.page import in_script

JOURNAL = "journal/index.html"
TEMPLATE = Path(__file__).with_name("journal.html.j2")
QUESTION = 100
"""Characters of a question that the journal's page shows."""

MOST_FIELDS = 6
"""Parts of an answer that get a field each; more are typed as one text."""

QUESTION_CALLS = {"predict", "cast", "check", "say", "told", "then", "export", "Memo"}
"""What a cell calls that only asks: on a page its code tells nothing that the place does not."""

SAVED = re.compile(r'href="data:text/(html|plain);base64,([^"]*)"')
STYLED = re.compile(r"<style>.*?</style>", re.DOTALL)

SENTENCES = {
    "keep": N_("Keep"),
    "no_guess": N_("No guess was kept for {key}: write yours in the field."),
    "waits": N_("What was measured stands here once you have guessed."),
    "waits_ballot": N_(
        "What was measured stands here beside your guess of notebook 01. None is kept on this"
        " device yet."
    ),
    "to_ballot": N_("Guess now, in notebook 01"),
    "show_without": N_("Show it without a guess"),
    "none": N_("none"),
    "yes": N_("yes"),
    "no": N_("no"),
    "you": N_("You"),
    "check": N_("Check my answer"),
    "by_hand": N_("Without Python"),
    "answer_here": N_(
        "What the text says about code is for the notebook: on this page, answer here."
    ),
    "text_stays": N_(
        "What you write stays on this device, for whoever uses it: it is neither sent nor part of"
        " the journal that you can save."
    ),
    "own_none": N_(
        "Your journal on this device holds none of these numbers: {all} were computed when this"
        " page was made, from the same invented people."
    ),
    "own_some": N_(
        "{yours} of these {all} numbers are in your journal on this device. The others, and all"
        " intervals, were computed when this page was made, from the same invented people."
    ),
    "memo": N_(
        "Saved, the memo holds your sentences, your votes, the numbers with their intervals, and"
        " what was not measured. Parts that you left empty become lines to write on by hand."
    ),
    "memo_numbers": N_(
        "Computed when the page was made from which this memo comes, from the same invented people."
    ),
    "memo_page": N_("Save the memo as a page (open it, and print it)"),
    "memo_text": N_("Save the memo as plain text"),
    "count": N_("Entries in your journal on this device: {count}."),
    "save": N_("Save a copy of your journal"),
    "to_journal": N_("Look at your journal"),
    "date": N_("{day} {month} {year}"),
    "trouble_refused": N_(
        "This browser keeps nothing for this page, so what you do lives until you close it or go to"
        " another page. Save a copy of your journal before."
    ),
    "trouble_full": N_(
        "This browser has no room left for your journal: what you do now lives until you close this"
        " page or go to another. Save a copy of your journal before."
    ),
    "trouble_newer": N_(
        "The journal on this device was written by a newer version of the lab. It is left as it is,"
        " and what you do now lives until you close this page."
    ),
    "trouble_damaged": N_(
        "The journal on this device was damaged. It was set aside in this browser, and a new one"
        " was started."
    ),
}
"""What the places say, apart from what a notebook says in the same words."""

PAGE = {
    "what": N_("Your journal on this device, by name"),
    "delete": N_("Delete everything from this device"),
    "delete_ask": N_(
        "Delete all {count} entries and all that you wrote from this browser? That cannot be taken"
        " back. A copy that you saved stays where it is."
    ),
    "delete_yes": N_("Delete"),
    "delete_no": N_("Keep everything"),
    "deleted": N_("Everything of the lab was deleted from this browser."),
    "saved": N_("Handed to the browser to save as {file}: {count} entries."),
    "taken": N_("Took {count} of the {all} entries of {path} into your journal: {kinds}."),
    "newer": N_(
        "{path} was saved by a newer version of the lab than these pages: nothing was changed."
    ),
    "older": N_(
        "{path} was saved by an older version of the lab, in another form: nothing was changed."
    ),
    "damaged": N_("{path} is a journal that is not whole: nothing was changed."),
    "unreadable": N_("{path} could not be read: nothing was changed."),
    "own_texts": N_("What you wrote, on this device only"),
}
"""What the page of the journal says."""


def words() -> dict[str, Any]:
    """Every sentence of the places and of the journal's page, in the site's language."""
    same = {
        name.replace(" ", "_"): _(journal.SENTENCES[name])
        for name in (
            *("opened", "guess", "guess again", "your guess", "without", "result", "yours"),
            *("no day", "empty", "restored none", "guesses", "exercises", "values", "stayed"),
            *("same", "no export"),
        )
    }
    votes = {f"vote_{name.replace(' ', '_')}": _(text) for name, text in vote.SENTENCES.items()}
    box = {
        "ballot_empty": _("The ballot box is empty: {all} guesses are still open."),
        "ballot_kept": _("In the ballot box: {kept} of {all} guesses, to be opened: {opened}."),
        "ballot_one": _("{letter} in {notebook}"),
    }
    return {
        "asked": {**same, **votes, **box, **{name: _(text) for name, text in SENTENCES.items()}},
        "page": {name: _(text) for name, text in PAGE.items()},
        "months": [_(month) for month in MONTHS],
        "signs": {kind: KINDS[kind][0] for kind in ("right", "hint", "exercise")},
        "kinds": {"guess": _("guess"), "exercise": _("exercise"), "kept": _("kept")},
        "verdicts": {
            "right": _("right"),
            "wrong": _("not right"),
            "answered": _("answered"),
        },
        "open": open_questions(),
        "heads": [_(head) for head in journal.HEADINGS],
        "judge": judging.words(),
    }


@functools.cache
def open_questions() -> list[str]:
    """Exercises without one right answer: several options count, and at most one does not.

    Examples
    --------
    >>> open_questions()
    ['03-c']
    """
    return [
        e.id
        for e in catalogue.everything().values()
        if isinstance(e, Choose) and len(e.best_options) >= max(2, len(e.options) - 1)
    ]


def told_words() -> str:
    """The element from which ``js/asked.js`` takes its sentences."""
    return f'<script type="application/json" id="asked-words">{in_script(words())}</script>'


# ---- an executed notebook -----------------------------------------------------------------------


def placed(book: Any, site: Site, solved: Any = None) -> Any:
    """The notebook with places where something is asked or opened.

    Parameters
    ----------
    book
        The open notebook, executed.
    site
        The site.
    solved
        The same notebook solved and executed: what follows from a right answer is taken from it.

    Returns
    -------
    book
        The same object.  A cell whose code only asks has ``metadata.labkit.code`` of
        ``"hidden"``; one that shows a result has the name of the guess in
        ``metadata.labkit.waits``: its outputs are one block that opens with the guess.
    """
    page = _Page(site, _following(solved))
    for cell in book.cells:
        if cell.cell_type == "code":
            page.place(cell)
    return book


def _about(output: Any) -> dict[str, Any]:
    """What an output asks or shows; empty for most."""
    found = output.get("metadata", {}).get("labkit", {})
    return dict(found) if isinstance(found, Mapping) else {}


def _following(solved: Any) -> dict[str, list[str]]:
    """Exercise -> what the solved notebook says after it, in order."""
    found: dict[str, list[str]] = {}
    for cell in solved.cells if solved else ():
        for output in cell.get("outputs", ()):
            about = _about(output)
            if "follows" in about:
                shown = STYLED.sub("", "".join(output["data"].get("text/html", "")))
                found.setdefault(about["follows"], []).append(shown)
    return found


class _Page:
    """Makes the places of one notebook; ``told`` says whether its words stand there already."""

    def __init__(self, site: Site, following: Mapping[str, list[str]]) -> None:
        self.site = site
        self.following = {name: list(shown) for name, shown in following.items()}
        self.told = False

    def place(self, cell: Any) -> None:
        """Put places into a cell with code."""
        abouts = [_about(output) for output in cell.outputs]
        if not any(abouts):
            return
        outputs = []
        for output, about in zip(cell.outputs, abouts, strict=True):
            made = self._made(about, output, abouts) if about else None
            if made is None:
                outputs.append(output)
            elif made:
                outputs.append(self._output(output, made))
        cell.outputs = outputs
        noted = {}
        if only_asks(cell.source):
            noted["code"] = "hidden"
        waits = [about["key"] for about in abouts if about.get("shows") == "result"]
        if waits:
            noted["waits"] = waits[0]
        if noted:
            cell.metadata["labkit"] = {**cell.metadata.get("labkit", {}), **noted}

    def _output(self, output: Any, made: str) -> Any:
        if not self.told:
            made, self.told = told_words() + made, True
        about = {"labkit": _about(output)}
        output.update(output_type="display_data", data={"text/html": made}, metadata=about)
        output.pop("execution_count", None)
        return output

    def _made(self, about: dict[str, Any], output: Any, others: list[dict[str, Any]]) -> str | None:
        """The HTML of a place; empty where nothing is shown, None where the output stays."""
        if "keeps" in about:
            return ""
        kind = next((about[name] for name in ("asks", "shows") if name in about), "")
        if "follows" in about:
            return self._follows(about["follows"])
        if "recalls" in about:
            return _recall(about["recalls"], output)
        makers: dict[str, Callable[[], str | None]] = {
            "predict": lambda: _guess(about, several=_count(others, "asks", "predict") > 1),
            "result": lambda: self._result(about),
            "ballot box": _box,
            "ballot rest": lambda: _rest(about),
            "vote": lambda: _vote(about),
            "check": lambda: _exercise(about["id"], memo=_count(others, "shows", "memo") > 0),
            "game": lambda: _game(about),
            "game count": lambda: _game_count(about, output, others),
            "review": _review,
            "own": lambda: _own(about),
            "memo": lambda: _memo(output),
            "journal": lambda: self._journal(output),
        }
        return makers[kind]() if kind in makers else None

    def _follows(self, name: str) -> str:
        until = _("This comes when exercise {id} is answered and right.").format(id=name)
        later = self.following.get(name, [])
        then = f'<div class="ask-then" hidden>{later.pop(0)}</div>' if later else ""
        return _place("follows", {"id": name}, f'<p class="ask-until">{_text(until)}</p>{then}')

    def _result(self, about: dict[str, Any]) -> str:
        facts = {name: about[name] for name in ("key", "value", "text")}
        if about["key"].startswith("01-ballot-"):
            facts["link"] = self._link(f"learn/{_notebook('01')}.html")
        text = about["text"]
        shown = text.rstrip(". ") if text else journal.spoken(about["value"])
        told = _(journal.SENTENCES["result"]).format(result=shown)
        head = f"<summary>{_text(_('What was measured'))}</summary>"
        still = f"<details>{head}{_text(told)}</details>"
        return _place("result", facts, _label("predict") + still, "predict")

    def _journal(self, output: Any) -> str:
        if "lab-callout" in "".join(output["data"].get("text/html", "")):
            return ""  # the sentence below the link, which says how to bring the file back
        link = self._link(JOURNAL)
        still = f'<p><a href="{html.escape(link)}">{_text(_(SENTENCES["to_journal"]))}</a></p>'
        return _place("journal", {"link": link}, still, "note")

    def _link(self, target: str) -> str:
        return way("learn/x.html", target)


def _count(abouts: list[dict[str, Any]], name: str, value: str) -> int:
    return sum(about.get(name) == value for about in abouts)


@functools.cache
def _notebook(number: str) -> str:
    """The name of a notebook's files."""
    found = (path.stem for path in notebooks.sources(notebooks.root()))
    return next(name for name in found if name.startswith(f"{number}_"))


def only_asks(source: str) -> bool:
    r"""Whether a cell does nothing but ask: three dots or empty quotes, and calls that ask.

    Examples
    --------
    >>> only_asks('guess = ...\npredict("03-fmr", guess)'), only_asks("answer = len(table)")
    (True, False)
    >>> only_asks("falling = np.sort(a)\nanswer = ...\ncheck('03-a', answer)")
    False
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False
    for one in tree.body:
        if isinstance(one, ast.Expr | ast.Assign) and all(map(_asks, _made_by(one.value))):
            continue
        return False
    return bool(tree.body)


def _made_by(value: ast.expr) -> Iterator[ast.expr]:
    yield from value.elts if isinstance(value, ast.Tuple) else [value]


def _asks(value: ast.expr) -> bool:
    """Whether a value is three dots, empty quotes, or what a call gives that asks."""
    if isinstance(value, ast.Constant):
        return value.value in (..., "")
    if isinstance(value, ast.Attribute):
        return _asks(value.value)
    calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
    names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
    return bool(names) and names <= QUESTION_CALLS


# ---- HTML ---------------------------------------------------------------------------------------


def _text(words: str) -> str:
    return html.escape(words, quote=False)


def _label(kind: str, title: str = "") -> str:
    return f'<p class="lab-label">{_text(Callout(kind, "", title).label)}</p>'


def _place(kind: str, about: Mapping[str, Any], still: str, look: str = "note") -> str:
    """A place: what it is about, and what stands there without JavaScript."""
    return (
        f'<div class="ask lab-callout lab-{look}" data-ask="{html.escape(kind)}">'
        f'<script type="application/json">{in_script(about)}</script>{still}</div>'
    )


def _plain(output: Any) -> str:
    """What an output says, in one line."""
    return " ".join("".join(output["data"].get("text/plain", "")).split())


# ---- each kind of place -------------------------------------------------------------------------


def _guess(about: Mapping[str, Any], several: bool) -> str:
    key, low, high = about["key"], about["low"], about["high"]
    letter = key.removeprefix("01-ballot-") if key.startswith("01-ballot-") else ""
    question = asked(key)
    label = _range(low, high, about["whole"])
    title = Callout("predict", "").label
    facts = {
        "key": key,
        "low": low,
        "high": high,
        "whole": about["whole"],
        "title": f"{title}: {letter}" if letter else title,
        "question": question.words if several else "",
        "label": label,
        "unit": question.unit,
    }
    still = [_label("predict"), f"<p>{_text(question.words)}</p>" if several else ""]
    still.append(f"<p>{_text(f'{label}. {question.unit}'.strip())}</p>")
    return _place("predict", facts, "".join(still), "predict")


def _range(low: float | None, high: float | None, whole: bool) -> str:
    """What a guess is asked for, as the name of its field."""
    said = {"low": _number(low), "high": _number(high)}
    if low is None and high is None:
        return _("Your guess, a whole number") if whole else _("Your guess")
    if low is not None and high is not None:
        sentence = _("Your guess, a whole number from {low} to {high}")
        return (sentence if whole else _("Your guess, a number from {low} to {high}")).format(
            **said
        )
    if high is None:
        return _("Your guess, a number of at least {low}").format(**said)
    return _("Your guess, a number of at most {high}").format(**said)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:,g}"


def _box() -> str:
    facts = [
        {"letter": letter, "notebook": question.notebook, "key": ballot.key(letter)}
        for letter, question in QUESTIONS.items()
    ]
    return _place("ballot box", {"questions": facts}, "")


def _rest(about: Mapping[str, Any]) -> str:
    questions = [
        {
            "letter": letter,
            "words": _(question.words).replace("*", ""),
            "key": ballot.key(letter),
            "notebook": question.notebook,
            "value": about["found"][letter][0],
            "text": about["found"][letter][1],
        }
        for letter, question in QUESTIONS.items()
    ]
    heads = [_("question"), _("your guess"), _("measured"), _("notebook")]
    caption = _("Your ballot of notebook 01")
    rows = [[f"{q['letter']}. {q['words']}", "", q["text"], q["notebook"]] for q in questions]
    facts = {"caption": caption, "heads": heads, "questions": questions}
    return _place("ballot rest", facts, _table(caption, heads, rows))


def _table(caption: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{_text(one)}</th>' for one in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{_text(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<table><caption>{_text(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _vote(about: Mapping[str, Any]) -> str:
    options = [{"word": word, "name": _(option.name)} for word, option in OPTIONS.items()]
    titles = {"before": _("Your vote before"), "after": _("Your vote afterwards")}
    title = titles[about["when"]]
    facts = {"when": about["when"], "kept": vote.KEY, "title": title, "options": options}
    listed = "".join(f"<li>{_text(one['name'])}</li>" for one in options)
    still = f"{_label('predict', title)}<ul>{listed}</ul>"
    return _place("vote", facts, still, "predict")


def _recall(key: str, output: Any) -> str:
    told = _plain(output)
    facts: dict[str, Any] = {"kept": key, "open": told}
    if key == ANSWERS:
        facts |= {"n": PAIRS, "explorer": "game"}
    return _place("recall", facts, f"<p>{_text(told)}</p>")


@functools.cache
def _truth() -> list[bool]:
    return [bool(one) for one in game_pairs().same]


def _game(about: Mapping[str, Any]) -> str:
    told = _(
        "When all {n} pairs are answered, your count stands here, beside your guess. On this page"
        " there is nothing to run."
    ).format(n=PAIRS)
    facts = {"key": "00-game", **_answers(about, told)}
    return _place("game", facts, _label("predict"), "predict")


def _answers(about: Mapping[str, Any], told: str) -> dict[str, Any]:
    """What a page needs to count the answers of the game; ``told`` stands there until then."""
    return {
        "kept": ANSWERS,
        "explorer": "game",
        "n": PAIRS,
        "truth": _truth(),
        "sentence": about["sentence"],
        "open": told,
    }


def _game_count(about: Mapping[str, Any], output: Any, others: list[dict[str, Any]]) -> str | None:
    """The learner's own count; the machine's, which comes after it, stays."""
    counts = [one for one in others if one.get("shows") == "game count"]
    if counts[0].get("used"):
        return None
    counts[0]["used"] = True
    told = _plain(output)
    return _place("game count", _answers(about, told), f"<p>{_text(told)}</p>")


def _review() -> str:
    facts = {"kept": review.ANSWERS, "explorer": "review", "n": len(review.cases())}
    told = _(
        "The table shows two rules, which are no people. Your own answers are counted at the end of"
        " the review above; on this page there is nothing to run."
    )
    return _place("review", facts, f"<p>{_text(told)}</p>")


def _own(about: Mapping[str, Any]) -> str:
    heads = [_(HEADS[0]), _(HEADS[1]), _("yours"), _(HEADS[2]), _(HEADS[4])]
    caption = _("Your own numbers beside those of this page")
    rows = [[one["counts"], one["here"], "", "", one["notebook"]] for one in about["numbers"]]
    facts = {"numbers": about["numbers"], "heads": heads, "caption": caption}
    return _place("own", facts, _table(caption, heads, rows))


def _any_number(word: str) -> str:
    return re.sub(r"\\\{\w+\\\}", r"\\d+", re.escape(word))


def _memo(output: Any) -> str:
    """The two files of the empty memo; nothing for the sentence above them."""
    shown = "".join(output["data"].get("text/html", ""))
    files = {kind: base64.b64decode(data).decode() for kind, data in SAVED.findall(shown)}
    if not files:
        return ""
    told = re.compile(r"\s+".join(map(_any_number, _(NONE_YOURS).split())))
    files = {kind: told.sub(_(SENTENCES["memo_numbers"]), text) for kind, text in files.items()}
    options = [
        {"word": word, "name": _(option.name), "means": _(option.means)}
        for word, option in OPTIONS.items()
    ]
    votes = {"before": _("My vote before: {name}"), "after": _("My vote afterwards: {name}")}
    facts = {
        "exercise": "12-a",
        "file": MEMO,
        "page": files["html"],
        "text": files["plain"],
        "by": _("Written by {who}, {day}"),
        "kept": vote.KEY,
        "options": options,
        "votes": votes,
    }
    return _place("memo", facts, f"<p>{_text(_(SENTENCES['memo']))}</p>")


# ---- exercises ----------------------------------------------------------------------------------


@functools.cache
def _exported(number: str, language: str) -> dict[str, Any]:
    return judging.exported(number)["exercises"]


def _exercise(name: str, memo: bool) -> str:
    exercise = catalogue.find(name)
    title = Callout("exercise", "", _("Exercise {id}").format(id=name)).label
    judged = _exported(name[:2], os.environ.get("LANGUAGE", ""))[name]
    facts = {"id": name, "title": title, **_form(exercise, judged)}
    if memo:
        facts["texts"] = _memo_texts()
    facts["exercise"] = judged
    still = [_label("exercise", _("Exercise {id}").format(id=name))]
    listed = facts.get("options") or facts.get("questions") or []
    if listed:
        still.append("<ul>" + "".join(f"<li>{_text(one)}</li>" for one in listed) + "</ul>")
    return _place("exercise", facts, "".join(still), "exercise")


def _form(exercise: Exercise, exported: Mapping[str, Any]) -> dict[str, Any]:
    """How an exercise is answered on a page."""
    if isinstance(exercise, Choose):
        many = len(exercise.best_options) > 1
        label = _("Choose one, or several") if many else _("Choose one")
        form = "many" if many else "one"
        return {"form": form, "options": list(exercise.options), "label": label}
    if isinstance(exercise, Check):
        return _check_form(exported)
    texts = [{"name": "text", "label": _("Your text"), "rows": 6}]
    return {"form": "write", "texts": texts, "questions": [_(one) for one in exercise.questions]}


def _check_form(exported: Mapping[str, Any]) -> dict[str, Any]:
    """Fields for an answer: one, one for each part, or what there is to choose from."""
    kind, among = exported["right"]["kind"], exported["among"]
    if kind == "function":
        cases = [{"call": one["call"], "shown": one["shown"]} for one in exported["cases"]]
        heads = exported["cases_head"]
        return {"form": "function", "label": _("your answer"), "heads": heads, "cases": cases}
    if kind == "set" and among:
        return {"form": "set", "options": among, "label": _("Choose all that belong there")}
    numeric = kind in ("number", "numbers", "names")
    if kind == "names":
        fields = [{"name": name, "label": name} for name in exported["right"]["names"]]
        return {"form": "names", "numeric": numeric, "fields": fields}
    count = exported["right"]["shape"][0] if kind in ("numbers", "texts") else 1
    if 1 < count <= MOST_FIELDS:
        return {"form": "list", "numeric": numeric, "fields": _fields(count, among)}
    fields = [{"name": "answer", "label": _("Your answer")}]
    return {"form": "value", "numeric": numeric, "fields": fields}


def _fields(count: int, among: list[str]) -> list[dict[str, Any]]:
    sentence = _("Your answer, {n} of {all}")
    names = [sentence.format(n=n, all=count) for n in range(1, count + 1)]
    return [{"name": str(n), "label": name, "options": among} for n, name in enumerate(names)]


def _memo_texts() -> list[dict[str, Any]]:
    words = ", ".join(OPTIONS)
    return [
        {
            "name": "option",
            "label": _("What I decide (one of {words}, or your own words)").format(words=words),
            "rows": 1,
        },
        *({"name": name, "label": _(head), "rows": 4} for name, head in MEMO_PARTS.items()),
        {"name": "signed", "label": _("A name, a code, or nothing"), "rows": 1},
    ]


# ---- the journal's page -------------------------------------------------------------------------


def products(site: Site) -> Iterator[Product]:
    """The page of the learner's journal."""
    yield Product(JOURNAL, "What is kept in this browser", site.code, lambda: journal_page(site))


def journal_page(site: Site) -> str:
    """The page that shows what this browser keeps, saves it, takes a copy in and deletes it."""
    return site.render(
        TEMPLATE,
        title=_("Your journal on this device"),
        at=JOURNAL,
        told=told_words(),
        asks={
            "kept": _("What is kept"),
            "save": _("Save a copy"),
            "code": _("A name or a code for the file's name, or nothing"),
            "bring": _("Take a copy in"),
            "take": _("A file that you saved here or in a notebook: lab-journal.json"),
            "remove": _("Delete"),
            **_asked_where(site),
        },
    )


def _asked_where(site: Site) -> dict[str, Any]:
    """The page of each notebook, and in short what is asked under each name of a journal."""
    stems = [source.stem for source in notebooks.sources(site.project)]
    books = {
        stem[:2]: {
            "link": way(JOURNAL, f"learn/{stem}.html"),
            "title": _("notebook {n}").format(n=stem[:2]),
        }
        for stem in stems
    }
    exercises = [one for number in books for one in catalogue.of_notebook(number)]
    questions = {one.id: page_words.exercise_sentence(one.question) for one in exercises}
    questions |= {ballot.key(letter): _(q.words) for letter, q in QUESTIONS.items()}
    return {"books": books, "questions": {name: _short(q) for name, q in questions.items()}}


def _short(question: str) -> str:
    """A question as it fits beside its name: its first words.

    Examples
    --------
    >>> _short("How many of the *eight* friends match?"), _short("word " * 40)[-10:]
    ('How many of the eight friends match?', 'word word…')
    """
    words = re.sub(r"[*`]", "", question)
    return textwrap.shorten(words, QUESTION, placeholder="…")
