"""Each number in a figure's description must match its expression.

Screen readers read the description. It is a series of clauses, defined as
`DESCRIPTION_CLAUSES` in the figure's test folder, with an expression in braces
for each part that varies:

- `{c[t, 0, unit]}`: a number;
- `{*x[t, 0]}`: a list of numbers, whose middle may be left out as "3 more";
- `{'gate}`: a word;
- `{=repr(module)}`: the text that the expression gives;
- `{unit}`, `{'gate}`: a name of `KNOWN`. Later clauses may use it as a variable.

`‹s|›` has alternatives. `t` is the index in the results of the last step named.
"""

import ast
import math
import re
from bisect import bisect_left
from decimal import Decimal
from functools import cache

import numpy as np

from tests.binding import backward, specs
from tests.binding.axes import is_flipped
from tests.binding.clauses import variants
from tests.binding.drawing import plain, without_numbers
from tests.binding.sentences import sentences, token_text
from tests.proof import SVG, TOLERANCE, code_of

# A printed number
NUMBER = r"−?\d+(?:\.\d+)?(?:e−?\d+)?|NaN|−?∞"
KNOWN = {"unit", "step", "row", "shown", "gate", "layer", "way", "back", "run", "sample", "k"}
"""Variables that a description may set and later clauses may use."""

CLAUSE_ENDS = re.compile(r"\. |; |: |\.$")
"""Matches what separates a clause from the next one."""

ROUNDED = 1e-5
"""Allowed error beyond half a digit, relative to the largest value nearby."""

SUBNORMAL = 1.2e-38
"""Below this, torch may flush to zero where NumPy does not."""

SMALLEST_FLOAT32 = 1.4e-45
"""The smallest positive float32."""


def faults(drawing):
    rest = drawing.root.findtext(f"{SVG}desc") or ""
    title = drawing.root.findtext(f"{SVG}title") or ""
    written = specs.constant(drawing.figure, "DESCRIPTION_CLAUSES", ())
    clauses = [clause for line in written for clause in variants(line)]
    if any("?}" in clause for clause in clauses):
        return [
            f"DESCRIPTION_CLAUSES in {specs.relative_path(drawing.figure)}/__init__.py have a ? in "
            "the place of an expression"
        ]
    names = {**drawing.namespace, **_helpers(drawing)}
    scales = (float(n.get("data-scale", "0")) for n in drawing.numbers)
    # With infinite weights the scale may be NaN; then rounding errors have no bound.
    scale = max((math.inf if math.isnan(s) else s for s in scales), default=0.0)
    problems, read_values = [], list[float]()
    if title != sentences(drawing)[0].text:
        problems.append(f"the title element has {title!r}, not the title that is drawn")
    while rest:
        for clause in clauses:
            matched = _match_clause(clause, rest, names, is_flipped(drawing), scale)
            if matched is not None:
                length, wrong, values = matched
                read_values += values
                break
        else:
            return [*problems, f"the description has no clause for {rest[:60]!r}"]
        problems += [f"the description says {problem}" for problem in wrong]
        rest = rest[length:]
        if end := CLAUSE_ENDS.match(rest):
            rest = rest[end.end() :]
    return [*problems, *unread_numbers(drawing, read_values)]


def unread_numbers(drawing, read_values):
    """Numbers that are drawn but missing from the description.

    The figure's test folder lists exceptions as `UNDESCRIBED`: an id, or an id
    and an expression, with # for each number. A scale that is symmetric about 0
    needs only one end.
    """
    if not drawing.root.findtext(f"{SVG}desc"):
        # Other tests check that each figure has a description.
        return
    sorted_values = sorted(value for value in read_values if not math.isnan(value))
    silent = specs.constant(drawing.figure, "UNDESCRIBED", {})
    for number in drawing.numbers:
        value = number.value
        scale = max(1.0, abs(value), number.scale)
        kind = re.sub(r"-\d+", "-#", number.name)
        expression = without_numbers(number.expression)
        if not math.isfinite(value) or {kind, f"{kind} {expression}"} & silent.keys():
            continue
        if number.name.endswith("-opposite"):
            continue
        near = bisect_left(sorted_values, value - 2 * TOLERANCE * scale)
        if not sorted_values[near:] or sorted_values[near] > value + 2 * TOLERANCE * scale:
            yield (
                f"the description leaves out {number}, a {kind}; add it, or list it in UNDESCRIBED"
            )


