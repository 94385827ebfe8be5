"""Sentences have true values and claims."""

import ast
import json
import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from tests.binding import specs
from tests.binding.axes import STATISTICS, UnknownNameError, meaning_of
from tests.binding.clauses import GATES
from tests.binding.drawing import MIDDLE, OPERATORS, Mark, lines, number_range, without_numbers
from tests.binding.labels import COUNTED
from tests.proof import SVG, is_rounded

WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
"""Number words, from zero on."""

BETWEEN = re.compile(r"(?<=[.?]) (?=[A-Z{×@∂])| · ")
"""Separator between two sentences, or between two phrases beside a title."""

_IDENTIFIER = re.compile(r"[A-Za-z_][\w]*")


class Sentence(NamedTuple):
    """A sentence with its bindings.

    Attributes:
        text: The text, lines joined by spaces.
        values: Pairs of a printed value and its expression.
        claim: An expression that must be true; empty for none.
        is_label: Whether it is the text of a label.
        place: `title`, `provenance`, `lead`, the id of the mark beside or below
        it, or `note` below the figure.
        place_expression: The expression of the mark at `place`.
        is_footer: Whether it is the footer, which has several sentences.
        context: The tensors of its values and the text on its line; empty for
        sentences above or below all marks.
        mark: The mark of the sentence.
        is_custom: Whether the user of the figure wrote it.
    """

    text: str
    values: tuple[tuple[str, str], ...]
    claim: str
    is_label: bool
    place: str
    place_expression: str
    is_footer: bool = False
    context: str = ""
    mark: Mark | None = None
    is_custom: bool = False

    @property
    def where(self):
        """Its place; if that is an id, with # for each number."""
        return without_numbers(self.place)

    @property
    def row(self):
        """Its place, the tensors of its values, and the text on its line.

        The targets of a label are its place.
        """
        if self.is_label and self.mark is not None:
            targets = without_numbers(self.mark.get("data-for")).split()
            return f"label {' '.join(dict.fromkeys(targets))}"
        return f"{self.where}{self.context}"

    @property
    def pieces(self):
        """The template of each sentence in it, with the expressions of its values."""
        pieces = BETWEEN.split(self.template)
        counts = [piece.count("{}") for piece in pieces]
        expressions = iter([expression for _, expression in self.values])
        if sum(counts) != len(self.values):
            # The text does not have all values.
            return [(self.template, [*expressions])]
        return [
            (piece, [*islice(expressions, count)])
            for piece, count in zip(pieces, counts, strict=True)
        ]

    @property
    def lines(self):
        return [f"{self.row}: {piece}" for piece, _ in self.pieces]

    @property
    def is_unbound(self):
        """Whether no check can verify its words, because it has no value and no claim."""
        return not (self.values or self.claim or self.is_label or self.is_footer)

    @property
    def template(self):
        """The text with `{}` for the first occurrence of each value."""
        rest, parts = self.text, []
        for printed, _ in self.values:
            match = re.search(_word_pattern(printed), rest) or re.search(re.escape(printed), rest)
            if match:
                parts.append(rest[: match.start()].replace("{", "{{"))
                rest = rest[match.end() :]
        return "{}".join([*parts, rest])


def _word_pattern(printed):
    """A pattern for a value that is not part of a longer word or number."""
    start = r"(?<![\w.−])" if printed[:1].isalnum() else ""
    end = r"(?![\w]|\.\d)" if printed[-1:].isalnum() else ""
    return f"{start}{re.escape(printed)}{end}"


HEAD = ("title", "provenance", "lead")
"""Places at the start of a figure."""

NEAR = 24.0
"""Largest horizontal distance between a sentence and the mark below it."""

LEVEL = 2.5
"""Largest vertical distance between the middles of two texts on one line."""

TICK, CROSS = "✓", "✗"
"""The texts for the signs of right and wrong."""


