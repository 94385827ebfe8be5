"""Deliberate faults of `unrolled`, which its tests must find."""

from lstm_figs.figures import unrolled
from tests.binding.breaking import Fault, wrapped


def arguments_exchanged(call, self, inputs, states):
    """A call with c in place of h."""
    return call(self, inputs, {"c": states["h"], "h": states["c"]})


def call_of_zeros(call, self, inputs, states):
    """A call with a different input than the drawn one."""
    return call(self, inputs, states).replace("(x", "(0 * x")


def state_of_another(node, self, x, y, values, id, name):
    """Draw one state in the place of the other."""
    name = {"c": "h", "h": "c"}.get(name, name)
    id = id.replace("c-", "?-").replace("h-", "c-").replace("?-", "h-")
    return node(self, x, y, values, id, name)


def captions_exchanged(caption, x, words, width):
    other = {"as a loop": "written out", "written out": "as a loop"}
    return caption(x, other[words], width)


def the_way_back(sentence, template, *values, **more):
    """Swap the state that a step takes and the one that it returns."""
    turned = values[::-1] if "returns it" in template else values
    return sentence(template, *turned, **more)


FAULTS = {
    "captions exchanged": Fault(
        ["unrolled"], wrapped(unrolled, "_caption", captions_exchanged), "'as a loop' must satisfy"
    ),
    "a state that goes back": Fault(
        ["unrolled"], wrapped(unrolled, "sentence", the_way_back), "takes it' must satisfy"
    ),
    "arguments exchanged": Fault(
        ["unrolled"], wrapped(unrolled._Calls, "call", arguments_exchanged), "has the results"
    ),
    "other arguments": Fault(
        ["unrolled"], wrapped(unrolled._Calls, "call", call_of_zeros), "has the arguments"
    ),
    "states exchanged": Fault(
        ["unrolled"], wrapped(unrolled._Calls, "node", state_of_another), "has tensor=[ch]"
    ),
}


DESCRIPTION_FAULTS = {
    "unrolled": {
        "another number": ("c is −0.81", "c is −0.82"),
        "another step": ("Step 2:", "Step 3:"),
        "another state": ("h is −0.12", "c is −0.12"),
    }
}
