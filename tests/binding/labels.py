"""Labels are true and in the right place, and every number has one."""

import math
import re
from collections.abc import Callable

from tests.binding import specs
from tests.binding.axes import (
    ALIASES,
    UnknownNameError,
    is_paired,
    is_quantity,
    meaning_of,
    merged_keys,
    stack_parts,
    steps_along,
    without_indices,
)
from tests.binding.calls import CALL
from tests.binding.drawing import Box, Drawing, Mark, joined, number_range
from tests.binding.lengths import RANKS, grid, scales, vertical_extent
from tests.binding.shape_index import scale_extent

GATE_WORDS = {
    "i": {"i", "input", "write", "written"},
    "f": {"f", "forget", "keep", "kept"},
    "g": {"g", "cell", "candidate", "new", "c"},
    "o": {"o", "output", "show", "shown"},
}
"""Words for each gate, including its letter."""

AMBIGUOUS = {"input", "output", "cell", "c"}
"""Words that also mean something other than a gate."""

RENAMING = ("keras[", "onnx[", "openvino[")
"""Prefixes for tensors of libraries that call the gate g by the letter c."""

SYMBOLS: dict[str, tuple[str, ...]] = specs.merged_with_shared(
    "SYMBOLS",
    {
        "outputs": ("h",),
        "x": ("input",),
        "h_prev": ("ht−1", "h before"),
        "c_prev": ("ct−1", "c before"),
        "tanh_c": ("tanh c",),
        "o*tanh_c": ("o·tanh c",),
        "f*c_prev": ("kept",),
        "i*g": ("written",),
        "weight_ih": ("Wih",),
        "weight_hh": ("Whh",),
        "weight_hr": ("Whr",),
        "bias": ("biases", "bias sum"),
        "ih": ("Wih·x", "from x", "y"),
        "hh": ("Whh·h", "from h"),
        "bias_ih": ("bih",),
        "bias_hh": ("bhh",),
        "z_i": ("zi",),
        "z_f": ("zf",),
        "z_g": ("zg",),
        "z_o": ("zo",),
        "c_0": ("c",),
        "h_0": ("h",),
    },
)
"""Other spellings of each tensor's name."""

AXIS_WORDS = {
    "step": {"steps", "seq_len", "time"},
    "sample": {"batch", "sequence"},
    "input": {"input", "inputs", "input_size", "feature"},
    "unit": {"hidden", "hidden_size", "proj", "proj_size", "unit"},
    "feature": {"D·hidden", "D·hidden_size", "D·proj", "D·proj_size", "unit"},
    "part": {"D·layers", "layers·directions", "layers", "num_layers", "layer"},
    "row": {"4·hidden_size"},
    "column": {"hidden_size"},
    "class": {"classes"},
}
"""Axis in `axes.TENSOR_AXES` -> words for it."""

LENGTHS = {"layers": "num_layers", "hidden": "hidden_size", "proj": "proj_size"}
"""Words for axes -> the module's attribute for their length.

D is the number of directions.
"""

RUN_NAMES = {
    "0": ("0", "nn.LSTM", "this LSTM"),
    "new": ("new LSTM",),
    "RNN": ("nn.RNN",),
    "own": ("this run",),
}
"""Key of a run -> words for it."""

COUNTED = ("row", "unit", "input", "step", "layer", "sample", "count", "way", "write")
"""Keys with whole-number values, all of which the text must contain.

`way` is the index of a direction, which tensors of ONNX and OpenVINO have.
"""

NUMBERED = (*COUNTED, "shape")
"""Keys whose values the text contains as numbers."""

OMITTABLE = ("unit", "gate", "tensor", "layer", "direction", "sample")
"""Keys that the text may omit if it names a different one."""

KEYS = (
    *COUNTED,
    "gate",
    "direction",
    "tensor",
    "shape",
    "axis",
    "run",
    "rank",
    "near",
    "statistic",
    "operator",
    "when",
)
"""All keys that data-names may have."""

PITCH = 4.3
"""Tolerance for a label centred over several columns: half a digit.

A number shifts by that much if it has a digit less because another number in
the column needs an exponent.
"""

TOLERANCE = 0.6
"""Tolerance for positions written with two decimals."""


def faults(drawing):
    yield from (
        f"{number} is named by no label"
        for number in _marks_without_label(drawing, drawing.numbers)
    )
    for label in drawing.labels:
        yield from (f"{label} {fault}" for fault in _faults(drawing, label))


