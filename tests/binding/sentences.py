"""Sentences say values that are true, in words that were read."""

import ast
import json
import re
import shlex
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from tests.binding import homes
from tests.binding.axes import STATISTICS, UnknownNameError, meaning
from tests.binding.drawing import MIDDLE, OPERATORS, Box, Drawing, Mark, lines
from tests.binding.labels import COUNTED, values
from tests.binding.shared import GATES
from tests.proving import SVG, Element, is_rounded, metadata

WORDS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
"""How small numbers are written out."""

_IDENTIFIER = re.compile(r"[A-Za-z_][\w]*")


class Sentence(NamedTuple):
    """Words that are bound as one.

    Attributes:
        text: As it is read, lines joined by spaces.
        said: What stands in it, and the expression that yields it.
        claim: What is true wherever it is; empty for nothing.
        label: Whether it is the text of a label.
        place: Where it stands: `title`, `provenance`, `lead`, the id of what
            it is beside or above, or `note`, below all of it.
        of: The expression of what it is beside or above.
        foot: Whether it is the foot, which is several sentences.
        beside: Which tensors its values are of, and what stands on its line;
            empty for what is above or below all marks.
        mark: The mark that has it.
        own: Whether it is of the figure's writer.
    """

    text: str
    said: tuple[tuple[str, str], ...]
    claim: str
    label: bool
    place: str
    of: str

    @property
    def where(self) -> str:
        """Its place, whatever the numbers in it."""
        return re.sub(r"\d+", "#", self.place)

    @property
    def row(self) -> str:
        """Its place, what its values are of, and what is on its line."""
        return f"{self.where}{self.beside}"

    @property
    def line(self) -> str:
        """Its place, what stands beside it, and its template."""
        return f"{escaped(self.row)}: {self.template}"

    foot: bool = False
    beside: str = ""
    mark: Mark | None = None
    own: bool = False

    @property
    def template(self) -> str:
        """The text with `{}` for each value, each at its first place."""
        rest, parts = self.text, []
        for shown, _ in self.said:
            found = re.search(_whole(shown), rest) or re.search(re.escape(shown), rest)
            if found:
                parts.append(rest[: found.start()].replace("{", "{{"))
                rest = rest[found.end() :]
        return "{}".join([*parts, rest])


def escaped(text: str) -> str:
    """A text as `str.format` leaves it."""
    return text.replace("{", "{{").replace("}", "}}")


def _whole(shown: str) -> str:
    """A value that is not a part of a longer word or number."""
    start = r"(?<![\w.−])" if shown[:1].isalnum() else ""
    end = r"(?![\w]|\.\d)" if shown[-1:].isalnum() else ""
    return f"{start}{re.escape(shown)}{end}"


HEAD = ("title", "provenance", "lead")
"""What a figure says first."""

NEAR = 24.0
"""How far a sentence may be to the left or right of what it is above."""

LEVEL = 2.5
"""How far the middles of two texts may be from each other on one line."""

TICK, CROSS = "✓", "✗"
"""How a sign is written that says right or wrong."""


@lru_cache(maxsize=2)
def sentences(drawing: Drawing) -> tuple[Sentence, ...]:
    """Every sentence of a figure, and the texts of labels that say values.

    A tick or a cross is a sentence, or the first word of one.
    """
    found: list[Sentence] = []
    of_values = [m for m in drawing.marks if m.name and m.stands_for_something]
    for mark in drawing.marks:
        says = mark.has("data-says") or mark.has("data-claim")
        within = any("data-claim" in e.attrib for e in mark.around)
        if not says and (within or not sign(mark.element)):
            continue
        text, label = _text(mark), mark.has("data-names")
        place, of = "", ""
        if text and not label:
            before = sum(bool(one.place) for one in found)
            near = _near(mark, of_values) if before >= len(HEAD) else None
            place = near.name if near else [*HEAD[before:], "note"][0]
            of = near.expression if near else ""
        said = json.loads(mark.get("data-says") or "[]")
        is_near = place not in ("", *HEAD, "note")
        found.append(
            Sentence(
                text,
                tuple((str(a), str(b)) for a, b in said),
                mark.get("data-claim"),
                label,
                place,
                of,
                any(e.get("class") == "lf-foot" for e in mark.element),
                _of(said) * is_near + _beside(drawing, mark) if place not in ("", *HEAD) else "",
                mark,
                mark.has("data-own"),
            )
        )
    return tuple(found)


