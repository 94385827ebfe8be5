"""Named faults: mistakes that people make, most of which no proof once saw."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class NamedFault(NamedTuple):
    """A fault with a name.

    Attributes:
        name: What is wrong.
        figure: The figure that shows it; empty if none does.
        path: The file, relative to the project.
        before: Text that occurs once in the file.
        after: The text that replaces it.
        tests: Arguments of pytest, for a fault that no proof of a figure can see.
        also: A second text and its replacement, where two places are swapped.
    """

    name: str
    figure: str
    path: str
    before: str
    after: str
    tests: tuple[str, ...] = ()
    also: tuple[str, str] | None = None


PICTURES = ("tests/test_raster_and_pdf.py", "tests/browser/test_pictures.py")

NAMED_FAULTS = (
    NamedFault(
        "row indices are one too high",
        "four-weights",
        "lstm_figs/figures/four_weights.py",
        "*index,\n"
        "                str(gate_sum.row),\n"
        '                {"row": gate_sum.row},\n'
        "                gate_sum.ids,\n"
        "                along,",
        "*index,\n"
        "                str(gate_sum.row + 1),\n"
        '                {"row": gate_sum.row + 1},\n'
        "                gate_sum.ids,\n"
        "                along,",
    ),
    NamedFault(
        "x[j] is called x[j + 1]",
        "four-weights",
        "lstm_figs/figures/four_weights.py",
        '*at,\n            f"x[{j}]",\n            {"input": j},',
        '*at,\n            f"x[{j + 1}]",\n            {"input": j + 1},',
    ),
    NamedFault(
        "red is said to be positive",
        "four-weights",
        "lstm_figs/figures/four_weights.py",
        "blue is positive, red is negative",
        "red is positive, blue is negative",
    ),
    NamedFault(
        "a line is as thick as its weight is small",
        "four-weights",
        "lstm_figs/layout/motifs/sums.py",
        "scale(min(max_magnitude, abs(size))) if finite",
        "scale(max_magnitude - min(max_magnitude, abs(size))) if finite",
    ),
    NamedFault(
        "the nodes of f and g change places",
        "four-weights",
        "lstm_figs/figures/four_weights.py",
        "x,\n"
        "                y,\n"
        "                gate_sum.gate,\n"
        '                {"gate": gate_sum.gate},\n'
        "                gate_sum.ids,\n"
        "                along,",
        "x,\n"
        "                y,\n"
        '                dict(f="g", g="f").get( gate_sum.gate, gate_sum.gate),\n'
        '                {"gate": dict(f="g", g="f").get( gate_sum.gate, gate_sum.gate)},\n'
        "                gate_sum.ids,\n"
        "                along,",
    ),
    NamedFault(
        "the lead says the next unit",
        "four-weights",
        "lstm_figs/figures/four_weights.py",
        "(unit, str(unit)),\n        ),\n        provenance",
        "(unit + 1, str(unit + 1)),\n        ),\n        provenance",
    ),
    NamedFault(
        "h_n is framed one step early",
        "gates-over-time",
        "lstm_figs/figures/gates_over_time.py",
        "self.frame(last, last_name, bound",
        "self.frame(max(0, last - 1), last_name, bound",
    ),
    NamedFault(
        "steps are called units",
        "gates-over-time",
        "lstm_figs/figures/gates_over_time.py",
        'count_item("step", count, "len(x)")',
        'count_item("unit", count, "len(x)")',
    ),
    NamedFault(
        "a curve is shifted by a step",
        "gates-over-time",
        "lstm_figs/layout/motifs/over_time.py",
        "zip(steps.ts, values.values.tolist(), strict=True)",
        "zip(steps.ts, np.roll(values.values, -1).tolist(), strict=True)",
    ),
    NamedFault(
        "the area of weight_hh is doubled",
        "parameter-count",
        "lstm_figs/figures/parameter_count.py",
        "width = self.cell_width * tensor.numel / rows\n",
        'width = self.cell_width * tensor.numel / rows * (1 + (tensor.term == "weight_hh"))\n',
    ),
    NamedFault(
        "bands of a heat map stand in the order i, g, f, o",
        "weight-map",
        "lstm_figs/layout/motifs/matrix.py",
        "for k, gate in enumerate(GATES):\n            top, gate_ids",
        'for k, gate in enumerate("igfo"):\n            top, gate_ids',
    ),
    NamedFault(
        "row indices of bands are one too high",
        "weight-map",
        "lstm_figs/layout/motifs/weight_rows.py",
        'str(row),\n                    {"row": row},',
        'str(row + 1),\n                    {"row": row + 1},',
    ),
    NamedFault(
        "cells have the hue of the other sign",
        "weight-map",
        "lstm_figs/layout/motifs/weight_rows.py",
        "'pos' if value > 0 else 'neg'",
        "'pos' if value < 0 else 'neg'",
    ),
    NamedFault(
        "no block is said to be beyond the colours",
        "weight-map",
        "lstm_figs/layout/motifs/heat.py",
        "int(np.count_nonzero(values > end))",
        "0",
    ),
    NamedFault(
        "the description says the numbers of another gate",
        "cell",
        "lstm_figs/layout/motifs/step_vectors.py",
        '**{gate: f"gate {gate}" for gate in GATES}',
        '**{gate: f"gate {GATES[-1 - GATES.index(gate)]}" for gate in GATES}',
    ),
    NamedFault(
        "a gate is near 1 from 0.8 on",
        "gate-functions",
        "lstm_figs/figures/gate_functions.py",
        'SHARE = (Limit(">", 0.9)',
        'SHARE = (Limit(">", 0.8)',
    ),
    NamedFault(
        "f has the colour of g",
        "",
        "lstm_figs/scene/theme.py",
        '"gate-f": ("#b4520a", "#f0a35e")',
        '"gate-f": ("#00795c", "#2fc79a")',
        ("tests/test_theme.py",),
    ),
    NamedFault(
        "the default step is the first, in which nothing is kept",
        "",
        "lstm_figs/figures/cell.py",
        "step: int = 2) -> Diagram",
        "step: int = 1) -> Diagram",
        ("tests/figures/test_defaults.py",),
    ),
    NamedFault(
        "a PNG has half its size",
        "",
        "lstm_figs/render/__init__.py",
        "SCALE = 2.0\n",
        "SCALE = 1.0\n",
        ("tests/cli/test_pictures.py",),
    ),
    NamedFault(
        "the term of i has the words of f",
        "",
        "lstm_figs/scene/terms.py",
        '"How much of g is let in."',
        '"How much of c is kept."',
        ("tests/test_terms.py",),
    ),
    NamedFault(
        "an error gives no advice",
        "",
        "lstm_figs/layout/unit_choice.py",
        "each once; leave some out",
        "each once",
        ("tests/figures/reading/test_reading.py", "-k", "refused"),
    ),
    # Arrows
    NamedFault(
        "the heads of arrows along corners stand where they begin",
        "cell",
        "lstm_figs/layout/panels.py",
        "_head(corners[-2], corners[-1], paint) if head",
        "(corners[-1], _head(corners[1], corners[0], paint)[1]) if head",
    ),
    NamedFault(
        "the heads of arrows stand where they begin",
        "directions",
        "lstm_figs/layout/panels.py",
        "_head(points[-2], points[-1], paint) if head",
        "(points[-1], _head(points[1], points[0], paint)[1]) if head",
    ),
    NamedFault(
        "the heads of arrows are turned",
        "unrolled",
        "lstm_figs/layout/panels.py",
        '("M", tip), ("L", behind(8, 3.6)), ("L", behind(8, -3.6)),',
        '("M", behind(8)), ("L", behind(0, 3.6)), ("L", behind(0, -3.6)),',
    ),
    NamedFault(
        "wires join where none does",
        "cell",
        "lstm_figs/figures/cell.py",
        "wires.junction(columns.entry, levels.h),",
        "wires.junction(columns.entry, levels.c),",
    ),
    # Signs
    NamedFault(
        "× and + change places",
        "cell",
        "lstm_figs/figures/cell.py",
        'SIGNS = {"kept": "×", "written": "×", "c": "+",',
        'SIGNS = {"kept": "+", "written": "×", "c": "×",',
    ),
    NamedFault(
        "the functions of f and g change places",
        "cell",
        "lstm_figs/figures/cell.py",
        "GATE_NAMES[gate].function),",
        'GATE_NAMES[dict(f="g", g="f").get(gate, gate)].function),',
    ),
    NamedFault(
        "tick and cross change places",
        "wrong-way",
        "lstm_figs/layout/blocks.py",
        "verdict_sign(SIGN_RADIUS, 9, right=right)",
        "verdict_sign(SIGN_RADIUS, 9, right=not right)",
    ),
    # Order of painting
    NamedFault(
        "the frame is painted last",
        "cell",
        "lstm_figs/figures/cell.py",
        "            frame,\n            *self.inputs(),\n            *self.gates(),",
        "            *self.inputs(),\n            *self.gates(),",
        also=("            *self.output(),\n", "            *self.output(),\n            frame,\n"),
    ),
    # Looks
    NamedFault(
        "what there is is solid, and what passes dashed",
        "keep-write-show",
        "lstm_figs/layout/motifs/gauges.py",
        "            dash=styles.CELL.back.dash,\n            stroke=gauge.outline,",
        "            \n            stroke=gauge.outline,",
        also=(
            "gauge.start, gauge.passed, y, height),\n            fill=gauge.paint,",
            "gauge.start, gauge.passed, y, height),\n"
            "            fill=gauge.paint, dash=styles.CELL.back.dash,",
        ),
    ),
    NamedFault(
        "another curve is dashed",
        "forget-bias",
        "lstm_figs/figures/forget_bias.py",
        'dash=styles.OTHER if is_own else "",',
        'dash="" if is_own else styles.OTHER ,',
    ),
    NamedFault(
        "the line of the rest is solid",
        "four-weights",
        "lstm_figs/layout/motifs/sums.py",
        'stroke="muted", dash="1.5 3")',
        'stroke="muted")',
    ),
    NamedFault(
        "the wire of c is thin, and all others are heavy",
        "cell",
        "lstm_figs/figures/cell.py",
        'wires.CELL_WIRE_WIDTH if paint == "c" and on_line else wires.WIRE_WIDTH',
        'wires.WIRE_WIDTH if paint == "c" and on_line else wires.CELL_WIRE_WIDTH',
    ),
    NamedFault(
        "another unit stands out",
        "hidden-size",
        "lstm_figs/figures/hidden_size.py",
        "style=words.STRONG if unit == self.first else",
        "style=words.STRONG if unit == self.units[-1] else",
    ),
    NamedFault(
        "the rows of another unit stand out",
        "hidden-size",
        "lstm_figs/figures/hidden_size.py",
        "strong = unit == self.first\n        look",
        "strong = unit == self.units[-1]\n        look",
    ),
    NamedFault(
        "the first states are filled, not the last",
        "shapes",
        "lstm_figs/layout/motifs/layer_stack.py",
        "if strong and t == self.last(index)",
        "if strong and t == self.steps.indices[0]",
    ),
    NamedFault(
        "the states of the other end are filled",
        "directions",
        "lstm_figs/figures/directions.py",
        'strong=LAST_STEP_CLAIM if t == direction.last else "",',
        'strong=LAST_STEP_CLAIM if t == len(direction.values) - 1 - direction.last else "",',
    ),
    NamedFault(
        "all nodes but leaves have corners",
        "autograd",
        "lstm_figs/figures/autograd.py",
        "radius=0 if is_leaf else 6,",
        "radius=6 if is_leaf else 0,",
    ),
    NamedFault(
        "the box of f is tinted as that of i",
        "cell",
        "lstm_figs/layout/motifs/wires.py",
        "fill=tint(paint),\n"
        "            stroke=paint,\n"
        "            stroke_width=1.5,\n"
        "            term=letter,",
        'fill=tint(paint.replace("-f", "-i")),\n'
        "            stroke=paint,\n"
        "            stroke_width=1.5,\n"
        "            term=letter,",
    ),
    # Legends
    NamedFault(
        "the colours of a scale are reversed",
        "weight-map",
        "lstm_figs/layout/motifs/heat.py",
        "for k, share in enumerate(shares.tolist()):",
        "for k, share in enumerate(shares.tolist()[::-1]):",
    ),
    NamedFault(
        "the largest number stands at the other end of its scale",
        "weight-map",
        "lstm_figs/layout/motifs/heat.py",
        "return ends if float(end.value) < 0 else ends[::-1]",
        "return ends if float(end.value) > 0 else ends[::-1]",
    ),
    NamedFault(
        "the samples of lines have each other's dash",
        "reading",
        "lstm_figs/figures/reading/legend.py",
        "d=d, compact=False,",
        'd=d, dash="" if mark.dash else "3 3", compact=False,',
    ),
    NamedFault(
        "the swatches of weight_ih and weight_hh change places",
        "parameter-count",
        "lstm_figs/figures/parameter_count.py",
        "radius=1.5,\n                fill=PAINTS[tensor.term],",
        "radius=1.5,\n"
        "                fill=PAINTS[dict(\n"
        '                    weight_ih="weight_hh", weight_hh="weight_ih"\n'
        "                ).get(tensor.term, tensor.term)],",
    ),
    # Notes below figures
    NamedFault(
        "the foot says the next layer",
        "cell",
        "lstm_figs/model/layer_run.py",
        "(self.layer, str(self.layer)),",
        "(self.layer + 1, str(self.layer + 1)),",
    ),
    NamedFault(
        "the foot says the last sequence",
        "cell",
        "lstm_figs/model/layer_run.py",
        'values = ((1, "1"), (count,',
        "values = ((count, str(count)), (count,",
    ),
    NamedFault(
        "the foot says forward for reverse",
        "gates-over-time",
        "lstm_figs/model/layer_run.py",
        "values.append((self.direction, f'\"{self.direction}\"'))",
        'values.append(("forward", \'"forward"\'))',
    ),
    NamedFault(
        "the foot says that another tensor is negated",
        "directions",
        "lstm_figs/proof/runs/batches.py",
        'weight_ih negated."',
        'weight_hh negated."',
    ),
    NamedFault(
        "the first layer is drawn, whichever is named",
        "cell",
        "lstm_figs/model/layer_run.py",
        "return self.trace.index(self.layer, self.direction)",
        "return self.trace.index(0, self.direction)",
    ),
    # Text
    NamedFault(
        "the captions of loop and calls change places",
        "unrolled",
        "lstm_figs/figures/unrolled.py",
        '_caption(0, "as a loop", width)',
        '_caption(0, "written out", width)',
        also=('_caption(0, "written out", self.space)', '_caption(0, "as a loop", self.space)'),
    ),
    NamedFault(
        "the captions of stored rows and units change places",
        "hidden-size",
        "lstm_figs/figures/hidden_size.py",
        '("as stored", (self.stored.left',
        '("by unit", (self.stored.left',
        also=('("by unit", (self.left', '("as stored", (self.left'),
    ),
    NamedFault(
        "the titles of two mistakes change places",
        "wrong-way",
        "lstm_figs/figures/wrong_way/states.py",
        '"A view of h_n mixes the sequences"',
        '"The last row of h_n is only the reverse state"',
        also=(
            'sentence("The last row of h_n is only the reverse state"),\n'
            '        sentence(\n            "With two',
            'sentence("A view of h_n mixes the sequences"),\n'
            "        sentence(\n"
            '            "With two',
        ),
    ),
    NamedFault(
        "the wrong way is called right, and the right one wrong",
        "wrong-way",
        "lstm_figs/figures/wrong_way/__init__.py",
        "SideBlock(side, name, chosen.claim(name), lines, space)",
        'SideBlock(side, {"wrong": "right", "right": "wrong"}[name], '
        'chosen.claim({"wrong": "right", "right": "wrong"}[name]), lines, space)',
    ),
    # Positions
    NamedFault(
        "how far rows are apart is said beside one of them",
        "hidden-size",
        "lstm_figs/figures/hidden_size.py",
        "y = (self.row_middle(first, self.first) + self.row_middle(second, self.first)) / 2",
        "y = self.row_middle(second, self.first)",
    ),
    NamedFault(
        "what a dotted line is stands at the other end of the axis",
        "forget-bias",
        "lstm_figs/figures/forget_bias.py",
        "x = min(at, self.across.stop - width / 2)",
        "x = self.across.start + width / 2",
    ),
    NamedFault(
        "two loops cross",
        "unrolled",
        "lstm_figs/figures/unrolled.py",
        '("c", "c_prev", self.c, 18.0, top - 12),',
        '("c", "c_prev", self.c, 18.0, top - 36),',
    ),
    NamedFault(
        "arrows leave the corners of their rows",
        "batch",
        "lstm_figs/figures/batch.py",
        "(HEADING_HEIGHT + (line + 0.5) * ROW_HEIGHT, n)",
        "(HEADING_HEIGHT + line * ROW_HEIGHT, n)",
    ),
    NamedFault(
        "a bar begins beside its number",
        "gate-order",
        "lstm_figs/figures/gate_order.py",
        "*bar(value, bars, 0, (middle, y + 18), look,",
        "*bar(value, bars, 0, (x + 4, y + 18), look,",
    ),
    NamedFault(
        "the name of a unit leads to the row of another",
        "unit-map",
        "lstm_figs/figures/unit_map.py",
        '("L", (right, middle))',
        '("L", (right, y))',
    ),
    NamedFault(
        "a scale stands between its map and the one above",
        "gates-over-time",
        "lstm_figs/figures/gates_over_time.py",
        "corner = (steps.right + 20, (y + bottom) / 2 - 14)",
        "corner = (steps.right + 20, y - 14)",
    ),
    NamedFault(
        "a bar cannot be seen on another",
        "weight-map",
        "lstm_figs/figures/weight_map.py",
        '(f"bias-{gate}", percentiles.ends, 2.0),',
        '(f"bias-{gate}", percentiles.ends, self.bar_height),',
    ),
    NamedFault(
        "bars lie over a part of others",
        "direct-path",
        "lstm_figs/figures/direct_path.py",
        '"ink:70", 1),',
        '"ink:70", -8),',
    ),
    NamedFault(
        "the numbers of an axis stand on columns",
        "units",
        "lstm_figs/figures/units/strips.py",
        "*(words.tick(columns.left - 6, scale(v),",
        "*(words.tick(columns.left + 14, scale(v),",
    ),
    NamedFault(
        "the lead begins right of the title",
        "perceptron",
        "lstm_figs/render/frame.py",
        "side, y + 2, head.lead,",
        "side + 14, y + 2, head.lead,",
    ),
    # Wrong quantities, in words and in drawings
    NamedFault(
        "the sum is called by the name of the input",
        "perceptron",
        "lstm_figs/figures/perceptron.py",
        'name_y,\n            "y",\n            {"tensor": "ih", "row": ROW}',
        'name_y,\n            "x",\n            {"tensor": "ih", "row": ROW}',
    ),
    NamedFault(
        "the title tells of the bias before the last",
        "forget-bias",
        "lstm_figs/figures/forget_bias.py",
        '(BIASES[-1], f"[*forget][{len(BIASES) - 1}]"),',
        '(BIASES[-2], f"[*forget][{len(BIASES) - 2}]"),',
    ),
    NamedFault(
        "the lengths of c and h change places, with their expressions",
        "projection",
        "lstm_figs/figures/projection.py",
        '(sizes.hidden_size, "c.shape[-1]"),\n            '
        '(sizes.proj_size, f"{module}.proj_size"),',
        '(sizes.proj_size, f"{module}.proj_size"),\n            '
        '(sizes.hidden_size, "c.shape[-1]"),',
    ),
    NamedFault(
        "steps and those of padding change places, with their expressions",
        "padding",
        "lstm_figs/figures/padding.py",
        'count_item("step", self.length, "len(sequence)"),\n'
        '                ("{} of padding", self.padding, "len(zeros)"),',
        'count_item("step", self.padding, "len(zeros)"),\n'
        '                ("{} of padding", self.length, "len(sequence)"),',
    ),
    NamedFault(
        "the outline around h is c, not tanh c",
        "cell-output",
        "lstm_figs/layout/motifs/step_vectors.py",
        "self.scale_max, self.values(operand), outline)",
        'self.scale_max, self.values(dict(tanh_c="c").get(operand, operand)), outline)',
    ),
    NamedFault(
        "the outline of a write ends where nothing is forgotten",
        "keep-write-show",
        "lstm_figs/figures/keep_write_show/panels.py",
        "g[unit], (retained + g)[unit], c,",
        'g[unit], (subject.vector("c_prev", t) + g)[unit], c,',
    ),
    NamedFault(
        "what is read leads to the step after",
        "directions",
        "lstm_figs/figures/directions.py",
        '(x, start), (x, end), tail=id, head=f"{name}-{t}", term=term',
        "(x, start), (self.lefts[min(t + 1, max(self.lefts))] + "
        "self.chip.width / 2, end), tail=id, "
        'head=f"{name}-{min(t + 1, max(self.lefts))}", term=term',
    ),
    NamedFault(
        "another axis is marked than that which does not fit",
        "",
        "lstm_figs/figures/error/states.py",
        'marked_axes=("hidden_size",),\n                remark="not hidden_size",',
        'marked_axes=("batch",),\n                remark="not hidden_size",',
        ("tests/figures/error/test_error.py",),
    ),
    NamedFault(
        "the term of h_n has the words of c_n",
        "",
        "lstm_figs/scene/terms.py",
        '"The hidden state of the last step."',
        '"The cell state of the last step."',
        ("tests/test_terms.py",),
    ),
    # Steps, layers and sequences that differ from the text next to them
    NamedFault(
        "in reverse c goes on to the step before",
        "keep-write-show",
        "lstm_figs/figures/keep_write_show/texts.py",
        '    next_label = subject.step_number(t + 1)\n    return sentence(\n        "c stays',
        '    next_label = subject.step_number(t ) + 1\n    return sentence(\n        "c stays',
    ),
    NamedFault(
        "in reverse another step is drawn than is asked for",
        "cell-output",
        "lstm_figs/figures/cell_output.py",
        "subject.step_index(step)",
        'subject.check("step", step, len(subject.steps), 1) - 1',
    ),
    NamedFault(
        "of two layers nothing says which one is shown",
        "directions",
        "lstm_figs/figures/directions.py",
        "if trace.num_layers > 1:",
        "if trace.num_layers > 2:",
    ),
    NamedFault(
        "nothing says that one step is left out",
        "direct-path",
        "lstm_figs/figures/direct_path.py",
        "        if first > 1:\n",
        "        if first > 2:\n",
    ),
    NamedFault(
        "the scale of bars leaves out what is largest",
        "cell",
        "lstm_figs/layout/motifs/step_vectors.py",
        'names = ("c_prev", "c", "kept", "written", "g", "h_prev", "h")',
        'names = ("c_prev", "kept", "written", "g", "h_prev", "h")',
    ),
    NamedFault(
        "the axis of a projection is called by the length of c",
        "shapes",
        "lstm_figs/figures/shapes.py",
        'named = words_of if name == "c_n" else',
        'named = words_of if name != "output" else',
    ),
    NamedFault(
        "bars in order of length have the tones of their places",
        "packed",
        "lstm_figs/figures/packed/bars.py",
        "fill=tones(sequence)[0] if are_few",
        "fill=tones(place)[0] if are_few",
    ),
    NamedFault(
        "beside blocks of weights nothing says what blue and red are",
        "batch",
        "lstm_figs/figures/batch.py",
        "if any(not weight_map.cells.is_folded for weight_map in maps):",
        "if all(not weight_map.cells.is_folded for weight_map in maps):",
    ),
    NamedFault(
        "a sequence is said to become a batch of its steps",
        "",
        "lstm_figs/figures/error/states.py",
        "Give both a batch, x.unsqueeze(1), or",
        "Give both a batch, x.unsqueeze(0), or",
        ("tests/figures/error/test_remedies.py",),
    ),
    # Choices
    NamedFault(
        "the inputs of the largest weights are drawn",
        "four-weights",
        "lstm_figs/layout/motifs/sums.py",
        "weight_ih[list(rows)] * subject.steps[t].x[0]",
        "weight_ih[list(rows)]",
    ),
    NamedFault(
        "the units that change least are drawn",
        "reading",
        "lstm_figs/layout/unit_choice.py",
        "first = int(sizes.argmax())",
        "first = int(sizes.argmin())",
    ),
    NamedFault(
        "the smallest writes are told",
        "writes",
        "lstm_figs/figures/writes/total.py",
        "key=lambda k: (-round(sizes[k], 6), k)",
        "key=lambda k: (round(sizes[k], 6), k)",
    ),
    # Colours
    NamedFault(
        "blue and red change places in the dark",
        "",
        "lstm_figs/scene/theme.py",
        '"pos": ("#2a4ab6", "#6b84f2")',
        '"pos": ("#2a4ab6", "#dd6672")',
        ("tests/test_theme.py",),
        also=('("#a8223a", "#dd6672")', '("#a8223a", "#6b84f2")'),
    ),
    NamedFault(
        "rules cannot be seen in the dark",
        "",
        "lstm_figs/scene/theme.py",
        '"rule": ("#ccd1d9", "#474d59")',
        '"rule": ("#ccd1d9", "#22252c")',
        ("tests/test_theme.py",),
    ),
    NamedFault(
        "h and c have each other's colour",
        "",
        "lstm_figs/scene/theme.py",
        '"h": ("#3d4658", "#c3cad8")',
        '"h": ("#0e1118", "#ffffff")',
        ("tests/test_theme.py",),
        also=('"c": ("#0e1118", "#ffffff")', '"c": ("#3d4658", "#c3cad8")'),
    ),
    NamedFault(
        "c has the colour of h in the dark",
        "",
        "lstm_figs/scene/theme.py",
        '"c": ("#0e1118", "#ffffff")',
        '"c": ("#0e1118", "#c3cad8")',
        ("tests/test_theme.py",),
    ),
    # Pages
    NamedFault(
        "a proof prints its first number in every line",
        "",
        "lstm_figs/html/proof_script.py",
        "{printed!r:>9}, {expr})",
        "{printed!r:>9}, {next(iter(pairs))})",
        (
            "tests/site/test_site.py::"
            "test_a_proof_prints_the_value_of_every_number_without_a_warning",
        ),
    ),
    NamedFault(
        "a page shows the step after the one that it tells of",
        "",
        "docs/keep-write-show.md",
        "lstm-live | keep-write-show --network brackets --step 8\n",
        "lstm-live | keep-write-show --network brackets --step 9\n",
        ("tests/site/test_facts.py",),
    ),
    NamedFault(
        "a page shows a step where it tells of the usual one",
        "",
        "docs/step.md",
        "lstm-figure | cell\n",
        "lstm-figure | cell --step 3\n",
        ("tests/site/test_facts.py",),
    ),
    # Pictures
    NamedFault(
        "pictures have no paths",
        "",
        "lstm_figs/render/paint.py",
        "self._shape(mark, _outline(mark), share * mark.opacity)",
        "pass",
        PICTURES,
    ),
    NamedFault(
        "what is filled in a picture has the colour of its edge",
        "",
        "lstm_figs/render/paint.py",
        "to_rgba(colour(mark.fill, self.scheme), share)",
        "to_rgba(colour(mark.stroke or mark.fill, self.scheme), share)",
        PICTURES,
    ),
    NamedFault(
        "a picture has the colours of the other scheme",
        "",
        "lstm_figs/render/paint.py",
        "self.scheme = scheme\n",
        'self.scheme = "light" if scheme == "dark" else "dark"\n',
        PICTURES,
    ),
    NamedFault(
        "boxes of a picture are mirrored",
        "",
        "lstm_figs/render/paint.py",
        "x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height",
        "x, y = 720 - box.x - box.width, box.y\n    right, bottom = 720 - box.x, y + box.height",
        PICTURES,
    ),
    NamedFault(
        "dashes of a picture have the gaps for lines",
        "",
        "lstm_figs/render/paint.py",
        "for n in mark.dash.split()])",
        "for n in mark.dash.split()[::-1]])",
        PICTURES,
    ),
    NamedFault(
        "a PNG has no code",
        "",
        "lstm_figs/render/paint.py",
        "            painter.outlined(mark, share)\n",
        "            mark.mono or painter.outlined(mark, share)\n",
        PICTURES,
    ),
    NamedFault(
        "a PDF has no bold text",
        "",
        "lstm_figs/render/paint.py",
        "            painter.written(mark, share)\n",
        "            mark.bold or painter.written(mark, share)\n",
        PICTURES,
    ),
    NamedFault(
        "words that step back are strong in a PNG",
        "",
        "lstm_figs/render/paint.py",
        "            painter.outlined(mark, share)\n",
        "            painter.outlined(mark, 1)\n",
        PICTURES,
    ),
    NamedFault(
        "letters of other fonts begin in the middle of their place",
        "",
        "lstm_figs/render/paint.py",
        "share = (text.x - x) / text.width",
        "share = 0.0",
        PICTURES,
    ),
    NamedFault(
        "a PNG is a bit too small",
        "",
        "lstm_figs/render/paint.py",
        "Affine2D().scale(scale, -scale)",
        "Affine2D().scale(0.97 * scale, -0.97 * scale)",
        PICTURES,
    ),
    NamedFault(
        "boxes of a PNG are painted last",
        "",
        "lstm_figs/render/paint.py",
        "    for mark, share in visible_marks(sheet.marks):\n"
        "        if isinstance(mark, Text):\n"
        "            painter.outlined",
        "    last = lambda pair: isinstance(pair[0], Box) and bool(pair[0].x)\n"
        "    for mark, share in sorted(visible_marks(sheet.marks), key=last):\n"
        "        if isinstance(mark, Text):\n"
        "            painter.outlined",
        PICTURES,
    ),
    NamedFault(
        "a PNG is mirrored",
        "",
        "lstm_figs/render/paint.py",
        "fromarray(np.asarray(renderer.buffer_rgba()))",
        "fromarray(np.asarray(renderer.buffer_rgba())[:, ::-1].copy())",
        PICTURES,
    ),
    NamedFault(
        "an arrow goes on past one step that is left out, without dots",
        "directions",
        "lstm_figs/layout/motifs/layer_stack.py",
        "        if abs(after - before) > 1:\n",
        "        if abs(after - before) > 2:\n",
    ),
    NamedFault(
        "the last axis of a projected h_0 is called hidden_size",
        "error",
        "lstm_figs/figures/error/__init__.py",
        '"proj_size" if sizes.is_projected else "hidden_size"',
        '"hidden_size"',
    ),
    NamedFault(
        "a third layer is said to read one half of two",
        "layers",
        "lstm_figs/figures/layers.py",
        "    is_bidirectional = subject.trace.bidirectional\n    weight",
        "    is_bidirectional = subject.trace.bidirectional and layer == 1\n    weight",
    ),
    NamedFault(
        "a note that biases were added is left out",
        "",
        "lstm_figs/figures/wrong_way/parameters.py",
        "            *([missing] if weights.bias_ih is None else ()),\n",
        "",
        # A missing row only shows when all drawings are compared.
        tests=("tests/binding/test_figures.py", "-k", "wrong-way"),
    ),
)


def faults(root: Path) -> Iterator[dict[str, object]]:
    """The named faults, in the format of `sample`.

    Raises:
        LookupError: If the text to change does not occur exactly once.
    """
    for fault in NAMED_FAULTS:
        text = (root / fault.path).read_text(encoding="utf-8")
        pairs = [(fault.before, fault.after), *([fault.also] if fault.also else [])]
        changed = text
        for before, after in pairs:
            if text.count(before) != 1:
                raise LookupError(
                    f"got {text.count(before)} places with {before!r} in "
                    f"{fault.path}, expected one; write the fault {fault.name!r} "
                    "anew"
                )
            changed = changed.replace(before, after)
        yield {
            "name": fault.name,
            "figure": fault.figure,
            "path": fault.path,
            "line": text[: text.index(fault.before)].count("\n") + 1,
            "operator": "named",
            "before": fault.before,
            "after": fault.after,
            "code": changed,
            "tests": fault.tests,
        }