def _marks_without_label(drawing, marks):
    """Marks that no label names directly or through an ancestor."""
    named = {id(m.element) for a in drawing.labels for m in drawing.targets_of(a)}
    return [mark for mark in marks if not {id(e) for e in (mark.element, *mark.ancestors)} & named]


def _faults(drawing, label):
    """Faults of the attributes of a label; without any, those of its text and place."""
    patterns = label.get("data-for").split()
    problems = [f"names {p}, which matches no mark" for p in patterns if not drawing.match(p)]
    problems += [f"has the unknown key {k}" for k in label.names if k not in KEYS]
    if not label.names and not label.has("data-says"):
        problems.append("has neither data-names nor data-says")
    if not patterns:
        problems.append("has no data-for")
    if label.along not in _POSITION_CHECKS:
        problems.append(f"has the unknown data-along {label.along!r}")
    if problems:
        return problems
    targets = drawing.targets_of(label)
    return [
        *(() if label.has("data-says") else text_faults(label)),
        *target_faults(drawing, label, targets),
        *_POSITION_CHECKS[label.along](
            drawing,
            label,
            [
                part_of(drawing, label, target)
                for target in targets
                # A target with a leader may be anywhere.
                if {label.name, target.name} not in drawing.leaders
            ],
        ),
    ]


def part_of(drawing, label, target):
    """The part of a target that a label names.

    This is a row or column of a heat map over the steps, or one step's share of
    a call for all steps. Other targets are returned unchanged.
    """
    if "step" in label.names and CALL.fullmatch(target.expression):
        return _call_share(drawing, label, target)
    if "unit" in label.names and target.draws in ("area", "path"):
        return _column(drawing, label, target)
    cells = grid(target)
    view = cells and meaning_of(drawing, target.expression).views[0]
    if cells is None or view is None or "step" not in view.open_axes:
        return target
    frame = [*cells.frame]
    meaning = meaning_of(drawing, target.expression)
    for k, axis in enumerate(view.open_axes):
        # The numbers by which a label can name each row (k = 0) or column (k = 1).
        called = [
            {meaning.step_number(view, index)}
            if axis == "step"
            else meaning.written_steps(view, index)
            if axis == "write"
            else {index}
            for index in view.indices[axis]
        ]
        # No row or column has the number −1.
        label_values = number_range(label.names.get(axis, "-1"))
        if label_values in called:
            place = called.index(label_values)
            # The frame is left, top, right, bottom: rows divide its height, columns its width.
            low, high = frame[1 - k], frame[3 - k]
            cell_size = (high - low) / len(called)
            frame[1 - k] = low + place * cell_size
            frame[3 - k] = low + (place + 1) * cell_size
    return target.with_box(Box(*frame))


def _column(drawing, label, target):
    """The column of the label's unit in an area or a path over units."""
    view = meaning_of(drawing, target.expression).views[-1]
    named_units = number_range(label.names["unit"])
    if view.open_axes != ("unit",) or not named_units <= {*view.indices["unit"]}:
        return target
    across, place = scales(target)[0], view.indices["unit"].index(min(named_units))
    left, right = (across.beyond(place + half) for half in (-0.5, 0.5))
    return target.with_box(target.box._replace(left=left, right=right))


def _call_share(drawing, label, target):
    """The share of a call that belongs to the label's step."""
    (view,) = meaning_of(drawing, target.expression).views
    steps = view.calls[view.indices["call"][0]].steps
    named_steps = number_range(label.names["step"])
    if not named_steps <= {*steps}:
        return target
    step_width = target.box.width / len(steps)
    left = target.box.left + (min(named_steps) - min(steps)) * step_width
    right = left + len(named_steps) * step_width
    return target.with_box(target.box._replace(left=left, right=right))