def _text(mark: Mark) -> str:
    return mark.text if mark.is_text else _words(mark.element)


def _words(element: Element) -> str:
    """The signs and the lines of a sentence."""
    signs = map(sign, element.iter(f"{SVG}path"))
    lines = element.iter(f"{SVG}text")
    said = ("".join(line.itertext()) for line in lines)
    return " ".join([*filter(None, signs), *said])


def sign(element: Element) -> str:
    """A tick or a cross, if an element is one: what is drawn, not its hue."""
    if element.tag != f"{SVG}path" or any(key.startswith("data-") for key in element.attrib):
        return ""
    match lines(element.get("d", "")):
        case [[(left, a), (middle, b), (right, c)]] if left < middle < right and c < a < b:
            return TICK
        case [[(a, b), (c, d)], [(e, f), (g, h)]] if (
            (e, f, g, h) == (c, b, a, d) and a != c and b != d
        ):
            return CROSS
    return ""


def _near(mark: Mark, others: Iterable[Mark]) -> Mark | None:
    """What a sentence is beside or above; None where all is above it."""
    here = mark.box

    def away(other: Box) -> tuple[bool, float, float, float]:
        across = max(other.left - here.right, here.left - other.right, 0)
        down = max(other.top - here.bottom, 0)
        # What is under it is meant rather than what is nearer, but askew.
        askew = across > NEAR and down > 0
        return askew, across + down, other.top, other.left

    near = (other for other in others if other.box.bottom > here.y)
    return min(near, key=lambda other: away(other.box), default=None)


def _of(said: list[list[str]]) -> str:
    """The tensors that the values of a sentence are of."""
    names = {
        node.id
        for _, expression in said
        for node in ast.walk(ast.parse(expression or "0", mode="eval"))
        if isinstance(node, ast.Name)
    }
    return "".join(f" of {name}" for name in sorted(names - _FUNCTIONS))


_FUNCTIONS = {"torch", "int", "len", "tuple", "recorded"}
"""Names that say nothing of which tensor a value is of."""


_BOUND = {"data-says", "data-claim"}
"""What the lines of a sentence lie in."""


def _beside(drawing: Drawing, mark: Mark) -> str:
    """What stands before a sentence on its line, or else the label after it."""
    own = {id(element) for element in mark.element.iter()}
    here = mark.box
    texts = [
        other
        for other in drawing.texts
        if id(other.element) not in own
        and not other.has("data-value")
        and other.get("class") != "lf-tick"
        and other.text not in OPERATORS
    ]
    near, middle = None, _middle(mark)
    # Two sentences may share a row, one above its middle and one below.
    for level in (LEVEL, 4 * LEVEL):
        line = [t for t in texts if abs(t.middle - middle) <= level]
        before = [t for t in line if t.box.right <= here.left + LEVEL]
        near = near or max(before, key=lambda t: t.box.right, default=None)
    after = [
        t
        for t in texts
        if abs(t.middle - middle) <= LEVEL
        and t.box.left >= here.right - LEVEL
        and t.has("data-names")
    ]
    near = near or min(after, key=lambda t: t.box.left, default=None)
    if near is None:
        return ""
    whole = next((e for e in near.around if _BOUND & e.attrib.keys()), None)
    words = _words(near.element if whole is None else whole)
    return f" [{re.sub(r'[0-9]+', '#', words).replace(':', '')}]"


def _middle(mark: Mark) -> float:
    """The height of a sentence, between its first line and its last."""
    if mark.is_text:
        return mark.middle
    lines = [
        float(text.get("y", "0")) - MIDDLE * float(text.get("font-size", "0"))
        for text in mark.element.iter(f"{SVG}text")
    ]
    return (lines[0] + lines[-1]) / 2 if lines else mark.box.y


def faults(drawing: Drawing, known: Iterable[str] | None = None) -> list[str]:
    """What is wrong with the sentences of a figure.

    Args:
        drawing: The figure.
        known: The templates that it may use; those of the file by default.
    """
    if known is None:
        known = read_templates(drawing.figure, variant(drawing))
    templates = set(known)
    found = []
    for sentence in sentences(drawing):
        for fault in sentence_faults(drawing, sentence, templates):
            found.append(f"{sentence.text!r} {fault}")
    for label in drawing.labels:
        if label.has("data-says"):
            found += _label_faults(drawing, label)
    return found


