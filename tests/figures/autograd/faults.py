"""Deliberate faults of `autograd`, which its tests must find."""

from lstm_figs.figures import autograd
from tests.binding.breaking import EXCHANGED, Fault, wrapped


def to_the_other_gate(edge, tail, head, paint, term):
    """Both draw and bind the arrow to i instead of f."""
    return edge(tail, {"f": "i"}.get(head, head), paint, term)


def bound_to_another(edge, tail, head, paint, term):
    """Draw the right arrow, but bind it to a different node."""
    arrow = edge(tail, head, paint, term)
    (flow,) = arrow.bound
    flow = flow._replace(head=flow.head.replace("bias_ih", "bias_hh"))
    return arrow._replace(bound=(flow,))


def turned_round(edge, tail, head, paint, term):
    """Reverse an arrow, so it points along the forward pass."""
    if (tail, head) == ("z", "ih"):
        tail, head = head, tail
    return edge(tail, head, paint, term)


def bound_to_nothing(edge, tail, head, paint, term):
    arrow = edge(tail, head, paint, term)
    return arrow._replace(bound=()) if head == "c_prev" else arrow


def of_another_class(named, operation):
    return named(operation._replace(name=operation.name.replace("Sigmoid", "Tanh")))


def two_classes_exchanged(named, operation):
    """Names with their proofs; one is below the wrong node."""
    if operation.expr == 'recorded["tanh_c"].grad_fn':
        other = 'recorded["c"].grad_fn'
        operation = operation._replace(name="AddBackward0", expr=other)
    return named(operation)


def without_a_node(node, self, operation):
    """A leaf drawn as a different node."""
    if operation.id == "bias_ih":
        expr = 'recorded["hh"].grad_fn.next_functions[0][0]'
        operation = operation._replace(expr=expr)
    return node(self, operation)


def of_another_sum(code, self, operation):
    original = code(self, operation)
    if operation.id != "c":
        return original
    claim = original.says.claim.replace("kept", "f")
    says = original.says._replace(claim=claim)
    return original._replace(text=original.text.replace("kept", "f"), says=says)


def values_of_another(saved, self, operation):
    """Swap the numbers of f and i, but keep their proofs."""
    id = {"f": "i", "i": "f"}.get(operation.id, operation.id)
    keeps = (id,) if operation.id in operation.keeps else ()
    return saved(self, operation._replace(id=id, keeps=keeps))


def one_operation_more(sentence, template, *values, claim=""):
    values = [(value + 1 if "nodes(" in expr else value, expr) for value, expr in values]
    return sentence(template, *values, claim=claim)


def in_the_hue_of_the_other(paint, head, result):
    """Swap the hues of the arrows to the nodes of i and f."""
    _, term = paint(head, result)
    return paint(EXCHANGED.get(head, head), result)[0], term


FAULTS = {
    "an arrow to another node": Fault(
        ["autograd"], wrapped(autograd, "_edge", to_the_other_gate), "where no gradient"
    ),
    "an arrow said to go elsewhere": Fault(
        ["autograd"], wrapped(autograd, "_edge", bound_to_another), "ends .* from|no gradient"
    ),
    "an arrow turned round": Fault(
        ["autograd"], wrapped(autograd, "_edge", turned_round), "where no gradient"
    ),
    "an arrow that says nothing": Fault(
        ["autograd"], wrapped(autograd, "_edge", bound_to_nothing), "no arrow leads from"
    ),
    "a node of another class": Fault(
        ["autograd"], wrapped(autograd, "_class_name", of_another_class), "says Tanh"
    ),
    "the class of another node": Fault(
        ["autograd"],
        wrapped(autograd, "_class_name", two_classes_exchanged),
        "names a different node",
    ),
    "a leaf drawn as another": Fault(
        ["autograd"], wrapped(autograd._NodeBoxes, "node", without_a_node), "no gradient|claims"
    ),
    "the code of another node": Fault(
        ["autograd"], wrapped(autograd._NodeBoxes, "code", of_another_sum), "claims"
    ),
    "a count that is one more": Fault(
        ["autograd"], wrapped(autograd, "sentence", one_operation_more), "says 16"
    ),
    "two gates exchanged": Fault(
        ["autograd"],
        wrapped(autograd._NodeBoxes, "saved", values_of_another),
        "the description says 0.29, 0.77",
    ),
    "hues of arrows exchanged": Fault(
        ["autograd"],
        wrapped(autograd, "_paint", in_the_hue_of_the_other),
        "has the hue of .*, but leads from",
    ),
}


DESCRIPTION_FAULTS = {
    "autograd": {
        "another number": ("keeps 0.37", "keeps 0.38"),
        "another class": ("TanhBackward0 of g", "SigmoidBackward0 of g"),
        "another way": ("leads to f and c_prev", "leads to f and g"),
        "a way less": ("leads to f and c_prev", "leads to f"),
        "another count": ("for 4 steps", "for 5 steps"),
    }
}