def text_faults(label):
    """Labels whose text differs from the names that they carry.

    The text may omit what is clear from the context, such as the unit of a
    whole panel.
    """
    names = label.names
    # A number in a suffix, as in weight_ih_l0, is part of a name.
    text = re.sub(r"_\w+", "", label.text)
    numbers = [int(n) for n in re.findall(r"(?<![A-Za-z])\d+", text)]
    symbols = SYMBOLS.get(names.get("tensor", ""), ())
    if label.text in (*AXIS_WORDS.get(names.get("axis", ""), ()), *symbols):
        # The word for an axis may contain a number, as may a symbol.
        numbers = []
    problems, omitted = [], []
    # Match the required keys first, so that optional ones take no number from them.
    for key in sorted(NUMBERED, key=OMITTABLE.__contains__):
        if key in names:
            expected = [int(n) for n in re.findall(r"\d+", names[key])]
            if key == "write":
                # The last of these is the step of the label's row.
                expected = [n for n in expected if str(n) != names.get("step")]
                if label.text == "before":
                    # Before the first step, the state is that of step 0.
                    numbers.append(0)
            if all(n in numbers for n in expected):
                for n in expected:
                    numbers.remove(n)
            else:
                omitted.append(key)
    words = set(re.findall(r"[A-Za-z]+", label.text))
    gates = set(names.get("gate", "").split(",")) - {""}
    for gate, variants in GATE_WORDS.items():
        if gate in gates and not words & variants:
            omitted.append("gate")
        if gates and gate not in gates and words & (variants - AMBIGUOUS):
            problems.append(f"says the gate {gate}")
    if "tensor" in names and not any(
        spelling in label.text for spelling in spellings(names["tensor"])
    ):
        omitted.append("tensor")
    if "run" in names:
        run = names["run"]
        variants = [w for w in RUN_NAMES.get(run, (run,)) if is_full_word(w, label.text)]
        if not variants:
            omitted.append("run")
        numbers = [n for n in numbers if str(n) not in variants]
    for key, prefix in (("rank", ""), ("near", "near "), ("operator", "")):
        if key in names and label.text != f"{prefix}{names[key]}":
            omitted.append(key)
    # The values of these two keys contain numbers, and were compared as texts.
    if numbers and not names.keys() & {"rank", "near"}:
        problems.append(f"says {numbers} beside {names}")
    for key in ("direction", "statistic", "when"):
        if names.get(key, "") not in label.text:
            omitted.append(key)
    # Without an axis, the text is compared with itself.
    if label.text not in AXIS_WORDS.get(names.get("axis", ""), {label.text}):
        omitted.append("axis")
    problems += [f"does not say {k}={names[k]}" for k in omitted if k not in OMITTABLE]
    if unexplained_text := unexplained(label):
        problems.append(f"says {unexplained_text!r}, which its data-names do not explain")
    if not set(names) - set(omitted):
        problems.append(f"says nothing of {names}")
    return problems


KEY_WORDS = {
    "unit": "unit|units|h|c|h_prev|c_prev",
    "gate": "gate",
    "input": "x",
    "step": "step|after",
    "write": "before",
    "row": "row|rows|h_n|c_n",
    "layer": "layer",
    "sample": "sequence",
    "rank": r"p\d+|median",
    "near": "near",
    "shape": "",
    "when": "in|step|before|after",
}
"""Key -> words that a label may have beside its value, usually before it."""

DECORATED = r"( ≤|(_l\d+)?(_reverse)?(\.T|\.grad)?)"
"""Suffixes that may follow a tensor's name: of a scale or of a parameter."""


def unexplained(label):
    """The rest of a label's text after removing everything its names explain.

    Only whole names count: neither `h_prev` nor ∂h is the name h.
    """
    names, text = label.names, label.text
    patterns = []
    for tensor in names.get("tensor", "").split(","):
        for spelling in spellings(tensor) if tensor else ():
            name = re.escape(spelling)
            patterns += [rf"(of )?{name}{DECORATED}"]
            if tensor in DERIVED:
                patterns += [rf"∂{name}(/∂{name}_prev| ≤)?"]
    for gate in {*names.get("gate", "").split(",")} & GATE_WORDS.keys():
        patterns += [rf"(of )?({'|'.join(sorted(GATE_WORDS[gate]))})"]
    for key in names.keys() & KEY_WORDS.keys():
        patterns += [f"({KEY_WORDS[key]})"]
    for key in ("operator", "direction", "statistic", "run"):
        if key in names:
            run_names = RUN_NAMES.get(names[key], (names[key],))
            patterns += [re.escape(name) for name in run_names]
    if "run" in names:
        # Runs can be named by the forget bias in which they differ.
        patterns += ["(forget )?bias"]
    patterns += map(re.escape, AXIS_WORDS.get(names.get("axis", ""), ()))
    # The longest first, because the first alternative that fits is taken; (?!) matches nothing.
    pattern = "|".join(sorted(patterns, key=len, reverse=True)) or "(?!)"
    remaining = re.sub(rf"(?<![\w∂])({pattern})(?![\w/])", "", text)
    # Numbers and their separators are checked in `text_faults`.
    return re.sub(r"[\s\d\[\](),–+−=-]", "", remaining)