def sentence_faults(drawing: Drawing, sentence: Sentence, templates: set[str]) -> list[str]:
    found = []
    for shown, expression in sentence.said:
        if not expression:
            # What its words are held to, `feet` knows.
            if not sentence.foot:
                found.append(f"says {shown} without an expression")
            continue
        try:
            value = drawing.value(expression)
        except Exception as error:  # An expression may raise anything.
            found.append(f"says {expression}, which gives {error!r}")
            continue
        if not says(shown, value):
            found.append(f"says {shown} for {expression} = {value}")
    if not sentence.foot:
        found += _constants(drawing, sentence)
        found += _distances(drawing, sentence)
        found += _tokens(sentence)
    if sentence.claim:
        try:
            holds = drawing.value(sentence.claim)
        except Exception as error:
            holds = repr(error)
        if holds is not True:
            found.append(f"claims {sentence.claim}, which is {holds}")
    found += _side_faults(drawing, sentence)
    if sentence.claim and sentence.of:
        expressions = {mark.expression for mark in drawing.marks} - {""}
        meant = tuple(e for e in expressions if e in sentence.claim)
        own = f"{sentence.of.partition('[')[0]}["
        if meant and not sentence.of.startswith(meant) and own not in sentence.claim:
            found.append(f"claims {sentence.claim}, and stands by {sentence.of}")
    negated = sentence.claim.startswith("not ")
    if sentence.claim and sentence.text[:1] == (TICK if negated else CROSS):
        found.append(f"claims {sentence.claim}")
    if sentence.foot:
        return found
    if not sentence.text:
        # A mark without words, such as a plane behind others.
        return found
    shown = [value for value, _ in sentence.said]
    written = f"{sentence.row}: {sentence.text}"
    fitting = [one for one in templates if fits(one, shown, written)]
    if sentence.label:
        fitting.append(sentence.line)
    if not fitting:
        asked = homes.asked(drawing.figure, "templates.txt")
        found.append(f"by {sentence.place}: {asked}")
    if has_digits((fitting or [sentence.line])[0]):
        found.append(
            "has a number that stands for no value; say it with {} and the "
            "expression that yields it"
        )
    return found


def has_digits(template: str) -> bool:
    """Whether there is a digit that is no part of a name."""
    return bool(re.search(r"\d", _IDENTIFIER.sub("", template)))


def _side_faults(drawing: Drawing, sentence: Sentence) -> list[str]:
    """Whether what it says of one side of a figure stands at another."""
    beside: dict[str, str] = homes.of(drawing.figure, "BESIDE", {})
    here = beside.keys() & {*sentence.place.split("-")}
    said = " ".join([sentence.claim, *(of for _, of in sentence.said)])
    meant = {side for side, name in beside.items() if re.search(rf"\b{name}", said)}
    if here and meant and not here & meant:
        return [f"stands by {sentence.place}, and speaks of {said}"]
    return []


def _constants(drawing: Drawing, sentence: Sentence) -> list[str]:
    """Whether values without a name in them are what the figure shows.

    A bare number proves nothing, so it has to be a step, a unit or a count of
    units, and what numbers and lengths speak of; a list has to be all of these.
    Code stands as it is printed in the claim.
    """
    pieces = sentence.template.split("{}")
    if len(pieces) != len(sentence.said) + 1:
        # It does not say all of them, so it is no template either.
        return []
    found = []
    for k, (shown, expression) in enumerate(sentence.said):
        if sentence.label or _has_name(expression):
            continue
        before, after = "{}".join(pieces[: k + 1]).lower(), pieces[k + 1]
        number = drawing.value(expression)
        if isinstance(number, str) and (
            number in sentence.claim or number in _typed(drawing.preamble)
        ):
            continue
        if before.endswith(("to step ", "_prev of step ")):
            right = {number} & _starts(drawing, sentence.claim)
        elif re.search(r"step $|steps ({}, )*({} and )?$", before):
            right = {number} & shown_of(drawing, "step")
        elif before.endswith("layer "):
            right = {number} & shown_of(drawing, "layer")
        elif isinstance(number, int) and re.search(r"unit $|units ({} and )?$", before):
            right = {number} & shown_of(drawing, "unit")
        elif before.endswith("units "):
            right = {*number} == shown_of(drawing, "unit")
        elif before.endswith("inputs "):
            right = {*number} == shown_of(drawing, "input", "x")
        elif re.match(r" (of \S* )?units?\b", after) or (
            after == " of " and pieces[k + 2].startswith(" unit")
        ):
            right = {number} & {len(shown_of(drawing, "unit"))}
        else:
            right = set()
        if not right:
            found.append(
                f"says {shown} for {expression}, which is nothing "
                "that it shows; give it an expression with a "
                "name"
            )
    return found


