"""Deliberate faults of `dispatch`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures import dispatch
from lstm_figs.figures.dispatch import backends, call_table
from lstm_figs.layout import words
from tests.binding.breaking import Fault, labelled, wrapped


def rows_changed(change):
    def changed_rows(rows, called, steps):
        table = rows(called, steps)
        return {name: change(name, row) for name, row in table.items()}

    return wrapped(dispatch, "rows", changed_rows)


def steps_changed(operator, change):
    return rows_changed(
        lambda name, row: row._replace(steps=change(row.steps)) if name == operator else row
    )


def label_changed(key, old, new, text=None):
    """Change the labels of a key, and the value that they name."""

    def changed_label(content, names):
        if str(names.get(key)) == old:
            return new if text is None else text, {**names, key: new}

    return labelled(changed_label)


def counts_one_more(number, x, y, value, **more):
    expression = value.expr.replace('count("tanh")', 'count("mul")')
    return number(x, y, replace(value, of=expression), **more)


def rungs_changed(change):
    def changed_rungs(rungs, called, call, steps):
        return change(rungs(called, call, steps))

    return wrapped(dispatch, "asked_backends", changed_rungs)


def only_highlighted(place):
    return lambda rungs: [rung._replace(is_running=k == place) for k, rung in enumerate(rungs)]


def bar_shorter(box, x, y, width, *more, **rest):
    return box(x, y, width * 0.7 if width > 99 else width, *more, **rest)


def dispatch_fault(patch, message):
    return Fault(["dispatch call=float64"], patch, message, widths=(720,))


FAULTS = {
    "a call that is left out": dispatch_fault(
        steps_changed("tanh", lambda steps: ((), *steps[1:])), "calls have"
    ),
    "a call that is drawn twice": dispatch_fault(
        steps_changed("tanh", lambda steps: (steps[0] * 2, *steps[1:])), "calls have"
    ),
    "calls of another step": dispatch_fault(
        steps_changed("tanh", lambda steps: (steps[1], steps[0], *steps[2:])), "has step=1 for"
    ),
    "calls in another order": dispatch_fault(
        steps_changed("add_", lambda steps: tuple(s[::-1] for s in steps)),
        "not in the order of calls",
    ),
    "hues in another order": dispatch_fault(
        steps_changed("sigmoid_", lambda steps: tuple(s[::-1] for s in steps)), "has the hue of"
    ),
    "a bar that is shorter": dispatch_fault(
        wrapped(call_table, "Box", bar_shorter), "belongs to the steps"
    ),
    "an operator called another": dispatch_fault(
        label_changed("operator", "tanh", "tanh_"), "has operator=tanh_"
    ),
    "an operator with another text": dispatch_fault(
        label_changed("operator", "tanh", "tanh", "sigmoid"), "does not say operator=tanh"
    ),
    "before that is called after": dispatch_fault(
        label_changed("when", "before", "after"), "has when=after"
    ),
    "the count of another operator": dispatch_fault(
        wrapped(words, "number", counts_one_more), "has operator=tanh for"
    ),
    "another order of asking": dispatch_fault(
        rungs_changed(lambda asked: [asked[1], asked[0], *asked[2:]]), "is not computed from"
    ),
    "one who is not asked": dispatch_fault(
        rungs_changed(lambda asked: [*asked[:2], asked[2]._replace(of=asked[1].of), *asked[3:]]),
        "is not computed from",
    ),
    "another who runs the call": dispatch_fault(
        rungs_changed(only_highlighted(3)), "is not computed from"
    ),
    "another who says so": dispatch_fault(
        wrapped(backends, "Says", lambda says, claim: says(claim=claim.removeprefix("not "))),
        "claims",
    ),
}


DESCRIPTION_FAULTS = {
    "dispatch call=float64": {
        "another count": ("sigmoid_ 12", "sigmoid_ 13"),
        "other steps": ("in float64, 4 steps", "in float64, 5 steps"),
        "another module": ("nn.LSTM(3, 2) in", "nn.LSTM(3, 4) in"),
        "another who runs it": ("native: runs this call", "native: not reached"),
        "another answer": ("oneDNN: no, float64", "oneDNN: runs this call"),
    }
}