DERIVED = ("h", "c")
"""Quantities whose derivatives are drawn."""

ELEMENTS = {
    "x": {"x", "weight_ih", "ih"},
    "h": {"h", "output", "outputs", "h_prev", "weight_hh", "weight_hr", "hh"},
    "c": {"c"},
    "h_prev": {"h_prev"},
    "c_prev": {"c_prev"},
    "h_n": {"h_n"},
    "c_n": {"c_n"},
}
"""Name in front of an index, as in `x[0]` -> tensors that it may refer to."""


def _tensor_name_faults(label, tensors):
    """Labels that use the name of a different tensor than their targets show.

    Args:
        tensors: The names in the preamble of the tensors that it names.
    """
    text, problems = label.text, []
    derived = {t for t in tensors if t.startswith(("dh_d", "dc_d"))}
    if label.names.get("tensor") in DERIVED and bool(derived) != ("∂" in text):
        problems.append(f"calls {sorted(tensors)} by that name")
    # A token can look like any name.
    is_token = "tokens" in label.get("data-says")
    called = not is_token and re.match(r"(\w+)\[", text)
    if called and called[1] in ELEMENTS and derived:
        # In a Jacobian, a row is a unit after the step, a column one before it.
        suffix = "_prev" if _names_column(label) else ""
        right_names = {f"{tensor[1]}{suffix}" for tensor in derived}
        if called[1] not in right_names:
            problems.append(f"calls elements of {sorted(derived)} by that name")
    elif called and not ELEMENTS.get(called[1], tensors) & tensors:
        problems.append(f"calls elements of {sorted(tensors)} by that name")
    return problems


def is_full_word(word, text):
    """Whether a text contains a word that is not part of a longer name.

    >>> is_full_word("RNN", "nn.RNN"), is_full_word("1", "+12")
    (True, False)
    """
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))


FORM = re.compile("_(first|one|batch)$")
"""Suffixes for results of the same tensor under a different kind of call."""


def spellings(tensor):
    """The spellings of a tensor or a product in a text.

    >>> spellings("i*g")
    ('i*g', 'i·g', 'written')
    """
    tensor = FORM.sub("", tensor.removeprefix("packed."))
    spaced = tensor.replace("*", "·")
    variants = (tensor, spaced, ALIASES.get(tensor, tensor))
    return tuple(dict.fromkeys((*variants, *SYMBOLS.get(tensor, ()))))


def target_faults(drawing, label, targets):
    """Labels whose targets have different keys than the label says."""
    problems, meanings = [], []
    for target in targets:
        # A shape describes the whole tensor, not the elements inside.
        own_elements = [target.element] if target.has("data-of") else []
        inside = own_elements if "shape" in label.names else target.bound_elements
        if not inside:
            problems.append(f"names {target}, which has no expression")
        for element in inside:
            expression = element.get("data-expr") or element.get("data-of", "")
            try:
                meaning = meaning_of(drawing, expression)
            except UnknownNameError as error:
                problems.append(f"names {expression}: {error}")
                continue
            meanings.append(meaning)
            if label.names.get("gate") == "g" and label.text in ("c", "g"):
                renamed = expression.startswith(RENAMING)
                if renamed != (label.text == "c"):
                    problems.append(f"calls the gate of {expression} by that letter")
            if not is_paired(meaning):
                problems.append(f"names {expression}, whose factors do not meet")
            problems += [
                f"has {key}={label.names[key]} for {expression}, {actual}"
                for key, actual in _wrong_keys(drawing, label, expression, meaning)
            ]
    problems += _tensor_name_faults(
        label, {FORM.sub("", t) for meaning in meanings for t in meaning.tensors}
    )
    if "forget" in label.text and any(
        target.draws and re.search(r"\bf[\[_]", target.expression) for target in targets
    ):
        problems.append("says forget, but f is the share that is kept")
    counted = [k for k in label.names if k in COUNTED and k != "count"]
    together = merged_keys(meanings) if counted and not problems else {}
    for key in counted:
        value = label.names[key]
        if not problems:
            missing = number_range(value) - _key_values(together, key, label)
            if missing:
                problems.append(f"says {key}={value}, but names nothing with that value")
    if label.names.get("count", str(len(targets))) != str(len(targets)):
        problems.append(f"says count={label.names['count']}, but names {len(targets)} marks")
    return [*problems, *_axis_length_faults(drawing, label, targets)]


