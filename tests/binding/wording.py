"""Each sentence's words must be true.

Other checks verify values and claims, but not the words around them: a row
could be called a column. So each sentence has an entry, either in the figure's
`templates.txt` or in the shared `statements/words.txt`. An entry is the words, with
{} for each value and ‹|› between alternatives, and below them indented
expressions that must be true. They are evaluated after the preamble of every
drawing, and can also use the names in `Words`. An invariant is verified
elsewhere and needs no entry.

A sentence must be in each drawing where the expression after `wherever` is true,
on a line below its expressions, which may also be the shared ones.

    The module has no bias.
     wherever not lstm.bias
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

import torch

from lstm_figs.scene.theme import colour
from lstm_figs.sources.networks import moments
from tests.binding import specs
from tests.binding.axes import LIBRARIES, is_flipped
from tests.binding.clauses import variants
from tests.binding.drawing import Drawing
from tests.binding.places import line_anchors
from tests.binding.sentences import BETWEEN, Sentence, sentences, visible_indices
from tests.binding.statements.invariants import INVARIANTS
from tests.binding.statements.records import RECORDS
from tests.proof import code_of

SHARED = Path(__file__).parent / "statements" / "words.txt"
"""The conditions of words that several figures use."""

ALIGNED = 3.0
"""Largest offset between texts on one line, or left-aligned below each other."""

WHEREVER = " wherever "
"""Start of a line with an expression that is true only where a figure has the words."""

_LETTER = re.compile(r"[^\W\d_]")


@cache
def entries(figure):
    """Words -> required expressions, from the shared file and from the figure's."""
    return {**read(SHARED.read_text("utf-8")), **read(specs.templates(figure))}


@cache
def read(text):
    """Parse a file of words, each followed by indented expressions.

    >>> read("# A remark.\\nA row is a unit.\\nUnits are rows.\\n x > 0\\n x < 2\\n")
    {'A row is a unit.': ['x > 0', 'x < 2'], 'Units are rows.': ['x > 0', 'x < 2']}
    """
    entries = {}
    words = []
    for line in text.splitlines():
        if line.startswith(WHEREVER):
            words = []
        elif line.startswith(" "):
            for entry in words:
                entries.setdefault(entry, []).append(line.strip())
        elif line and line[0] != "#":
            if words and words[0] in entries:
                # The entry above has its condition, so a new one begins.
                words = []
            assert line not in entries, f"{line!r} is there twice"
            words += variants(line)
    return entries


def faults(drawing, *, is_listed=True):
    """Words that have no entry, and words whose entry is false.

    Args:
        is_listed: Whether words without an entry are faults. No list covers
        all options on all tensors, so fuzzing turns this off.
    """
    for sentence in sentences(drawing):
        yield from condition_faults(drawing, sentence)
    if is_listed:
        yield from without_condition(drawing)


def condition_faults(drawing, sentence):
    """The words of a sentence whose condition is false."""
    known = entries(drawing.figure)
    for context, words in _phrases(drawing, sentence):
        if words in known:
            yield from _entry_faults(context, words, known[words])


def without_condition(drawing):
    """Words that have no entry and need one."""
    known, reported = entries(drawing.figure), set[str]()
    for context, phrase in chain.from_iterable(
        _phrases(drawing, sentence) for sentence in sentences(drawing)
    ):
        if phrase in known or needs_no_entry(phrase):
            continue
        words, place = _where(context, phrase)
        if words not in reported:
            unbound = _new_phrases(context) if context.sentence.is_unbound else []
            yield (
                f"{words!r} has no condition that must be true: put {place}, then "
                f"{specs.renewing(drawing.figure, unbound)}"
            )
        reported.add(words)


def _where(context, phrase):
    """The words, and where to put them: in place of those that they replace, if these are known.

    They are a phrase, or all of a sentence whose phrases have one condition.
    """
    figure = context.drawing.figure
    lost = [
        words
        for words in _known(figure)
        if not {*BETWEEN.split(words)} <= phrases_in(context.drawing)
    ]
    for words in (context.sentence.template, phrase):
        for old in get_close_matches(words, lost, n=1):
            if len(BETWEEN.split(old)) == len(BETWEEN.split(words)):
                return words, f"it in place of {old!r} in {condition_place(figure, old)}"
    return phrase, f"both into {specs.relative_path(figure)}/templates.txt"


