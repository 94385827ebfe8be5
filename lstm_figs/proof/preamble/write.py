"""The preamble: the Python code to run before the expressions of a figure.

It is the code a reader would write: build or load the module, set the input,
call it, and name the intermediate results. Then every expression of the figure
can be evaluated.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...model.layer_run import LayerRun
from ...model.tensors import Trace, signature
from .. import literals
from .truth import TRUTH_SETUP

RESULTS = (
    *("h_prev", "c_prev", "ih", "hh", "z_i", "z_f", "z_g", "z_o"),
    *("i", "f", "g", "o", "c", "tanh_c"),
)
"""The results that `preamble` defines, besides the module, `x`, `output`, `h_n`
and `c_n`."""

JACOBIANS = ("dh_dh_prev", "dc_dc_prev")
"""The Jacobians of each step; shape (seq_len, batch, hidden_size, hidden_size)."""

BLOCKS = ("blocks",)
"""A function that returns the Jacobians of one step for the first units."""

THROUGH_TIME = ("handed", "detached", "grad_bias_ih", "grad_bias_hh", "total")
"""The names that `preamble.gradients` defines. `total` is the gradient of the
final cell state with respect to each earlier one."""

PEEPHOLES = ("peephole", "own_h", "seeing_h")
"""The peephole weights, h without them, and h with them."""

ANSWERS = "answers"
"""The outputs of the whole module's read-out after each step, of shape
`(seq_len, batch, answers)`."""

TOKENS, TIMES = "tokens", "times"
"""The token of each step, or its time, if steps have them."""

TRUTH = ("depth", "inside")
"""The ground truth after each character of the text."""

PROBES = "lit"
"""For each gate, a bias in which only its band is nonzero."""


_QUOTED = re.compile(r"""[a-z]?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
"""A string literal of Python."""


def preamble(subject: LayerRun, expressions: Iterable[str], setup: str = "") -> str:
    """Python that makes all expressions valid.

    The call and the intermediate results are omitted if no expression uses
    them.

    Args:
        subject: The layer run of the figure.
        expressions: The expressions of the figure.
        setup: The figure's own code, which comes last. The names it uses are
            defined too.
    """
    names = _needed_names(subject, expressions, setup)
    origin = subject.trace.origin
    imports = "import functools\n\nimport torch" if names & set(BLOCKS) else "import torch"
    lines = [imports, "", origin.setup.strip()]
    if names & set(TRUTH) and origin.text:
        lines += ["", TRUTH_SETUP]
    if TOKENS in names and subject.trace.tokens:
        lines += ["", literals.tokens(subject.trace)]
    if TIMES in names and subject.trace.clock:
        lines += ["", literals.times(subject.trace)]
    called = {"output", "h_n", "c_n", *RESULTS, *JACOBIANS, *BLOCKS}
    module_variable = subject.module_variable
    templates = _call_templates(subject)
    if module_variable != subject.variable and names & {"x", *called, *THROUGH_TIME, *PEEPHOLES}:
        lines += ["", layer_as_module(subject)]
    suffix = "_l0" if templates is _MODULE else ""
    tensors = {
        name: f"{module_variable}.{name}{suffix}"
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
    }
    if names & called:
        lines += ["", templates.run.format(layer=module_variable)]
    if ANSWERS in names and origin.readout_setup:
        lines += ["", origin.readout_setup]
        lines.append("answers = torch.sigmoid(readout(output))")
    if names & {*RESULTS, *JACOBIANS, *BLOCKS}:
        lines += ["", templates.states.format(layer=module_variable)]
    if names & set(RESULTS):
        bias = (
            " + {bias_ih} + {bias_hh}".format(**tensors)
            if subject.weights.bias_ih is not None
            else ""
        )
        lines.append(_EQUATIONS.format(bias=bias, **tensors))
    if names & set(JACOBIANS):
        call = templates.step.format(layer=module_variable)
        lines += ["", _JACOBIANS.format(call=call)]
    if names & set(BLOCKS):
        lines += ["", _BLOCKS.format(call=templates.repeated.format(layer=module_variable))]
    # Import lazily what few figures need.
    if names & set(THROUGH_TIME):
        from . import gradients

        lines += gradients.lines(subject, names, tensors)
    if names & set(PEEPHOLES):
        from . import peepholes

        lines += peepholes.lines(subject, tensors)
    if PROBES in names:
        from . import probe

        lines += probe.lines(subject)
    if "outputs" in names:
        lines += ["", _outputs(subject.trace)]
    if subject.record is not None:
        lines += ["", subject.record.setup]
    if setup:
        lines += ["", setup]
    return "\n".join(lines) + "\n"