def _axis_length_faults(drawing, label, targets):
    """Labels of an axis that has a different length than their words say."""
    words = label.text.split("·")
    if "axis" not in label.names or not {*words} <= {"D", *LENGTHS}:
        return
    module = drawing.namespace.get("lstm", drawing.namespace.get("cell"))
    # An `LSTMCell` has no number of layers, because it is one layer.
    sizes = {word: getattr(module, name, 1) for word, name in LENGTHS.items()}
    sizes["D"] = 1 + getattr(module, "bidirectional", False)
    size = math.prod(sizes[word] for word in words)
    yield from (
        f"has the length {size}, but {target} is beside it"
        for target in targets
        if target.value != size
    )


def _wrong_keys(drawing, label, expression, meaning):
    """The keys of a label that disagree with an expression, and their values."""
    differences = []
    for key, value in label.names.items():
        if key == "count":
            continue
        if key in ("rank", "near"):
            if not _is_of(drawing, expression, key, value):
                differences.append((key, expression))
            continue
        if key == "shape":
            shape = drawing.value(f"tuple(({expression}).shape)")
            if [*shape] != [int(n) for n in re.findall(r"\d+", value)]:
                differences.append((key, f"shape {shape}"))
            continue
        if key == "statistic":
            if not expression.endswith(f".{value}()"):
                differences.append((key, "a different one"))
            continue
        expected = {*number_range(value)} if key in COUNTED else {*value.split(",")}
        actual = _key_values(meaning.keys, key, label)
        if key == "tensor":
            actual = quantities(expression, meaning)
        # One of the targets may have only some of the steps or units of its label.
        agree = expected <= actual or (key in COUNTED and actual <= expected)
        if key in ("operator", "when"):
            agree = expected == actual
        if not actual or not agree:
            named = ", ".join(map(str, sorted(actual, key=str))) or (
                f"nothing; FIXED_INDICES in {specs.relative_path(drawing.figure)}/__init__.py "
                "can give a key that holds for a whole tensor"
            )
            differences.append((key, f"{key} {named}"))
        elif key in ("gate", "tensor") and not is_quantity(expression):
            differences.append((key, "which is altered"))
    return differences


LIMITS = {"1": "> 0.9", "0": "< 0.1", "−1": "< -0.9"}
"""Value -> the condition for being near it, at the end of a range."""


def _is_of(drawing, expression, key, value):
    """Whether an expression is the element of a rank, or the count near a limit.

    If a rank lies between two elements, the lower one counts.
    """
    if key == "near":
        within = re.escape(LIMITS[value])
        return bool(re.fullmatch(rf"\((.*) {within}\)\.sum\(\)", expression))
    match = re.fullmatch(r"(.*)\.sort\(\)\.values\[(\d+)\]", expression)
    if match is None:
        return False
    count = len(drawing.value(match[1]))
    return int(match[2]) == (count - 1) * RANKS[value] // 100


def _names_column(label):
    """Whether a label of a Jacobian or a weight names what its columns multiply.

    At lines, this is the label left of their starts.
    """
    is_before = label.get("text-anchor") == "end"
    return label.along == "column" or (label.get("data-for").endswith("-line") and is_before)


def _key_values(keys, key, label):
    """The values of a key for a label: above `weight_hh`, `unit` means the column."""
    if "column" in keys and (key == "input" or (key == "unit" and _names_column(label))):
        return keys["column"] | (keys.get("input", set()))
    return keys.get(key, set())


QUANTITIES = {
    "f.prod": "f.prod",
    "bias_ih + bias_hh": "bias",
    "seeing_h - own_h": "moved",
    "-(grad_bias_ih + grad_bias_hh": "move",
}
"""Expression of a sum or product, without parentheses at its ends -> its name."""


def quantities(expression, meaning):
    """The quantities of an expression; a product counts as one of its own.

    The remainder of a sum of products counts as these products.
    """
    # What is left after some products are set to zero and the rest is summed, or the values in
    # order: both are still of the same quantity.
    selection = r"\)?(\.index_fill\(.*\)\.sum\(\)|\.sort\(\)\.values)$"
    bare = [
        re.sub(selection, "", without_indices(part)).strip("()") for part in stack_parts(expression)
    ]
    bare = [QUANTITIES.get(b, b).removeprefix("-(") for b in bare]
    products = {b.replace(" ", "") for b in bare if "*" in b or b in QUANTITIES.values()}
    return {*products} if products else meaning.keys.get("tensor", set())