@lru_cache(maxsize=2)
def sentences(drawing):
    """All sentences of a figure, including labels that contain values.

    A tick or cross is a sentence, or the first word of one.
    """
    result = []
    value_marks = [m for m in drawing.marks if m.name and m.is_bound]
    for mark in drawing.marks:
        says = mark.has("data-says") or mark.has("data-claim")
        within = any("data-claim" in e.attrib for e in mark.ancestors)
        if not says and (within or not sign(mark.element)):
            continue
        text, label = _text(mark), mark.has("data-names")
        place, of = "", ""
        if text and not label:
            # The first sentences of a figure are its head.
            before = sum(bool(sentence.place) for sentence in result)
            near = _neighbour(mark, value_marks) if before >= len(HEAD) else None
            place = near.name if near else [*HEAD[before:], "note"][0]
            of = near.expression if near else ""
        pairs = json.loads(mark.get("data-says") or "[]")
        context = ""
        if place not in ("", *HEAD):
            context = _line_context(drawing, mark)
            if place != "note":
                context = _tensor_names(pairs) + context
        result.append(
            Sentence(
                text=text,
                values=tuple((str(printed), str(expression)) for printed, expression in pairs),
                claim=mark.get("data-claim"),
                is_label=label,
                place=place,
                place_expression=of,
                is_footer=any(e.get("class") == "lf-foot" for e in mark.element),
                context=context,
                mark=mark,
                is_custom=mark.has("data-own"),
            )
        )
    return tuple(result)


def _text(mark):
    return mark.text if mark.is_text else _words(mark.element)


def _words(element):
    """The text of a sentence: its signs and lines."""
    signs = map(sign, element.iter(f"{SVG}path"))
    lines = element.iter(f"{SVG}text")
    line_texts = ("".join(line.itertext()) for line in lines)
    return " ".join([*filter(None, signs), *line_texts])


def sign(element):
    """The tick or cross that an element draws; decided by shape, not by colour."""
    if element.tag != f"{SVG}path" or any(key.startswith("data-") for key in element.attrib):
        return ""
    match lines(element.get("d", "")):
        # Down to the middle, then up to the right, above the start: y grows downwards.
        case [[(left, a), (middle, b), (right, c)]] if left < middle < right and c < a < b:
            return TICK
        # Both diagonals of a box.
        case [[(a, b), (c, d)], [(e, f), (g, h)]] if (
            (e, f, g, h) == (c, b, a, d) and a != c and b != d
        ):
            return CROSS
    return ""


def _neighbour(mark, others):
    """The mark beside or below a sentence; None if it is below all marks."""
    own_box = mark.box

    def away(box):
        across = max(box.left - own_box.right, own_box.left - box.right, 0)
        down = max(box.top - own_box.bottom, 0)
        # Prefer a mark directly below to a nearer one that is off to the side.
        askew = across > NEAR and down > 0
        return askew, across + down, box.top, box.left

    # Marks above its middle are not what it is about.
    near = (candidate for candidate in others if candidate.box.bottom > own_box.y)
    return min(near, key=lambda candidate: away(candidate.box), default=None)


def _tensor_names(pairs):
    """The tensors that the values before a sentence come from."""
    names = {
        node.id
        for _, expression in pairs
        for node in ast.walk(ast.parse(expression or "0", mode="eval"))
        if isinstance(node, ast.Name)
    }
    return "".join(f" of {name}" for name in sorted(names - _FUNCTIONS))


_FUNCTIONS = {"torch", "int", "len", "tuple", "recorded"}
"""Names in expressions that are not tensors."""


_BOUND = {"data-says", "data-claim"}
"""Attributes of the element around the lines of a sentence."""