def _known(figure):
    """All sentences and phrases that a figure may say."""
    return (*INVARIANTS, *RECORDS, *entries(figure))


def known_phrases(figure):
    return {phrase for words in _known(figure) for phrase in BETWEEN.split(words)}


def undrawn(figure, drawn):
    """A message for each entry in the figure's `templates.txt` that is not among the words drawn.

    Singular and plural, written with ‹s|›, are one entry.
    """
    without_case = specs.constant(figure, "UNDRAWN", ())
    for line in specs.templates(figure).splitlines():
        if line[:1] in ("", " ", "#"):
            continue
        for words in variants(re.sub("‹(s?)[|](s?)›", r"<\1/\2>", line)):
            forms = {*variants(re.sub("<(s?)/(s?)>", r"‹\1|\2›", words))}
            if not forms & {*drawn, *without_case}:
                folder = specs.relative_path(figure)
                yield (
                    f"no case draws {min(forms)!r}, so its condition is never evaluated: add a "
                    f"case to VARIANTS in {folder}/__init__.py that draws it, or take the entry "
                    f"out of {folder}/templates.txt"
                )


def words_of(drawing):
    """The words of a drawing for which an entry is looked up."""
    return {words for sentence in sentences(drawing) for _, words in _phrases(drawing, sentence)}


def phrases_in(drawing):
    """The phrases of a drawing."""
    return {phrase for sentence in sentences(drawing) for phrase, _ in sentence.pieces}


def _new_phrases(context):
    """The phrases of a sentence that no entry has."""
    known = known_phrases(context.drawing.figure)
    return [phrase for phrase, _ in context.sentence.pieces if phrase not in known]


def missing_notes(drawing):
    """Sentences that are missing although the expression after `wherever` is true."""
    words, phrases = "", phrases_in(drawing)
    for line in specs.templates(drawing.figure).splitlines():
        expression = line.removeprefix(WHEREVER)
        if expression != line and words not in phrases and _is_true(expression, drawing):
            yield f"does not say {words!r}, though {expression}"
        words = words if line.startswith(" ") else line


def _is_true(expression, drawing):
    try:
        return bool(eval(code_of(expression), drawing.namespace))
    except (AttributeError, LookupError, NameError, RuntimeError, TypeError):
        # The expression is about something that only a different case has.
        return False


def condition_place(figure, words):
    """The file with the condition of words; empty if they have none."""
    if words in INVARIANTS:
        return f"tests/binding/statements/invariants.py:{INVARIANTS[words].line}"
    if words in RECORDS:
        return "tests/binding/statements/records.py"
    if words in read(SHARED.read_text("utf-8")):
        return "tests/binding/statements/words.txt"
    return f"{specs.relative_path(figure)}/templates.txt" if words in entries(figure) else ""


def _phrases(drawing, sentence):
    """The words of a sentence that may need an entry, and what their entry can use."""
    if not (sentence.is_footer or sentence.is_custom) and sentence.text:
        for words, first in split_sentence(sentence, entries(drawing.figure)):
            yield Words(drawing, sentence, first, words.count("{}")), words


def split_sentence(sentence, known):
    """Split a sentence into phrases with their own entries.

    Yields each phrase with the number of values that precede it.
    """
    template = sentence.template
    # An invariant has single braces.
    unescaped = template.replace("{{", "{").replace("}}", "}")
    if template in known or needs_no_entry(template) or unescaped in INVARIANTS:
        yield template, 0
        return
    first = 0
    for words in BETWEEN.split(template):
        yield words, first
        first += words.count("{}")


def needs_no_entry(words):
    """Whether words are an invariant, a record, or values only."""
    bare = words.replace("{}", "")
    return words in INVARIANTS or words in RECORDS or not _LETTER.search(bare)


def _entry_faults(context, words, expressions):
    """The fault of words with an expression that is false or cannot be evaluated."""
    names = {**context.drawing.namespace, **context.names}
    for expression in expressions:
        try:
            value = eval(code_of(expression), names)
        except Exception as error:  # The expression is test data and may raise anything.
            yield f"{words!r} must satisfy {expression}, which gives {error!r}"
            return
        if not value:
            yield f"{words!r} must satisfy {expression}, which is {value!r}"
            return