def _needed_names(subject: LayerRun, expressions: Iterable[str], setup: str) -> set[str]:
    """The names that the expressions and the figure's own code use."""
    # Ignore string literals and their prefixes when looking for names.
    unquoted = " ".join(_QUOTED.sub("", expression) for expression in expressions)
    names = {*re.findall(r"[a-z_]\w*", unquoted)}
    if "total" in names:
        names |= {"h_prev", "c_prev", "o"}
    if subject.record is not None:
        names.update(subject.record.needs)
    if setup:
        used, assigned = _used_and_assigned(setup)
        # A figure may assign its own `answers`.
        names -= assigned & {ANSWERS, TOKENS, *TRUTH, "outputs"}
        names |= {"x", *used}
    if ANSWERS in names:
        names.add("output")
    return names


def _used_and_assigned(setup: str) -> tuple[set[str], set[str]]:
    """The names that code uses without defining them, and those that it defines."""
    import symtable

    tables = [symtable.symtable(setup, "setup", "exec")]
    assigned = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned()}
    used: set[str] = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return used - assigned, assigned


def layer_as_module(subject: LayerRun) -> str:
    """Python that defines the shown layer as a module, and its input."""
    trace, weights, index = subject.trace, subject.weights, subject.index
    plain = replace(weights, layer=0, direction="forward")
    lines = ["# The layer that is shown, as a module, and what it receives."]
    if weights.layer:
        below = trace.weights[: weights.layer * (1 + trace.bidirectional)]
        lines += [
            f"below = torch.nn.{signature(below, 'LSTM')}",
            "below.load_state_dict(lstm.state_dict(), strict=False)",
            f"x = below(x, (h_0[:{len(below)}], c_0[:{len(below)}]))[0].detach()",
        ]
    names = ", ".join(f'"{name}"' for name in weights.parameters())
    lines += [
        f"layer = torch.nn.{signature((plain,), 'LSTM')}",
        "layer.load_state_dict({",
        f'    f"{{name}}_l0": getattr(lstm, f"{{name}}{weights.suffix}")',
        f"    for name in ({names})",
        "})",
        f"h_0, c_0 = h_0[{index}:{index + 1}], c_0[{index}:{index + 1}]",
    ]
    if weights.direction == "reverse":
        lines.append("x = x.flip(0)")
    return "\n".join(lines)


def _outputs(trace: Trace) -> str:
    """Python that defines the output of each layer."""
    lines = ["# The output of each layer: the module, cut off above it."]
    lines.append("outputs = []")
    for layer in range(trace.num_layers):
        parts = (layer + 1) * (1 + trace.bidirectional)
        part = signature(trace.weights[:parts], "LSTM")
        lines += [
            f"part = torch.nn.{part}",
            "part.load_state_dict(lstm.state_dict(), strict=False)",
            f"outputs.append(part(x, (h_0[:{parts}], c_0[:{parts}]))[0])",
        ]
    return "\n".join(lines)


@dataclass(frozen=True)
class _CallTemplates:
    """Templates of code that runs a module, one set for each way of calling it.

    Attributes:
        run: All steps, from the initial state.
        states: The state after each step, and the initial one.
        step: The state after one step of one sequence.
        repeated: The state after one step of a batch of equal sequences.
    """

    run: str
    states: str
    step: str
    repeated: str


