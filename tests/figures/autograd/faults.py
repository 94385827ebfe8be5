"""Faults of `autograd`."""

from lstm_figs.figures import autograd
from tests.binding.breaking import EXCHANGED, Fault, wrapped


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


def of_another_class(named, one):
    return named(one._replace(name=one.name.replace("Sigmoid", "Tanh")))


def two_classes_exchanged(named, one):
    """Names with their proofs, of which one is under another node."""
    if one.expr == 'recorded["tanh_c"].grad_fn':
        other = 'recorded["c"].grad_fn'
        one = one._replace(name="AddBackward0", expr=other)
    return named(one)


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
    values = [(value + 1 if "nodes(" in expr else value, expr) for value, expr in values]
    return sentence(template, *values, claim=claim)


def in_the_hue_of_the_other(paint, head, result):
    """Arrows to the nodes of i and f, each in the hue of the other."""
    _, term = paint(head, result)
    return paint(EXCHANGED.get(head, head), result)[0], term


FAULTS = {
    "an arrow to another node": Fault(
        ["autograd"], wrapped(autograd, "_edge", to_the_other_gate), "where no gradient"
    ),
    "an arrow said to go elsewhere": Fault(
        ["autograd"], wrapped(autograd, "_edge", said_to_another), "ends .* from|no gradient"
    ),
    "an arrow turned round": Fault(
        ["autograd"], wrapped(autograd, "_edge", turned_round), "where no gradient"
    ),
    "an arrow that says nothing": Fault(
        ["autograd"], wrapped(autograd, "_edge", said_of_nothing), "no arrow leads from"
    ),
    "a node of another class": Fault(
        ["autograd"], wrapped(autograd, "_named", of_another_class), "says Tanh"
    ),
    "the class of another node": Fault(
        ["autograd"], wrapped(autograd, "_named", two_classes_exchanged), "names another node"
    ),
    "a leaf drawn as another": Fault(
        ["autograd"], wrapped(autograd._Look, "node", without_a_node), "no gradient|claims"
    ),
    "the code of another node": Fault(
        ["autograd"], wrapped(autograd._Look, "code", of_another_sum), "claims"
    ),
    "a count that is one more": Fault(
        ["autograd"], wrapped(autograd, "sentence", one_operation_more), "says 16"
    ),
    "two gates exchanged": Fault(
        ["autograd"],
        wrapped(autograd._Look, "saved", values_of_another),
        "the description says 0.29, 0.77",
    ),
    "hues of arrows exchanged": Fault(
        ["autograd"],
        wrapped(autograd, "_paint", in_the_hue_of_the_other),
        "has the hue of .*, and leads from",
    ),
}


HEARD = {
    "autograd": {
        "another number": ("keeps 0.37", "keeps 0.38"),
        "another class": ("TanhBackward0 of g", "SigmoidBackward0 of g"),
        "another way": ("leads to f and c_prev", "leads to f and g"),
        "a way less": ("leads to f and c_prev", "leads to f"),
        "another count": ("for 4 steps", "for 5 steps"),
    }
}