def _line_context(drawing, mark):
    """The text before a sentence on its line, or else the label after it."""
    own_elements = {id(element) for element in mark.element.iter()}
    own_box = mark.box
    texts = [
        other
        for other in drawing.texts
        if id(other.element) not in own_elements
        and not other.has("data-value")
        and other.get("class") != "lf-tick"
        and other.text not in OPERATORS
    ]
    near, middle = None, _middle(mark)
    # Two sentences may share a row, one above its middle and one below, so look farther next.
    for level in (LEVEL, 4 * LEVEL):
        line = [t for t in texts if abs(t.middle - middle) <= level]
        before = [t for t in line if t.box.right <= own_box.left + LEVEL]
        near = near or max(before, key=lambda t: t.box.right, default=None)
    after = [
        t
        for t in texts
        if abs(t.middle - middle) <= LEVEL
        and t.box.left >= own_box.right - LEVEL
        and t.has("data-names")
    ]
    near = near or min(after, key=lambda t: t.box.left, default=None)
    if near is None:
        return ""
    sentence_element = next((e for e in near.ancestors if _BOUND & e.attrib.keys()), None)
    words = _words(near.element if sentence_element is None else sentence_element)
    return f" [{re.sub(r'[0-9]+', '#', words).replace(':', '')}]"


def _middle(mark):
    """The height of the middle between the first and the last line."""
    if mark.is_text:
        return mark.middle
    lines = [
        float(text.get("y", "0")) - MIDDLE * float(text.get("font-size", "0"))
        for text in mark.element.iter(f"{SVG}text")
    ]
    return (lines[0] + lines[-1]) / 2 if lines else mark.box.y


def faults(drawing):
    """Faults of the sentences of a figure."""
    for sentence in sentences(drawing):
        for fault in sentence_faults(drawing, sentence):
            yield f"{sentence.text!r} {fault}"
    for label in drawing.labels:
        if label.has("data-says"):
            yield from _label_faults(drawing, label)


def sentence_faults(drawing, sentence):
    """What is wrong with one sentence."""
    for printed, expression in sentence.values:
        if not expression:
            # `footers` checks these values.
            if not sentence.is_footer:
                yield f"says {printed} without an expression"
            continue
        try:
            value = drawing.value(expression)
        except Exception as error:  # The expression is test data and may raise anything.
            yield f"says {expression}, which gives {error!r}"
            continue
        if not says(printed, value):
            yield f"says {printed} for {expression} = {value}"
    if not sentence.is_footer:
        yield from _constant_faults(drawing, sentence)
        yield from _distance_faults(drawing, sentence)
        yield from _token_faults(sentence)
    if sentence.claim:
        try:
            holds = drawing.value(sentence.claim)
        except Exception as error:
            holds = repr(error)
        if holds is not True:
            yield f"claims {sentence.claim}, which is {holds}"
    yield from _side_faults(drawing, sentence)
    if sentence.claim and sentence.place_expression:
        expressions = {mark.expression for mark in drawing.marks} - {""}
        named_expressions = tuple(e for e in expressions if e in sentence.claim)
        own = f"{sentence.place_expression.partition('[')[0]}["
        if (
            named_expressions
            and not sentence.place_expression.startswith(named_expressions)
            and own not in sentence.claim
        ):
            yield f"claims {sentence.claim}, but is beside {sentence.place_expression}"
    negated = sentence.claim.startswith("not ")
    if sentence.claim and sentence.text[:1] == (TICK if negated else CROSS):
        yield f"claims {sentence.claim}"
    if sentence.is_footer:
        return
    if not sentence.text:
        # This mark has a claim but no words, such as a plane behind others.
        return
    if any(map(has_digits, sentence.lines)):
        yield (
            "has a number without an expression; write {} in its place, and give the "
            "value with its expression"
        )


def has_digits(template):
    """Whether the template has a digit that is not part of a name."""
    return bool(re.search(r"\d", _IDENTIFIER.sub("", template)))


def _side_faults(drawing, sentence):
    """Sentences about one of two panels that are placed at the other."""
    sides = specs.constant(drawing.figure, "SIDES", {})
    sides_here = sides.keys() & {*sentence.place.split("-")}
    expressions = " ".join([sentence.claim, *(expression for _, expression in sentence.values)])
    named_sides = {side for side, name in sides.items() if re.search(rf"\b{name}", expressions)}
    if sides_here and named_sides and not sides_here & named_sides:
        return [f"is at {sentence.place}, but its values are of {expressions}"]
    return []


