"""Faults in the graph of gradients are red as well."""

import re

import pytest

import lstm_figs
from lstm_figs.figures import autograd
from lstm_figs.render.svg import escape
from tests.binding.checking import faults
from tests.binding.drawing import drawing
from tests.binding.test_faults import wrapped


def to_the_other_gate(edge, tail, head, paint, term):
    """An arrow that is drawn and said to go to i, where it goes to f."""
    return edge(tail, {"f": "i"}.get(head, head), paint, term)


def said_to_another(edge, tail, head, paint, term):
    """The right arrow, which is said to go elsewhere."""
    drawn = edge(tail, head, paint, term)
    (flow,) = drawn.bound
    flow = flow._replace(head=flow.head.replace("bias_ih", "bias_hh"))
    return drawn._replace(bound=(flow,))


def turned_round(edge, tail, head, paint, term):
    """An arrow as what is computed goes, not its gradient."""
    if (tail, head) == ("z", "ih"):
        tail, head = head, tail
    return edge(tail, head, paint, term)


def said_of_nothing(edge, tail, head, paint, term):
    drawn = edge(tail, head, paint, term)
    return drawn._replace(bound=()) if head == "c_prev" else drawn


def of_another_class(named, self, name, expr):
    return named(self, name.replace("Sigmoid", "Tanh"), expr)


def two_classes_exchanged(named, self, name, expr):
    """Names with their proofs, of which one is under another node."""
    if expr == 'recorded["tanh_c"].grad_fn':
        name, expr = "AddBackward0", 'recorded["c"].grad_fn'
    return named(self, name, expr)


def without_a_node(node, self, one):
    """A leaf that is drawn as another one."""
    if one.id == "bias_ih":
        expr = 'recorded["hh"].grad_fn.next_functions[0][0]'
        one = one._replace(expr=expr)
    return node(self, one)


def of_another_sum(code, self, one):
    said = code(self, one)
    if one.id != "c":
        return said
    claim = said.says.claim.replace("kept", "f")
    says = said.says._replace(claim=claim)
    return said._replace(text=said.text.replace("kept", "f"), says=says)


def values_of_another(saved, self, one):
    """The numbers of f and i exchanged, under the proofs that were right."""
    id = {"f": "i", "i": "f"}.get(one.id, one.id)
    keeps = (id,) if one.id in one.keeps else ()
    return saved(self, one._replace(id=id, keeps=keeps))


def one_operation_more(sentence, template, *values, claim=""):
    values = [
        (value + 1 if "nodes(" in expr else value, expr)
        for value, expr in values
    ]
    return sentence(template, *values, claim=claim)


FAULTS = {
    "an arrow to another node": (
        wrapped(autograd, "_edge", to_the_other_gate), "where no gradient"
    ),
    "an arrow said to go elsewhere": (
        wrapped(autograd, "_edge", said_to_another), "ends .* from|no gradient"
    ),
    "an arrow turned round": (
        wrapped(autograd, "_edge", turned_round), "where no gradient"
    ),
    "an arrow that says nothing": (
        wrapped(autograd, "_edge", said_of_nothing), "no arrow leads from"
    ),
    "a node of another class": (
        wrapped(autograd._Look, "named", of_another_class), "says Tanh"
    ),
    "the class of another node": (
        wrapped(autograd._Look, "named", two_classes_exchanged),
        "names another node",
    ),
    "a leaf drawn as another": (
        wrapped(autograd._Look, "node", without_a_node), "no gradient|claims"
    ),
    "the code of another node": (
        wrapped(autograd._Look, "code", of_another_sum), "claims"
    ),
    "a count that is one more": (
        wrapped(autograd, "sentence", one_operation_more), "says 16"
    ),
    "two gates exchanged": (
        wrapped(autograd._Look, "saved", values_of_another), "f-0-bar reaches"
    ),
}  # fmt: skip


@pytest.mark.parametrize("width", [720, 360])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault, width, monkeypatch):
    patch, wanted = FAULTS[fault]
    patch(monkeypatch)
    figure = lstm_figs.draw("autograd", width=width)
    found = faults(drawing(figure.render("svg", "light").decode()))
    assert any(re.search(wanted, one) for one in found), found


HEARD = {
    "another number": ("keeps 0.37", "keeps 0.38"),
    "another class": ("TanhBackward0 of g", "SigmoidBackward0 of g"),
    "another way": ("leads to f and c_prev", "leads to f and g"),
    "a way less": ("leads to f and c_prev", "leads to f"),
    "another count": ("LSTM, 4 steps", "LSTM, 5 steps"),
}


@pytest.mark.parametrize("fault", HEARD)
def test_a_fault_in_what_is_heard_is_found(fault):
    svg = lstm_figs.draw("autograd").render("svg", "light").decode()
    old, new = map(escape, HEARD[fault])
    assert old in svg.partition("<metadata")[0]
    found = faults(drawing(svg.replace(old, new, 1)))
    assert any(f.startswith("the description") for f in found), found