def _helpers(drawing):
    """Parameters and sums, by the names that clauses use."""
    names = drawing.namespace
    module = names.get(drawing.module_variable)

    def parameter(name):
        parameters = dict(module.named_parameters())
        suffix = "" if name in parameters else "_l0"
        return parameters[f"{name}{suffix}"].detach()

    def states(layer, direction):
        """The h of a layer in one direction, at every step."""
        top = layer == getattr(module, "num_layers", 1) - 1
        hidden_states = names["output"] if top else names["outputs"][layer]
        directions = 1 + getattr(module, "bidirectional", False)
        return hidden_states.chunk(directions, dim=-1)[direction == "reverse"]

    @cache
    def node_descriptions():
        return backward.node_descriptions(names["recorded"])

    return {
        "p": parameter,
        "m": module,
        # The direction, until a clause names one.
        "way": "forward",
        "states": states,
        "parameters": lambda: list(module.parameters()),
        # The index of a step in the results.
        "place": lambda step: _step_index(step, len(names["x"]), is_flipped(drawing)),
        "number": lambda name: drawing.by_name[name].value,
        # The subscript in the expression of a number.
        "at": lambda name: re.sub(r".*(?=\[)", "", drawing.by_name[name].expression),
        # A tensor whose name depends on a variable, such as the gate.
        "result": lambda name: names[name],
        # The tokens in the order in which they are read.
        "read": lambda: names["tokens"][:: -1 if is_flipped(drawing) else 1],
        # The class of an autograd node, and where it leads.
        "after": lambda id: node_descriptions().get(id, ("no node", "")),
        "math": math,
        "seen": token_text,
    }


def _match_clause(clause, text, names, flipped, scale):
    """Try to match a clause at the start of a text.

    Args:
        flipped: Whether the last step is first in the results.
        scale: The largest sum of absolute addends behind a number of the
        figure; 0 if none is above 1.

    Returns:
        The length of the match, the faults of its numbers, and their values;
        None if the text does not match.
    """
    begin, pieces, expressions = _parse(clause)
    if not begin.match(text):
        return None
    try:
        # Every second piece is = and an expression, see `_parse`.
        pattern = "".join(
            re.escape(eval(code_of(piece[1:]), names)) if k % 2 else piece
            for k, piece in enumerate(pieces)
        )
    except NameError:
        return None
    match = re.match(pattern + r"(?=$|[.;:])", text, re.IGNORECASE)
    if match is None:
        return None
    problems, read = [], list[float]()
    for printed, expression in zip(match.groups(), expressions, strict=True):
        name = expression.removeprefix("'")
        if name in KNOWN:
            is_word = expression.startswith("'")
            names[name] = printed.lower() if is_word else int(printed)
            if name == "step":
                names["t"] = _step_index(int(printed), len(names["x"]), flipped)
            continue
        try:
            value = plain(eval(code_of(name.removeprefix("*")), names))
        except (IndexError, KeyError) as error:
            problems.append(f"{printed} for {name}, which gives {error!r}")
            continue
        if expression.startswith("'"):
            is_right = printed == value
        else:
            values = value if isinstance(value, list) else [value]
            read += map(float, values)
            subtracted = _largest_operand(name, names)
            is_right = matches_values(printed.split(", "), values, scale, subtracted)
        if not is_right:
            problems.append(f"{printed} for {name} = {abbreviate(value)}")
    return match.end(), problems, read