def _constant_faults(drawing, sentence):
    """Values whose expression has no name, and which the figure does not show.

    A bare number proves nothing. So it must be a step, a unit or a count of
    units that is shown; a list must be exactly those shown. A piece of code
    must occur in the claim or in the preamble.
    """
    pieces = sentence.template.split("{}")
    if len(pieces) != len(sentence.values) + 1:
        # The text does not contain all values; the template check reports that.
        return
    for k, (printed, expression) in enumerate(sentence.values):
        if sentence.is_label or _has_name(expression):
            continue
        # The words around the value say what it counts.
        before, after = "{}".join(pieces[: k + 1]).lower(), pieces[k + 1]
        number = drawing.value(expression)
        if isinstance(number, str) and (
            number in sentence.claim or number in _as_typed(drawing.preamble)
        ):
            continue
        if before.endswith(("to step ", "_prev of step ")):
            accepted = {number} & _starts(drawing, sentence.claim)
        elif re.search(r"step $|steps ({}, )*({} and )?$", before):
            accepted = {number} & visible_indices(drawing, "step")
        elif before.endswith("layer "):
            accepted = {number} & visible_indices(drawing, "layer")
        elif isinstance(number, int) and re.search(r"unit $|units ({} and )?$", before):
            accepted = {number} & visible_indices(drawing, "unit")
        elif before.endswith("units "):
            accepted = {*number} == visible_indices(drawing, "unit")
        elif before.endswith("inputs "):
            accepted = {*number} == visible_indices(drawing, "input", "x")
        elif re.match(r" (of \S* )?units?\b", after) or (
            after == " of " and pieces[k + 2].startswith(" unit")
        ):
            accepted = {number} & {len(visible_indices(drawing, "unit"))}
        else:
            accepted = set()
        if not accepted:
            yield (
                f"says {printed} for {expression}, which the figure does not show; "
                "give it an expression with a name"
            )


def _starts(drawing, claim):
    """The steps whose initial states occur in a claim."""
    return {
        step
        for view, keys in views(drawing, claim)
        if view.endswith("_prev")
        for step in keys.get("step", ())
    }


STEPS_BACK = re.compile(r" steps? back").match
"""Whether the words after a value make it a distance from the last step."""


def _distance_faults(drawing, sentence):
    """Sentences with a wrong distance between numbers and the last step."""
    pieces = sentence.template.split("{}")
    if not any(map(STEPS_BACK, pieces)):
        return []
    distances = {
        len(drawing.namespace["x"]) - 1 - int(str(step))
        for number in drawing.numbers
        for _, keys in views(drawing, number.expression)
        for step in keys.get("reached", set())
    }
    return [
        f"says {printed} for {expression}, but the numbers are {sorted(distances)} steps before"
        for (printed, expression), after in zip(sentence.values, pieces[1:], strict=False)
        if STEPS_BACK(after) and drawing.value(expression) not in distances
    ]


_TOKEN = re.compile(r"\btokens\[(\d+)\]")
"""Matches the token of a step."""


def _token_faults(sentence):
    """Sentences in which the token is not the one read at the step."""
    pieces = sentence.template.split("{}")
    steps = {
        int(printed)
        for (printed, _), before in zip(sentence.values, pieces, strict=False)
        if before.lower().endswith("step ") and printed.isdecimal()
    }
    read = {int(k) + 1 for _, expression in sentence.values for k in _TOKEN.findall(expression)}
    if len(steps) != 1 or not read or read == steps:
        return []
    return [f"says step {min(steps)}, but the token of step {min(read)}"]


@lru_cache(maxsize=2**12)
def _has_name(expression):
    tree = ast.walk(ast.parse(expression, mode="eval"))
    return any(isinstance(node, ast.Name) for node in tree)