def _starts(drawing: Drawing, claim: str) -> set[object]:
    """The steps that start from the states in a claim."""
    return {
        step
        for view, keys in views(drawing, claim)
        if view.endswith("_prev")
        for step in keys.get("step", ())
    }


BEFORE_LAST = re.compile(r" steps? before the last").match


def _distances(drawing: Drawing, sentence: Sentence) -> list[str]:
    """Whether numbers stand as far before the last step as a sentence says."""
    pieces = sentence.template.split("{}")
    if not any(map(BEFORE_LAST, pieces)):
        return []
    far = {
        len(drawing.namespace["x"]) - 1 - int(str(step))
        for number in drawing.numbers
        for _, keys in views(drawing, number.expression)
        for step in keys.get("reached", set())
    }
    return [
        f"says {shown} for {expression}, and numbers are {sorted(far)} before"
        for (shown, expression), after in zip(sentence.said, pieces[1:], strict=False)
        if BEFORE_LAST(after) and drawing.value(expression) not in far
    ]


_TOKEN = re.compile(r"\btokens\[(\d+)\]")


def _tokens(sentence: Sentence) -> list[str]:
    """Whether the token beside a step is the one that it reads."""
    pieces = sentence.template.split("{}")
    steps = {
        int(shown)
        for (shown, _), before in zip(sentence.said, pieces, strict=False)
        if before.lower().endswith("step ") and shown.isdecimal()
    }
    read = {int(k) + 1 for _, of in sentence.said for k in _TOKEN.findall(of)}
    if len(steps) != 1 or not read or read == steps:
        return []
    return [f"says step {min(steps)}, and what step {min(read)} reads"]


@lru_cache(maxsize=2**12)
def _has_name(expression: str) -> bool:
    tree = ast.walk(ast.parse(expression, mode="eval"))
    return any(isinstance(node, ast.Name) for node in tree)


def _typed(preamble: str) -> str:
    """Python as somebody types it, who has imported what there is."""
    return re.sub(r"_wrong\b|torch\.nn\.(utils\.(rnn\.)?|functional\.)?", "", preamble)


def shown_of(drawing: Drawing, key: str, tensor: str = "c") -> set[object]:
    """Steps or units of which the figure shows what c becomes, or inputs.

    Where it shows no c, it is those of h, and without it of sums, of their
    gradients or of tanh c; where it shows none of these, of all that it shows.
    """
    marks = [
        mark
        # Where nothing is drawn by a value, it is what rows stand for.
        for mark in (*drawing.drawn, *drawing.numbers) or drawing.nodes
        # What sums up all of them shows none.
        if not mark.expression.endswith(tuple(f".{s}()" for s in STATISTICS))
    ]
    # A state that is a node shows its step as well.
    marks += drawing.nodes if key == "step" else []
    spoken = [
        (view, keys.get(key, set()))
        for mark in marks
        for view, keys in views(drawing, mark.expression)
    ]
    spoken_of = {view for view, _ in spoken}
    results = {"output", "outputs", "padded_output", "wrong"}
    ways: tuple[set[str], ...] = (
        {tensor},
        results,
        {"ih"},
        {f"z_{gate}" for gate in GATES},
        {"grad_bias_ih"},
        {"weight_ih"},
        {"dh_dh_prev"},
        {"tanh_c"},
    )
    of: set[str] = next((way for way in ways if way & spoken_of), spoken_of)
    return {value for view, found in spoken if view in of for value in found}


def views(drawing: Drawing, expression: str) -> list[tuple[str, dict[str, set[object]]]]:
    """The tensors in an expression, and the keys of each."""
    try:
        return meaning(drawing, expression).each
    except UnknownNameError:
        return []