def _competing_labels(drawing, label):
    """Labels with a different value for one of the same keys."""
    names = label.names
    keys = [k for k in names if k in COUNTED or k in ("gate", "operator")]
    return [
        other
        for other in drawing.labels
        if other.names.keys() <= names.keys()
        and any(other.names.get(key, names[key]) != names[key] for key in keys)
    ]


def in_row(drawing, label, targets):
    """Check that the label is on the same line as its targets."""
    rivals = _competing_labels(drawing, label)
    for target in targets:
        box = cell_box(drawing, label, target, "row")
        top, bottom = box.top, box.bottom
        if not top - TOLERANCE <= label.middle <= bottom + TOLERANCE:
            yield f"is not on the line of {target}"
        for other in rivals:
            on_line = top <= other.middle <= bottom
            if on_line and _between(label.box, other.box, target.box):
                yield f"has {other} between it and {target}"


def _between(first, middle, last):
    """Whether one box is horizontally between two others."""
    if first.x > last.x:
        first, last = last, first
    return first.right <= middle.x <= last.left


def in_column(drawing, label, targets):
    """Check that the label is over or under the middle of its targets."""
    rivals = [other for other in _competing_labels(drawing, label) if other.along == "column"]
    # `lengths.step_faults` checks step labels against curves.
    if "step" in label.names:
        curves = ("path", "area")
        targets = [t for t in targets if t.draws not in curves]
    if not targets:
        return
    boxes = [cell_box(drawing, label, t, "column") for t in targets]
    span = joined(boxes)
    is_aligned = _are_aligned(label, targets)
    if is_aligned:
        # A right-aligned column of numbers ends where its label ends.
        boxes = [label.box._replace(top=b.top, bottom=b.bottom) for b in boxes]
        span = joined(boxes)
    covers_middle = all(t.left <= span.x <= t.right for t in boxes)
    # Numbers of different widths are each centred in cells of equal width.
    centres = [box.x for box in boxes]
    middles = (span.x, (min(centres) + max(centres)) / 2)
    tolerance = PITCH * (1 + _digit_difference(targets))
    if not covers_middle and all(abs(label.box.x - x) > tolerance for x in middles):
        yield "is not over or under the middle of what it names"
    for target, box in zip(targets, boxes, strict=True):
        if (
            covers_middle
            and not is_aligned
            and not _is_over(label.box, target, box, _digit_difference(targets))
        ):
            yield f"is not over or under the middle of {target}"
        for other in rivals:
            across = box.left - TOLERANCE <= other.box.x <= box.right + TOLERANCE
            heights = sorted([label.middle, target.middle])
            if across and heights[0] < other.middle < heights[1]:
                yield f"has {other} between it and {target}"
            is_on_same_line = abs(other.middle - label.middle) < TOLERANCE
            is_nearer = abs(other.box.x - box.x) < abs(label.box.x - box.x) - TOLERANCE
            # A label beside a row of cells does not name the last cell.
            is_over = span.left - TOLERANCE <= other.box.x <= span.right + TOLERANCE
            if is_on_same_line and is_nearer and is_over:
                yield f"is farther from {target} than {other}"


def _are_aligned(label, targets):
    """Whether a label and its targets are all texts with the same right end."""
    marks = [label, *targets]
    rights = [mark.box.right for mark in marks]
    return (
        bool(targets)
        and all(mark.is_text and mark.get("text-anchor") == "end" for mark in marks)
        and max(rights) - min(rights) <= TOLERANCE
    )


def _digit_difference(targets):
    """The largest difference in digits after the point, among right-aligned numbers.

    Their decimal points are aligned.
    """
    fraction_lengths = [
        len(target.text) - len(target.text.partition(".")[0])
        for target in targets
        if target.is_text and target.get("text-anchor") == "end"
    ]
    # An exponent takes the place of digits after the point.
    has_exponent = any("e" in t.text and "." not in t.text for t in targets)
    difference = max(fraction_lengths, default=0) - min(fraction_lengths, default=0)
    return max(has_exponent, difference)