def _as_typed(preamble):
    """Python as a user types it, with short import names."""
    return re.sub(r"_wrong\b|torch\.nn\.(utils\.(rnn\.)?|functional\.)?", "", preamble)


def visible_indices(drawing, key, tensor="c"):
    """The steps, units or inputs that the figure shows.

    Steps and units are those of c. Without c they are those of h, then those of
    sums, their gradients or tanh c, and otherwise those of all values shown.
    """
    marks = [
        mark
        # If no mark is drawn by a value, use the marks with an expression.
        for mark in (*drawing.data_marks, *drawing.numbers) or drawing.nodes
        # A statistic over all elements shows none of them.
        if not mark.expression.endswith(tuple(f".{s}()" for s in STATISTICS))
    ]
    # A state that is a node also shows its step.
    marks += drawing.nodes if key == "step" else []
    indices_by_view = [
        (view, keys.get(key, set()))
        for mark in marks
        for view, keys in views(drawing, mark.expression)
    ]
    visible_views = {view for view, _ in indices_by_view}
    results = {"output", "outputs", "padded_output", "wrong"}
    preferences = (
        {tensor},
        results,
        {"ih"},
        {f"z_{gate}" for gate in GATES},
        {"grad_bias_ih"},
        {"weight_ih"},
        {"dh_dh_prev"},
        {"tanh_c"},
    )
    tensors = next((choice for choice in preferences if choice & visible_views), visible_views)
    return {value for view, indices in indices_by_view if view in tensors for value in indices}


def views(drawing, expression):
    """The tensors of an expression, with their keys."""
    try:
        return meaning_of(drawing, expression).keys_by_tensor
    except UnknownNameError:
        return []


def says(text, value):
    """Whether a text is the printed form of a value.

    >>> says("1,000", 1000), says("eight", 8), says("−0.12", -0.1219)
    (True, True, True)
    >>> says("0, 1 and 8", (0, 1, 8)), says("0 and 8", (0, 1, 8))
    (True, False)
    """
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if isinstance(value, bool | str):
        return text in (printable(str(value)), printable(with_visible_spaces(str(value))))
    if isinstance(value, int):
        word = WORDS[value] if 0 <= value < len(WORDS) else None
        accepted = {str(value), f"{value:,}", word, f"+{value}"}
        return text.replace("−", "-") in accepted or text.lower() == word
    if isinstance(value, tuple) and value:
        *head, last = map(str, value)
        listed = f"{', '.join(head)} and {last}" if head else last
        return text in (listed, str(value))
    if isinstance(value, float):
        printed = text.replace(",", "").removeprefix("+")
        return is_rounded(printed, str(value))
    return text == str(value)


def with_visible_spaces(token):
    return token.translate(str.maketrans(" \n\t\xa0", "␣⏎⇥␣")) or "∅"


def token_text(token):
    """A token as figures print it, with a box for each unprintable character."""
    return "".join(c if c.isprintable() else "□" for c in with_visible_spaces(token))


def printable(text):
    """A text with a box for each unprintable character."""
    return "".join(c if c.isprintable() else "□" for c in text)


JOINED = '"".join(tokens['
"""Start of an expression that joins single-letter tokens to a word."""


def _label_faults(drawing, label):
    """Labels whose text has a value of different keys than their names."""
    for _, expression in json.loads(label.get("data-says") or "[]"):
        try:
            keys = meaning_of(drawing, expression).keys
        except UnknownNameError as error:
            yield f"{label} says {expression}: {error}"
            continue
        for key, value in label.names.items():
            if key == "write" and not keys.get("step", set()) <= number_range(value):
                yield f"{label} says {expression}, but has write={value}"
            actual = keys.get(key) if key in COUNTED else None
            if actual and key == "step" and expression.startswith(JOINED):
                # A word belongs to the step of its first letter.
                actual = {min(map(int, map(str, actual)))}
            if actual is not None and actual != {*number_range(value)}:
                yield f"{label} says {expression}, but has {key}={value}"