def fits(template: str, shown: list[str], text: str) -> bool:
    """Whether a text is a template with these values.

    >>> fits("Step {} of {}.", ["2", "4"], "Step 2 of 4.")
    True
    """
    try:
        return template.format(*shown) == text and template.count("{}") == len(shown)
    except (IndexError, KeyError, ValueError):
        return False


def says(shown: str, value: object) -> bool:
    """Whether a value is printed so.

    >>> says("1,000", 1000), says("eight", 8), says("−0.12", -0.1219)
    (True, True, True)
    >>> says("0, 1 and 8", (0, 1, 8)), says("0 and 8", (0, 1, 8))
    (True, False)
    """
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if isinstance(value, bool | str):
        return shown in (printable(str(value)), printable(signed(str(value))))
    if isinstance(value, int):
        word = WORDS[value] if 0 <= value < len(WORDS) else None
        ways = {str(value), f"{value:,}", word, f"+{value}"}
        return shown.replace("−", "-") in ways or shown.lower() == word
    if isinstance(value, tuple) and value:
        *head, last = map(str, value)
        listed = f"{', '.join(head)} and {last}" if head else last
        return shown in (listed, str(value))
    if isinstance(value, float):
        printed = shown.replace(",", "").removeprefix("+")
        return is_rounded(printed, str(value))
    return shown == str(value)


def signed(token: str) -> str:
    """A token with signs in place of what leaves no mark."""
    return token.translate(str.maketrans(" \n\t\xa0", "␣⏎⇥␣")) or "∅"


def seen(token: str) -> str:
    """A token as it is told, which has a box for what cannot be printed."""
    return "".join(c if c.isprintable() else "□" for c in signed(token))


def printable(text: str) -> str:
    """A text in characters that are seen; for others stands a box."""
    return "".join(c if c.isprintable() else "□" for c in text)


JOINED = '"".join(tokens['
"""How an expression begins that puts letters together to a word."""


def _label_faults(drawing: Drawing, label: Mark) -> list[str]:
    """Whether what a label says is of what its names say."""
    found = []
    for _, expression in json.loads(label.get("data-says") or "[]"):
        try:
            keys = meaning(drawing, expression).keys
        except UnknownNameError as error:
            found.append(f"{label} says {expression}: {error}")
            continue
        for key, value in label.names.items():
            if key == "write" and not keys.get("step", set()) <= values(value):
                found.append(f"{label} says {expression} of {value}")
            meant = keys.get(key) if key in COUNTED else None
            if meant and key == "step" and expression.startswith(JOINED):
                # A word stands at its first letter.
                meant = {min(map(int, map(str, meant)))}
            if meant is not None and meant != {*values(value)}:
                found.append(f"{label} says {expression}, and has {key}={value}")
    return found


VALUES = "values"
"""The part of `templates.txt` with what words speak of, see `values`."""


@cache
def parts_of(figure: str) -> dict[str, tuple[str, ...]]:
    """The parts of `templates.txt`: by options, and `VALUES`."""
    found: dict[str, list[str]] = {"": []}
    here = found[""]
    for line in homes.lines(figure, "templates.txt"):
        if line.startswith("[--") or line == f"[{VALUES}]":
            here = found.setdefault(line[1:-1], [])
        elif line:
            here.append(line)
    return {options: tuple(each) for options, each in found.items()}


def _templates(figure: str) -> dict[str, tuple[str, ...]]:
    """The templates of a figure by its options, as they were last read."""
    every = parts_of(figure).items()
    return {options: each for options, each in every if options != VALUES}


def read_templates(figure: str, options: str | None) -> tuple[str, ...]:
    """The templates of a figure with options; of any for None."""
    found = _templates(figure)
    if options is None:
        return tuple(chain.from_iterable(found.values()))
    return found.get(options, ())


def variant(drawing: Drawing) -> str | None:
    """The options of a figure that it has templates for.

    None where it does not say how it was drawn.
    """
    command = metadata(drawing.root)["command"]
    if command is None:
        return None
    typed = " ".join(shlex.split(command))
    chosen = (
        options
        for options in _templates(drawing.figure)
        if options and f" {' '.join(shlex.split(options))} " in f"{typed} "
    )
    return max(chosen, key=len, default="")