def _is_over(label, target, box, digits):
    """Whether a label is over the middle of a target; digits may shift a number."""
    if target.is_text and target.get("text-anchor") != "middle":
        tolerance = PITCH * (1 + digits)
        return target.box.left - tolerance <= label.x <= target.box.right + tolerance
    if target.draws == "fill" and label.left <= box.left and box.right <= label.right:
        # The index of a narrow colour column may be wider than the column.
        return True
    # A number at the end of a group may extend beyond its cell.
    tolerance = PITCH / 2 if len(target.bound_elements) > 1 else TOLERANCE
    return abs(label.x - box.x) <= tolerance


def cell_box(drawing, label, target, axis):
    """The box of a target; for a heat map, of the row or column named."""
    cells = grid(target)
    if cells is None or "step" in meaning_of(drawing, target.expression).keys:
        # For heat maps over the steps, `part_of` already selected the part.
        return target.box
    value = drawing.value(target.of)
    shape = len(value), len(value[0])
    keys = ("row",) if axis == "row" else ("input", "unit")
    named = [label.names[k] for k in keys if k in label.names]
    if len(named) != 1 or not named[0].isdecimal():
        return cells.frame
    index = int(named[0])
    if axis == "column":
        cell = cells.cell(0, index // cells.columns, shape)
        return Box(cell.left, cells.frame.top, cell.right, cells.frame.bottom)
    rows = meaning_of(drawing, target.of).keys["row"]
    place = (index - min(map(int, map(str, rows)))) // cells.rows
    cell = cells.cell(place, 0, shape)
    return Box(cells.frame.left, cell.top, cells.frame.right, cell.bottom)


def _row_of(drawing, label, target):
    """The row of the label's unit in a heat map of units; None for other marks."""
    cells, unit = grid(target), label.names.get("unit", "")
    if cells is None or not unit.isdecimal() or steps_along(drawing, target.expression):
        return None
    value = drawing.value(target.of)
    return cells.cell(int(unit) // cells.rows, 0, (len(value), len(value[0])))


def in_band(drawing, label, targets):
    """Check that the label is beside its targets, within their height."""
    if not targets:
        return
    span = joined([vertical_extent(target) for target in targets])
    if not span.top - TOLERANCE <= label.middle <= span.bottom + TOLERANCE:
        yield "is not within the span of what it names"
    if span.left < label.box.x < span.right:
        yield "is not beside what it names"
    for row in filter(None, (_row_of(drawing, label, t) for t in targets)):
        if not row.top - TOLERANCE <= label.middle <= row.bottom + TOLERANCE:
            yield "is not beside its row"
    for other in _competing_labels(drawing, label):
        within = span.top < other.middle < span.bottom
        if within and _between(label.box, other.box, span):
            yield f"has {other} between it and what it names"


def in_block(drawing, label, targets):
    """Check that the label is at the edge of the block that holds its targets only."""
    span = joined([label.box, *(target.box for target in targets)])
    targeted = {id(e) for target in targets for e in target.element.iter()}
    inside = [
        other
        for other in (*drawing.numbers, *drawing.data_marks)
        if id(other.element) not in targeted
        and span.contains(other.box.x, other.middle)
        and _is_unrelated(drawing, label, other.expression)
    ]
    inside += [
        other
        for other in _competing_labels(drawing, label)
        if span.contains(other.box.x, other.middle)
    ]
    yield from (f"is at a block that also contains {other}" for other in inside)
    if label.get("text-anchor") == "middle" and targets:
        block = joined(
            [
                scale_extent(drawing, target) if target.draws == "width" else target.box
                for target in targets
            ]
        )
        # The label may be left-aligned with the block, or in front of it.
        indent = label.box.left - block.left
        if indent > SIDE_GAP and abs(label.box.x - block.x) > SIDE_GAP:
            yield "is over what it names, but not over its middle"


SIDE_GAP = 24.0
"""Largest offset between the middles of a block and of its name."""


def _is_unrelated(drawing, label, expression):
    """Whether an expression has different values for the label's keys."""
    try:
        meaning = meaning_of(drawing, expression)
    except UnknownNameError:
        return True
    return any(
        key == "tensor" or _key_values(meaning.keys, key, label)
        for key, _ in _wrong_keys(drawing, label, expression, meaning)
    )


_POSITION_CHECKS: dict[str, Callable[[Drawing, Mark, list[Mark]], list[str]]] = {
    "row": in_row,
    "column": in_column,
    "band": in_band,
    "block": in_block,
}
"""Value of data-along, how a label lies along its targets -> the check of its position."""