def _largest_operand(expression, names):
    """The largest operand of a difference; the result may be much smaller.

    >>> _largest_operand("(a - b)[1]", {"a": [1, 2], "b": [1, -3]})
    3.0
    """
    match ast.parse(expression.removeprefix("*"), mode="eval").body:
        case ast.Subscript(value=ast.BinOp(op=ast.Sub()) as difference) as subscript:
            sides = [
                np.abs(plain(eval(code_of(ast.unparse(part)), names))).max()
                for side in (difference.left, difference.right)
                for part in [ast.Subscript(side, subscript.slice, subscript.ctx)]
            ]
            return float(max(sides))
    return 0.0


def abbreviate(value):
    """A value for messages; at most five elements of a list.

    >>> abbreviate([1, 2, 3, 4, 5, 6])
    '[1, 2, 3, 4, 5, … 1 more]'
    """
    if not isinstance(value, list) or len(value) <= 5:
        return str(value)
    beginning = ", ".join(map(str, value[:5]))
    return f"[{beginning}, … {len(value) - 5} more]"


@cache
def _parse(clause):
    """Parse a clause into a regular expression, its pieces, and its expressions.

    Every second piece is an expression whose text is part of the clause.
    """
    pieces, expressions = [""], []
    for piece in re.split(r"(\{.*?\})", clause):
        inside = piece[1:-1] if piece.startswith("{") else None
        if inside is None:
            pieces[-1] += re.escape(piece)
        elif inside.startswith("="):
            pieces += [inside, ""]
        else:
            group = ".+?" if inside.startswith("'") else NUMBER
            group = "forward|reverse" if inside == "'way" else group
            group = r"\w+" if inside == "'gate" else group
            if inside.startswith("*"):
                group = rf"(?:{NUMBER})(?:, (?:\d+ more|{NUMBER}))*"
            pieces[-1] += f"({group})"
            expressions.append(inside)
    return re.compile(pieces[0], re.IGNORECASE), pieces, expressions


def _step_index(step, steps, flipped):
    return steps - step if flipped else step - 1


def matches_values(printed, values, scale=0, subtracted=0):
    """Whether printed numbers match the values; a middle part may be a count.

    Args:
        scale: The largest sum of absolute addends behind a number of the
            figure.
        subtracted: The largest operand, if the values are differences; else 0.

    >>> matches_values(["1", "2 more", "4"], [1, 2, 3, 4])
    True
    """
    more = next((k for k, text in enumerate(printed) if "more" in text), None)
    if more is not None:
        # The index of the value that is printed after the count.
        last = len(values) - len(printed) + more + 1
        if int(printed[more].split()[0]) != last - more:
            return False
        values = values[:more] + values[last:]
        printed = printed[:more] + printed[more + 1 :]
    # A small number can be the sum of addends as large as its neighbours.
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0)
    cancelled = TOLERANCE * subtracted
    slack = max(TOLERANCE * scale, ROUNDED * largest, cancelled)
    return len(printed) == len(values) and all(
        is_rounded_value(text, value, slack, cancelled)
        for text, value in zip(printed, values, strict=True)
    )


def is_rounded_value(printed, value, slack=0, cancelled=0):
    """Whether a printed number is the value rounded to its last digit.

    Args:
        slack: Allowed error beyond half a digit.
        cancelled: Below this, a difference may be zero in one library only.

    >>> is_rounded_value("−0.12", -0.1219), is_rounded_value("−0.13", -0.1219)
    (True, False)
    """
    if math.isnan(value):
        return printed == "NaN"
    if math.isinf(value):
        return printed == ("∞" if value > 0 else "−∞")
    if not printed[-1].isdigit():
        return False
    decimal = Decimal(printed.replace("−", "-"))
    half = float(Decimal(1).scaleb(decimal.as_tuple().exponent)) / 2
    off = abs(float(decimal) - value)
    are_alike = (decimal == 0) == (value == 0) or off < max(cancelled, SUBNORMAL)
    # Values smaller than any float32 are float64, which is not flushed.
    flushed = 0.0 if 0 < abs(value) < SMALLEST_FLOAT32 else SUBNORMAL
    return off <= half + max(slack, flushed) and are_alike