@dataclass(frozen=True)
class Words:
    """Names that an entry can use in addition to those of the preamble.

    Attributes:
        sentence: The sentence that contains the words.
        first: Number of values in the sentence before these words.
        count: Number of values in these words.
    """

    drawing: Drawing
    sentence: Sentence
    first: int
    count: int

    @property
    def names(self):
        """All names that an entry can use."""
        public = (name for name in dir(Words) if name[0] != "_")
        values = {name: getattr(self, name) for name in public if name != "names"}
        return {**values, "LIBRARIES": LIBRARIES}

    @property
    def _values(self):
        return self.sentence.values[self.first : self.first + self.count]

    @property
    def expressions(self):
        return [expression for _, expression in self._values]

    @property
    def printed(self):
        return [text for text, _ in self._values]

    @property
    def all_words(self):
        return self.sentence.text

    @property
    def claim(self):
        return self.sentence.claim

    @property
    def place(self):
        """The id of the mark beside or below the words, or `title` and so on."""
        return self.sentence.place

    @property
    def place_expression(self):
        return self.sentence.place_expression

    @property
    def context(self):
        """The preceding words on the same line."""
        return self.sentence.context

    @property
    def command(self):
        return self.drawing.command

    @property
    def sample(self):
        """The ids of the marks shown by the legend sample before the words."""
        mark = self.sentence.mark
        assert mark is not None
        (x, _), _ = line_anchors(mark)
        before = [
            sample
            for sample in self.drawing.marks
            if sample.has("data-for")
            and not sample.has("data-names")
            and sample.box.left < x
            and mark.box.top <= sample.box.y <= mark.box.bottom
        ]
        last = max(before, key=lambda sample: sample.box.left, default=None)
        return last.get("data-for") if last else ""

    @property
    def network(self):
        """The name of the network with these sizes, followed by "edited" if it is."""
        lstm = self.drawing.namespace.get("lstm")
        sizes = getattr(lstm, "input_size", 0), getattr(lstm, "hidden_size", 0)
        # Other modules may have these sizes; `footers` compares the weights.
        name = {(3, 2): "example", (4, 2): "brackets", (4, 16): "brackets"}.get(sizes, "")
        return f"{name} edited" if "--set" in self.command else name

    def is_after(self, batches):
        """Whether the module is the training snapshot after this many batches.

        Weights may be edited, so this picks the snapshot with the fewest
        different numbers.
        """
        own_parameters = self.drawing.namespace["lstm"].state_dict()

        def apart(network):
            return sum(
                int((own_parameters[f"{name}_l0"].numpy() != array).sum())
                for name, array in network.weights.parameters().items()
            )

        return min(moments(), key=apart).after == batches

    @staticmethod
    def has(text, *pieces):
        """Whether a text contains the pieces in this order."""
        return bool(re.search(".*?".join(map(re.escape, pieces)), text, re.DOTALL))

    def claims(self, *pieces):
        """Whether the claim contains the pieces in this order."""
        return self.has(self.claim, *pieces)

    def of(self, index, *pieces):
        """Whether the expression of a value contains the pieces in this order."""
        return self.has(self.expressions[index], *pieces)

    def is_near(self, *pieces):
        """Whether the mark at the words has an expression with the pieces in this order."""
        return self.has(self.place_expression, *pieces)

    @property
    def is_blue_positive(self):
        """Whether positive values are blue and negative ones red."""
        return (self.hue("pos"), self.hue("neg")) == ("blue", "red")

    def draws(self, pattern):
        """Whether some mark's expression or call matches the pattern."""
        return any(
            re.search(pattern, mark.expression or mark.get("data-call"))
            for mark in self.drawing.marks
            if mark.is_bound
        )

    def visible(self, key, tensor="c"):
        """The steps, units or inputs that the figure shows of a tensor."""
        return visible_indices(self.drawing, key, tensor)

    def step_index(self, step):
        """The position of a printed step in the order of processing."""
        back = is_flipped(self.drawing)
        return len(self.drawing.namespace["x"]) - int(step) if back else (int(step) - 1)

    def expressions_of(self, pattern):
        """The expressions of the marks with a matching id."""
        return [
            mark.expression
            for mark in self.drawing.marks
            if mark.expression and re.fullmatch(pattern, mark.name)
        ]

    def says(self, piece):
        """Whether the expression of some value in a sentence contains the piece."""
        return any(
            piece in expression
            for sentence in sentences(self.drawing)
            for _, expression in sentence.values
        )

    def parameter(self, name):
        """A parameter of the layer shown; its name needs no layer suffix."""
        parameters = dict(self.module.named_parameters())
        parameter = parameters.get(name, parameters.get(f"{name}_l0"))
        return parameter.detach()

    @property
    def modules(self):
        """The modules of the preamble."""
        values = self.drawing.namespace.values()
        return [value for value in values if isinstance(value, torch.nn.Module)]

    @property
    def labels(self):
        return self.drawing.labels

    def along(self, key):
        """How labels with this key are placed: `row`, `column` and so on."""
        return {label.along for label in self.drawing.labels if key in label.names}

    def label_values(self, key):
        return {label.names[key] for label in self.drawing.labels if key in label.names}

    def from_top(self, pattern):
        """The first group of each matching id, from top to bottom."""
        matches = (
            (mark.middle, match[1])
            for mark in self.drawing.marks
            if (match := re.fullmatch(pattern, mark.name))
        )
        return list(dict.fromkeys(name for _, name in sorted(matches)))

    @property
    def after(self):
        """The next sentence on the same line."""
        own_box = self._box
        after = [
            box
            for box in self._others
            if abs(box.y - own_box.y) < ALIGNED and box.left >= own_box.right
        ]
        return self._at(min(after, key=lambda box: box.left, default=None))

    @property
    def below(self):
        """The left-aligned sentences below the words, from top to bottom."""
        own_box = self._box
        boxes = [
            box
            for box in self._others
            if abs(box.left - own_box.left) < ALIGNED and box.top > own_box.y
        ]
        boxes.sort(key=lambda box: box.top)
        return [*filter(None, map(self._at, boxes))]

    def is_above(self, pattern):
        """Whether a mark with a matching id, or a label with that key, is below."""
        own_box = self._box
        return any(
            mark.box.left < own_box.right
            and own_box.left < mark.box.right
            and mark.box.bottom > own_box.y
            for mark in self.drawing.marks
            if re.fullmatch(pattern, mark.name) or pattern in mark.names
        )

    @property
    def nearest(self):
        """The expression of the mark nearest to the words, in any direction."""
        own_box = self._box
        marks = [mark for mark in self.drawing.marks if mark.expression]

        def away(mark):
            box = mark.box
            across = max(box.left - own_box.right, own_box.left - box.right, 0)
            # The horizontal distance decides only between marks at the same height.
            return abs(box.y - own_box.y) + across / 1000

        return min(marks, key=away).expression if marks else ""

    @property
    def _box(self):
        """Where the sentence is."""
        assert self.sentence.mark is not None
        return self.sentence.mark.box

    @property
    def _others(self):
        marks = (sentence.mark for sentence in sentences(self.drawing))
        return [mark.box for mark in marks if mark and mark.box != self._box]

    def _at(self, box):
        """The sentence at a place."""
        return next((s for s in sentences(self.drawing) if s.mark and s.mark.box == box), None)

    @staticmethod
    def hue(role):
        """`blue` or `red`, whichever is stronger in the role's colour."""
        red, _, blue = (int(colour(role, "light")[k : k + 2], 16) for k in (1, 3, 5))
        return "blue" if blue > red else "red"

    def is_dashed(self, pattern):
        """Whether a mark with a matching id is dashed."""
        return any(
            mark.has("stroke-dasharray") and re.search(pattern, name)
            for mark in self.drawing.marks
            for name in [*_names(mark)]
        )

    @property
    def module(self):
        names = self.drawing.namespace
        return names.get("module", names.get(self.drawing.module_variable))

    @property
    def marks(self):
        return self.drawing.marks

    @property
    def code(self):
        return self.drawing.preamble

    @property
    def terms(self):
        """The term of each mark."""
        return [mark.get("data-term") for mark in self.drawing.marks]

    @cached_property
    def texts(self):
        return [text.text for text in self.drawing.texts]

    @property
    def flows(self):
        """The arrows and lines that connect two marks."""
        return self.drawing.arrows


def _names(mark):
    """The ids of a mark and its ancestors, without the figure's prefix."""
    yield mark.name
    for element in mark.ancestors:
        yield element.get("id", "").partition("--")[2]