_MODULE = _CallTemplates(
    run="output, (h_n, c_n) = {layer}(x, (h_0, c_0))",
    states="""\
# The state after each step, and the state that each step starts from.
h_prev, c = torch.cat([h_0, output[:-1]]), [c_0]
for x_t, h_t in zip(x, h_prev):
    c.append({layer}(x_t[None], (h_t[None], c[-1]))[1][1])
c_prev, c = torch.cat(c[:-1]), torch.cat(c[1:])""",
    step="{layer}(x[t, n][None], (h[None], c[None]))[1]",
    repeated="{layer}(x[t, :1].repeat(1, count, 1), (h[None], c[None]))[1]",
)
"""The calls of `nn.LSTM`."""

_CELL = _CallTemplates(
    run="""\
h_n, c_n = {layer}(x[0], (h_0[0], c_0[0]))
output = h_n[None]""",
    states="c, h_prev, c_prev = c_n[None], h_0, c_0",
    step="{layer}(x[t, n], (h, c))",
    repeated="{layer}(x[t, :1].repeat(count, 1), (h, c))",
)
"""The calls of `nn.LSTMCell` for a single step."""

_CELL_IN_A_LOOP = replace(
    _CELL,
    run="""\
h, c = [h_0[0]], [c_0[0]]
for x_t in x:
    after = {layer}(x_t, (h[-1], c[-1]))
    h, c = [*h, after[0]], [*c, after[1]]
output, h_n, c_n = torch.stack(h[1:]), h[-1], c[-1]""",
    states="""\
h_prev, c_prev = torch.stack(h[:-1]), torch.stack(c[:-1])
c = torch.stack(c[1:])""",
)
"""The calls of `nn.LSTMCell` for several steps."""


def _call_templates(subject: LayerRun) -> _CallTemplates:
    """The templates for the class of the module and the number of steps."""
    if subject.trace.kind == "LSTM":
        return _MODULE
    return _CELL if len(subject.steps) == 1 else _CELL_IN_A_LOOP


_EQUATIONS = """\
ih, hh = x @ {weight_ih}.T, h_prev @ {weight_hh}.T
z_i, z_f, z_g, z_o = (ih + hh{bias}).chunk(4, dim=-1)
i, f, g, o = z_i.sigmoid(), z_f.sigmoid(), z_g.tanh(), z_o.sigmoid()
tanh_c = c.tanh()"""
"""Python that computes the sums and the gates."""

_JACOBIANS = """\
# The derivatives of each step by the state that it starts from.
dh_dh_prev, dc_dc_prev = (
    s.new_zeros(*s.shape, s.shape[-1]) for s in (h_prev, c_prev)
)
for t in range(len(x)):
    for n in range(x.shape[1]):
        ((dh_dh_prev[t, n], _), (_, dc_dc_prev[t, n])) = (
            torch.autograd.functional.jacobian(
                lambda h, c: {call}, (h_prev[t, n], c_prev[t, n])
            )
        )"""
"""Python that computes the derivatives of each step."""

_BLOCKS = """\
# The derivatives of the first units of a step by the states of the same units.
@functools.cache
def blocks(t, count):
    h = h_prev[t, :1].detach().repeat(count, 1).requires_grad_()
    c = c_prev[t, :1].detach().repeat(count, 1).requires_grad_()
    # Each row of the batch is there for one unit.
    h_t, c_t = {call}
    h_t, c_t = h_t.view(count, -1), c_t.view(count, -1)
    (by_h,) = torch.autograd.grad(h_t.diagonal().sum(), h, retain_graph=True)
    (by_c,) = torch.autograd.grad(c_t.diagonal().sum(), c)
    return by_h[: h.shape[1], :count], by_c[:, :count]"""
"""Python that computes the derivatives for some units only."""
