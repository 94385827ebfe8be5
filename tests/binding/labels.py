"""Labels say what they name, stand where it is, and no number lacks one."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from tests.binding import specs
from tests.binding.axes import (
    ALIASES,
    Meaning,
    UnknownNameError,
    is_paired,
    is_quantity,
    meaning_of,
    parts,
    skeleton,
    steps_along,
    union,
)
from tests.binding.calls import CALL
from tests.binding.drawing import Box, Drawing, Mark, joined

GATE_WORDS = {
    "i": {"i", "input", "write", "written"},
    "f": {"f", "forget", "keep", "kept"},
    "g": {"g", "cell", "candidate", "new", "c"},
    "o": {"o", "output", "show", "shown"},
}
"""How a gate is said, beside its letter."""

COMMON = {"input", "output", "cell", "c"}
"""Words that also say something else."""

RENAMING = ("keras[", "onnx[", "openvino[")
"""Begins what belongs to libraries that call the gate g by the letter c."""

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
"""How a tensor is said, beside its name."""

AXIS_WORDS = {
    "step": {"steps", "seq_len", "time"},
    "sample": {"batch", "sequence"},
    "input": {"input", "inputs", "input_size", "feature"},
    "unit": {"hidden", "hidden_size", "proj", "proj_size", "unit"},
    "feature": {"D·hidden", "D·hidden_size", "D·proj", "D·proj_size", "unit"},
    "part": {"D·layers", "D·num_layers", "layers", "num_layers", "layer"},
    "row": {"4·hidden_size"},
    "column": {"hidden_size"},
    "class": {"classes"},
}
"""How an axis is said, by what `axes.TENSOR_AXES` calls it."""

LENGTHS = {"layers": "num_layers", "hidden": "hidden_size", "proj": "proj_size"}
"""Words for axes that say how long these are, and where the module has that; D
is the number of directions."""

RUN_NAMES = {"0": ("0", "nn.LSTM"), "RNN": ("nn.RNN",), "own": ("this run",)}
"""How a run is said, beside its key."""

COUNTED = (*("row", "unit", "input", "step", "layer", "sample", "count"), *("way", "write"))
"""Keys whose values are whole numbers, of which a text says each."""

NUMBERS = (*COUNTED, "shape")
ELSEWHERE = ("unit", "gate", "tensor", "layer", "direction", "sample")
"""Keys that a text need not say where it says another."""

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
ALONG = ("row", "column", "band", "block")

PITCH = 4.3
"""How far a label may be from the middle of several columns: half a digit, by
which a number leans that lost one where another needs an exponent."""

EDGE = 0.6
"""By how much places may differ that are written in hundredths."""


def faults(drawing: Drawing) -> list[str]:
    """What is wrong with the labels of a figure."""
    problems = [f"{number} is named by no label" for number in _unnamed(drawing, drawing.numbers)]
    for label in drawing.labels:
        problems += [f"{label} {fault}" for fault in _faults(drawing, label)]
    return problems


def _unnamed(drawing: Drawing, marks: Iterable[Mark]) -> list[Mark]:
    """Marks that no label names, themselves or what they lie in."""
    named = {id(m.element) for a in drawing.labels for m in drawing.targets_of(a)}
    return [mark for mark in marks if not {id(e) for e in (mark.element, *mark.ancestors)} & named]


def _faults(drawing: Drawing, label: Mark) -> list[str]:
    patterns = label.get("data-for").split()
    problems = [f"names {p}, which is nothing" for p in patterns if not drawing.match(p)]
    problems += [f"has the key {k}" for k in label.names if k not in KEYS]
    if not label.names and not label.has("data-says"):
        problems.append("says nothing")
    if not patterns:
        problems.append("names nothing")
    if label.along not in ALONG:
        problems.append(f"stands along {label.along!r}")
    if problems:
        return problems
    targets = drawing.targets_of(label)
    return [
        *(() if label.has("data-says") else text_faults(label)),
        *target_faults(drawing, label, targets),
        *_PLACES[label.along](
            drawing,
            label,
            [
                part_of(drawing, label, target)
                for target in targets
                if not _has_leader(drawing, label, target)
            ],
        ),
    ]


def part_of(drawing: Drawing, label: Mark, target: Mark) -> Mark:
    """The row or column that a label says, of a heat map over the steps.

    A call for all steps is divided among them. Other marks are as they were.
    """
    from tests.binding.lengths import grid

    if "step" in label.names and CALL.fullmatch(target.expression):
        return _call_share(drawing, label, target)
    if "unit" in label.names and target.get("data-draws") == "area":
        return _column(drawing, label, target)
    cells = grid(target)
    view = cells and meaning_of(drawing, target.expression).views[0]
    if cells is None or view is None or "step" not in view.open_axes:
        return target
    frame = [*cells.frame]
    meaning = meaning_of(drawing, target.expression)
    for k, axis in enumerate(view.open_axes):
        called = [
            {meaning.step_number(view, index)}
            if axis == "step"
            else meaning.written_steps(view, index)
            if axis == "write"
            else {index}
            for index in view.indices[axis]
        ]
        label_values = number_range(label.names.get(axis, "-1"))
        if label_values in called:
            place = called.index(label_values)
            low, high = frame[1 - k], frame[3 - k]
            cell_size = (high - low) / len(called)
            frame[1 - k] = low + place * cell_size
            frame[3 - k] = low + (place + 1) * cell_size
    part = Mark(target.element, target.ancestors, target.name)
    part.__dict__["box"] = Box(*frame)
    return part


def _column(drawing: Drawing, label: Mark, target: Mark) -> Mark:
    """The column of the unit that a label says, of an area over units."""
    from tests.binding.lengths import scales

    view = meaning_of(drawing, target.expression).views[-1]
    named_units = number_range(label.names["unit"])
    if view.open_axes != ("unit",) or not named_units <= {*view.indices["unit"]}:
        return target
    across, place = scales(target)[0], view.indices["unit"].index(min(named_units))
    left, right = (across.beyond(place + half) for half in (-0.5, 0.5))
    part = Mark(target.element, target.ancestors, target.name)
    part.__dict__["box"] = target.box._replace(left=left, right=right)
    return part


def _call_share(drawing: Drawing, label: Mark, target: Mark) -> Mark:
    """What a call has of the step that a label says."""
    (view,) = meaning_of(drawing, target.expression).views
    steps = view.calls[view.indices["call"][0]].steps
    named_steps = number_range(label.names["step"])
    if not named_steps <= {*steps}:
        return target
    step_width = (target.box.right - target.box.left) / len(steps)
    left = target.box.left + (min(named_steps) - min(steps)) * step_width
    part = Mark(target.element, target.ancestors, target.name)
    part.__dict__["box"] = target.box._replace(
        left=left, right=left + len(named_steps) * step_width
    )
    return part


def _has_leader(drawing: Drawing, label: Mark, target: Mark) -> bool:
    """Whether a line leads from a label to what it names, wherever it is."""
    return {label.name, target.name} in drawing.leaders


def number_range(value: str) -> set[int]:
    """A number, or a range of them.

    >>> sorted(number_range("2..4")), number_range("7")
    ([2, 3, 4], {7})
    """
    first, _, last = value.partition("..")
    return set(range(int(first), int(last or first) + 1))


def text_faults(label: Mark) -> list[str]:
    """Whether the text of a label says its names and nothing else.

    What is said elsewhere as well, such as the unit of a whole panel, it need
    not say.
    """
    names = label.names
    text = re.sub(r"_\w+", "", label.text)
    numbers = [int(n) for n in re.findall(r"(?<![A-Za-z])\d+", text)]
    symbols = SYMBOLS.get(names.get("tensor", ""), ())
    if label.text in (*AXIS_WORDS.get(names.get("axis", ""), ()), *symbols):
        # A word for an axis may have a number in it, as may a symbol.
        numbers = []
    problems, silent = [], []
    # What it need not say takes no number from what it must.
    for key in sorted(NUMBERS, key=ELSEWHERE.__contains__):
        if key in names:
            expected = [int(n) for n in re.findall(r"\d+", names[key])]
            if key == "write":
                # The last of these is the step whose row it is in.
                expected = [n for n in expected if str(n) != names.get("step")]
                numbers += [0] * (label.text == "before")
            if all(n in numbers for n in expected):
                for n in expected:
                    numbers.remove(n)
            else:
                silent.append(key)
    words = set(re.findall(r"[A-Za-z]+", label.text))
    gates = set(names.get("gate", "").split(",")) - {""}
    for gate, variants in GATE_WORDS.items():
        if gate in gates and not words & variants:
            silent.append("gate")
        if gates and gate not in gates and words & (variants - COMMON):
            problems.append(f"says the gate {gate}")
    if "tensor" in names and not any(
        spelling in label.text for spelling in spellings(names["tensor"])
    ):
        silent.append("tensor")
    if "run" in names:
        run = names["run"]
        variants = [w for w in RUN_NAMES.get(run, (run,)) if is_full_word(w, label.text)]
        silent += ["run"] * (not variants)
        numbers = [n for n in numbers if str(n) not in variants]
    if "rank" in names:
        silent += ["rank"] * (label.text != names["rank"])
        numbers = []
    if "near" in names:
        silent += ["near"] * (label.text != f"near {names['near']}")
        numbers = []
    if numbers:
        problems.append(f"says {numbers} beside {names}")
    if "operator" in names:
        silent += ["operator"] * (label.text != names["operator"])
        numbers = []
    for key in ("direction", "statistic", "when"):
        if names.get(key, "") not in label.text:
            silent.append(key)
    if label.text not in AXIS_WORDS.get(names.get("axis", ""), {label.text}):
        silent.append("axis")
    problems += [f"does not say {k}={names[k]}" for k in silent if k not in ELSEWHERE]
    if strange := unexplained(label):
        problems.append(f"says {strange!r}, which is nothing that it names")
    if not set(names) - set(silent):
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
"""What a label may say beside a value of a key, before it as a rule."""

DECORATED = r"( ≤|(_l\d+)?(_reverse)?(\.T|\.grad)?)"
"""What may follow the name of a tensor: of a scale, or of a parameter."""


def unexplained(label: Mark) -> str:
    """What is left of the text of a label without what it names.

    A name is said whole: `h_prev` is not the name of h, nor is ∂h.
    """
    names, text = label.names, label.text
    patterns: list[str] = []
    for tensor in names.get("tensor", "").split(","):
        for spelling in spellings(tensor) if tensor else ():
            of = re.escape(spelling)
            patterns += [rf"(of )?{of}{DECORATED}"]
            if tensor in DERIVED:
                patterns += [rf"∂{of}(/∂{of}_prev| ≤)?"]
    for gate in {*names.get("gate", "").split(",")} & GATE_WORDS.keys():
        patterns += [rf"(of )?({'|'.join(sorted(GATE_WORDS[gate]))})"]
    for key in names.keys() & KEY_WORDS.keys():
        patterns += [f"({KEY_WORDS[key]})"]
    for key in ("operator", "direction", "statistic", "run"):
        if key in names:
            run_names = RUN_NAMES.get(names[key], (names[key],))
            patterns += [re.escape(name) for name in run_names]
    if "run" in names:
        patterns += ["(forget )?bias"]
    patterns += map(re.escape, AXIS_WORDS.get(names.get("axis", ""), ()))
    pattern = "|".join(sorted(patterns, key=len, reverse=True)) or "(?!)"
    remaining = re.sub(rf"(?<![\w∂]){'('}{pattern}{')'}(?![\w/])", "", text)
    return re.sub(r"[\s\d\[\](),–+−=-]", "", remaining)


DERIVED = ("h", "c")
"""Quantities of which derivatives are drawn."""

ELEMENTS = {
    "x": {"x", "weight_ih", "ih"},
    "h": {"h", "output", "outputs", "h_prev", "weight_hh", "weight_hr", "hh"},
    "c": {"c"},
    "h_prev": {"h_prev"},
    "c_prev": {"c_prev"},
    "h_n": {"h_n"},
    "c_n": {"c_n"},
}
"""Whose element `x[0]` and so on may be, by the tensors that it names."""


def _tensor_name_faults(label: Mark, tensors: set[str]) -> list[str]:
    """Whether the name of a tensor is that of what is drawn.

    Args:
        label: The label.
        tensors: What it names, by the names of the preamble.
    """
    text, problems = label.text, []
    derived = {t for t in tensors if t.startswith(("dh_d", "dc_d"))}
    if label.names.get("tensor") in DERIVED and bool(derived) != ("∂" in text):
        problems.append(f"calls {sorted(tensors)} so")
    # What is read at a step may look like any name.
    is_read = "tokens" in label.get("data-says")
    called = not is_read and re.match(r"(\w+)\[", text)
    if called and called[1] in ELEMENTS and derived:
        # A row is a unit after the step, a column one before it.
        ends = "_prev" * (label.along == "column")
        right = {f"{tensor[1]}{ends}" for tensor in derived}
        if called[1] not in right:
            problems.append(f"calls elements of {sorted(derived)} so")
    elif called and not ELEMENTS.get(called[1], tensors) & tensors:
        problems.append(f"calls elements of {sorted(tensors)} so")
    return problems


def is_full_word(word: str, text: str) -> bool:
    """Whether a text says a name, and not as a part of a longer one.

    >>> is_full_word("RNN", "nn.RNN"), is_full_word("1", "+12")
    (True, False)
    """
    return bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))


FORM = re.compile("_(first|one|batch)$")
"""How names end of tensors that are called in another way."""


def spellings(tensor: str) -> tuple[str, ...]:
    """How a text says a tensor or a product.

    >>> spellings("i*g")
    ('i*g', 'i·g', 'written')
    """
    tensor = FORM.sub("", tensor.removeprefix("packed."))
    spaced = tensor.replace("*", "·")
    variants = (tensor, spaced, ALIASES.get(tensor, tensor))
    return tuple(dict.fromkeys((*variants, *SYMBOLS.get(tensor, ()))))


def target_faults(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """Whether what a label names is what it says."""
    problems, meanings = [], []
    for target in targets:
        # A shape is that of a whole tensor, not of what stands in it.
        own_elements = [target.element] if target.has("data-of") else []
        inside = own_elements if "shape" in label.names else target.bound_elements
        if not inside:
            problems.append(f"names {target}, which stands for nothing")
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
                    problems.append(f"calls the gate of {expression} so")
            if not is_paired(meaning):
                problems.append(f"names {expression}, whose factors do not meet")
            problems += [
                f"has {key}={label.names[key]} for {expression}, {actual}"
                for key, actual in _disagreeing(drawing, label, expression, meaning)
            ]
    problems += _tensor_name_faults(
        label, {FORM.sub("", t) for meaning in meanings for t in meaning.tensors}
    )
    counted = [k for k in label.names if k in COUNTED and k != "count"]
    together = union(meanings) if counted and not problems else {}
    for key in counted:
        value = label.names[key]
        if not problems:
            missing = number_range(value) - _key_values(together, key, label)
            if missing:
                problems.append(f"says {key}={value}, of which nothing is named")
    if label.names.get("count", str(len(targets))) != str(len(targets)):
        problems.append(f"counts {label.names['count']} for {len(targets)}")
    return [*problems, *_mismeasured(drawing, label, targets)]


def _mismeasured(drawing: Drawing, label: Mark, targets: list[Mark]) -> Iterator[str]:
    """Whether an axis is as long as the words for it say."""
    words = label.text.split("·")
    if "axis" not in label.names or not {*words} <= {"D", *LENGTHS}:
        return
    module = drawing.namespace.get("lstm", drawing.namespace.get("cell"))
    sizes = {word: getattr(module, name, 1) for word, name in LENGTHS.items()}
    sizes["D"] = 1 + getattr(module, "bidirectional", False)
    size = math.prod(sizes[word] for word in words)
    yield from (
        f"is {size} long, and {target} stands by it"
        for target in targets
        if float(target.get("data-value")) != size
    )


def _disagreeing(
    drawing: Drawing, label: Mark, expression: str, meaning: Meaning
) -> list[tuple[str, str]]:
    """Keys of a label that an expression has otherwise, and how."""
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
                differences.append((key, "another"))
            continue
        expected: set[object]
        expected = {*number_range(value)} if key in COUNTED else {*value.split(",")}
        actual = _key_values(meaning.keys, key, label)
        if key == "tensor":
            actual = quantities(expression, meaning)
        agree = expected <= actual or (key in COUNTED and actual <= expected)
        if key in ("operator", "when"):
            agree = expected == actual
        if not actual or not agree:
            named = ", ".join(map(str, sorted(actual, key=str))) or (
                f"nothing; FIXED_INDICES in {specs.relative_path(drawing.figure)}/__init__.py "
                "says what is true of a tensor wherever one looks"
            )
            differences.append((key, f"{key} {named}"))
        elif key in ("gate", "tensor") and not is_quantity(expression):
            differences.append((key, "no such thing"))
    return differences


RANKS = {"p90": 90, "p75": 75, "median": 50, "p25": 25, "p10": 10}
"""Which part of a hundred elements is not above an element of that rank."""


LIMITS = {"1": "> 0.9", "0": "< 0.1", "−1": "< -0.9"}
"""What is near the end of a range."""


def _is_of(drawing: Drawing, expression: str, key: str, value: str) -> bool:
    """Whether an expression is an element of a rank, or a count with a limit.

    It is the lower of two, where a rank lies between two elements.
    """
    if key == "near":
        within = re.escape(LIMITS[value])
        return bool(re.fullmatch(rf"\((.*) {within}\)\.sum\(\)", expression))
    match = re.fullmatch(r"(.*)\.sort\(\)\.values\[(\d+)\]", expression)
    if match is None:
        return False
    count = len(drawing.value(match[1]))
    return int(match[2]) == (count - 1) * RANKS[value] // 100


def _key_values(keys: dict[str, set[object]], key: str, label: Mark) -> set[object]:
    """What a key means for a label: over `weight_hh` stand other units."""
    if "column" in keys and (key == "input" or (key == "unit" and label.along == "column")):
        return keys["column"] | (keys.get("input", set()))
    return keys.get(key, set())


QUANTITIES = {
    "f.prod": "f.prod",
    "bias_ih + bias_hh": "bias",
    "seeing_h - own_h": "moved",
    "-(grad_bias_ih + grad_bias_hh": "move",
}
"""What sums are called."""


def quantities(expression: str, meaning: Meaning) -> set[object]:
    """What an expression is of: a product is neither of its factors.

    The rest of a sum of products is made of them.
    """
    bare = [
        re.sub(r"\)?(\.index_fill\(.*\)\.sum\(\)|\.sort\(\)\.values)$", "", skeleton(part)).strip(
            "()"
        )
        for part in parts(expression)
    ]
    bare = [QUANTITIES.get(b, b).removeprefix("-(") for b in bare]
    products = {b.replace(" ", "") for b in bare if "*" in b or b in QUANTITIES.values()}
    return {*products} if products else meaning.keys.get("tensor", set())


def _competing_labels(drawing: Drawing, label: Mark) -> list[Mark]:
    """Labels that say something else of the same key."""
    names = label.names
    keys = [k for k in names if k in COUNTED or k in ("gate", "operator")]
    return [
        other
        for other in drawing.labels
        if other.names.keys() <= names.keys()
        and any(other.names.get(key, names[key]) != names[key] for key in keys)
    ]


def in_row(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """On the line of what it names."""
    problems = []
    rivals = _competing_labels(drawing, label)
    for target in targets:
        box = cell_box(drawing, label, target, "row")
        top, bottom = box.top, box.bottom
        if not top - EDGE <= label.middle <= bottom + EDGE:
            problems.append(f"is not on the line of {target}")
        for other in rivals:
            on_line = top <= other.middle <= bottom
            if on_line and _between(label.box, other.box, target.box):
                problems.append(f"has {other} between it and {target}")
    return problems


def _between(first: Box, middle: Box, last: Box) -> bool:
    """Whether one box lies between two others, seen across."""
    if first.x > last.x:
        first, last = last, first
    return first.right <= middle.x <= last.left


def in_column(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """Over or under the middle of what it names."""
    problems = []
    rivals = [other for other in _competing_labels(drawing, label) if other.along == "column"]
    # `lengths.step_faults` holds a step to the curves that go through it.
    if "step" in label.names:
        curves = ("path", "area")
        targets = [t for t in targets if t.get("data-draws") not in curves]
    if not targets:
        return []
    boxes = [cell_box(drawing, label, t, "column") for t in targets]
    span = joined(boxes)
    if _are_aligned(label, targets):
        # A column of numbers that ends where its name does.
        boxes = [label.box._replace(top=b.top, bottom=b.bottom) for b in boxes]
        span = joined(boxes)
    covers_middle = all(t.left <= span.x <= t.right for t in boxes)
    # Numbers of unlike widths stand in the middles of cells that are alike.
    centres = [box.x for box in boxes]
    middles = (span.x, (min(centres) + max(centres)) / 2)
    pitch = PITCH * (1 + _digit_difference(targets))
    if not covers_middle and all(abs(label.box.x - x) > pitch for x in middles):
        problems.append("is not over or under the middle of what it names")
    for target, box in zip(targets, boxes, strict=True):
        aligned = _are_aligned(label, targets)
        if (
            covers_middle
            and not aligned
            and not _is_over(label.box, target, box, _digit_difference(targets))
        ):
            problems.append(f"is not over or under the middle of {target}")
        for other in rivals:
            across = box.left - EDGE <= other.box.x <= box.right + EDGE
            heights = sorted([label.middle, target.middle])
            if across and heights[0] < other.middle < heights[1]:
                problems.append(f"has {other} between it and {target}")
            is_on_same_line = abs(other.middle - label.middle) < EDGE
            is_nearer = abs(other.box.x - box.x) < abs(label.box.x - box.x) - EDGE
            # What stands beside a row of cells is not what names its last.
            is_over = span.left - EDGE <= other.box.x <= span.right + EDGE
            if is_on_same_line and is_nearer and is_over:
                problems.append(f"is farther from {target} than {other}")
    return problems


def _are_aligned(label: Mark, targets: list[Mark]) -> bool:
    """Whether all are texts that end at one place."""
    ends = [mark for mark in (label, *targets) if mark.is_text]
    return (
        len(ends) == len(targets) + 1 > 1
        and {mark.get("text-anchor") for mark in ends} == {"end"}
        and max(m.box.right for m in ends) - min(m.box.right for m in ends) <= EDGE
    )


def _digit_difference(targets: list[Mark]) -> int:
    """How many digits after its point one number lacks that another has.

    Points stand below each other, or as far from the middles of their cells.
    """
    ends = [
        len(target.text) - len(target.text.partition(".")[0])
        for target in targets
        if target.is_text and target.get("text-anchor") == "end"
    ]
    # An exponent stands where others have digits after their point.
    exponent = any("e" in t.text and "." not in t.text for t in targets)
    return max(exponent, max(ends, default=0) - min(ends, default=0))


def _is_over(label: Box, target: Mark, box: Box, digits: int) -> bool:
    """Whether a label is over the middle; the digits of a number may lean."""
    if target.is_text and target.get("text-anchor") != "middle":
        tolerance = PITCH * (1 + digits)
        return target.box.left - tolerance <= label.x <= target.box.right + tolerance
    if target.get("data-draws") == "fill" and label.left <= box.left and box.right <= label.right:
        # The index of a narrow column of colours keeps off what is beside it.
        return True
    # A number at the end of a group may stick out of its cell.
    tolerance = PITCH / 2 if len(target.bound_elements) > 1 else EDGE
    return abs(label.x - box.x) <= tolerance


def cell_box(drawing: Drawing, label: Mark, target: Mark, axis: str) -> Box:
    """The box of a target; of a heat map that of the row or column named."""
    from tests.binding.lengths import grid

    cells = grid(target)
    if cells is None or "step" in meaning_of(drawing, target.expression).keys:
        # Over the steps, `_part` has found it.
        return target.box
    value = drawing.value(target.get("data-of"))
    shape = len(value), len(value[0])
    keys = ("row",) if axis == "row" else ("input", "unit")
    named = [label.names[k] for k in keys if k in label.names]
    if len(named) != 1 or not named[0].isdecimal():
        return cells.frame
    index = int(named[0])
    if axis == "column":
        cell = cells.cell(0, index // cells.columns, shape)
        return Box(cell.left, cells.frame.top, cell.right, cells.frame.bottom)
    rows = meaning_of(drawing, target.get("data-of")).keys["row"]
    place = (index - min(map(int, map(str, rows)))) // cells.rows
    cell = cells.cell(place, 0, shape)
    return Box(cells.frame.left, cell.top, cells.frame.right, cell.bottom)


def _row_of(drawing: Drawing, label: Mark, target: Mark) -> Box | None:
    """The row of a unit in a heat map of units, none of anything else."""
    from tests.binding.lengths import grid

    cells, unit = grid(target), label.names.get("unit", "")
    if cells is None or not unit.isdecimal():
        return None
    if steps_along(drawing, target.expression):
        return None
    value = drawing.value(target.get("data-of"))
    return cells.cell(int(unit) // cells.rows, 0, (len(value), len(value[0])))


@lru_cache(maxsize=2**12)
def scale_extent(mark: Mark) -> Box:
    """The box of a mark; what is drawn on a scale has that of the scale."""
    box = mark.box
    if mark.get("data-draws") in ("height", "path", "area"):
        ends = [float(word) for word in mark.get("data-map").split()[-2:]]
        return Box(box.left, min(box.top, *ends), box.right, max(box.bottom, *ends))
    return box


def in_band(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """Beside what it names, within its span."""
    if not targets:
        return []
    span = joined([scale_extent(target) for target in targets])
    problems = []
    if not span.top - EDGE <= label.middle <= span.bottom + EDGE:
        problems.append("is not within the span of what it names")
    if span.left < label.box.x < span.right:
        problems.append("is not beside what it names")
    for row in filter(None, (_row_of(drawing, label, t) for t in targets)):
        if not row.top - EDGE <= label.middle <= row.bottom + EDGE:
            problems.append("is not beside its row")
    for other in _competing_labels(drawing, label):
        within = span.top < other.middle < span.bottom
        if within and _between(label.box, other.box, span):
            problems.append(f"has {other} between it and what it names")
    return problems


def in_block(drawing: Drawing, label: Mark, targets: list[Mark]) -> list[str]:
    """At the edge of what holds what it names, and nothing else of the kind."""
    span = joined([label.box, *(target.box for target in targets)])
    named = {id(e) for target in targets for e in target.element.iter()}
    inside = [
        other
        for other in (*drawing.numbers, *drawing.data_marks)
        if id(other.element) not in named
        and span.contains(other.box.x, other.middle)
        and _is_unrelated(drawing, label, other.expression)
    ]
    inside += [
        other
        for other in _competing_labels(drawing, label)
        if span.contains(other.box.x, other.middle)
    ]
    problems = [f"stands at a block in which there is {other}" for other in inside]
    if label.get("text-anchor") == "middle" and targets:
        block = joined([bar_extent(target) for target in targets])
        # It may begin where that begins, or stand before it.
        begins = label.box.left - block.left
        if begins > SIDE_GAP and abs(label.box.x - block.x) > SIDE_GAP:
            problems.append("is over what it names, and not over its middle")
    return problems


SIDE_GAP = 24.0
"""How far from the middle of a block its name may be: as digits lean."""


def bar_extent(mark: Mark) -> Box:
    """The box of a mark; of a bar that of all of its scale."""
    box = mark.box
    if mark.get("data-draws") == "width":
        ends = [float(word) for word in mark.get("data-map").split()[-2:]]
        return box._replace(left=min(ends), right=max(ends))
    return box


def _is_unrelated(drawing: Drawing, label: Mark, expression: str) -> bool:
    """Whether an expression speaks of another value of a label's keys."""
    try:
        meaning = meaning_of(drawing, expression)
    except UnknownNameError:
        return True
    return any(
        key == "tensor" or _key_values(meaning.keys, key, label)
        for key, _ in _disagreeing(drawing, label, expression, meaning)
    )


_PLACES: dict[str, Callable[[Drawing, Mark, list[Mark]], list[str]]] = {
    "row": in_row,
    "column": in_column,
    "band": in_band,
    "block": in_block,
}
