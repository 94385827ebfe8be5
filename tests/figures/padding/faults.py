"""Deliberate faults of `padding`, which its tests must find."""

from dataclasses import replace

from lstm_figs.figures import padding
from tests.binding.breaking import Fault, wrapped


def read_one_step_earlier(read, self, run):
    shorter = replace(self, length=self.length - 1)
    if run.kind == "packed" and self.direction == "forward":
        return read(shorter, run)
    return read(self, run)


def verdict_turned(verdict, word, claim, *, right, **more):
    claim = f"not {claim}" if right else claim.removeprefix("not ")
    return verdict("wrong" if right else "right", claim, right=not right, **more)


FAULTS = {
    "h_n read at another step": Fault(
        ["padding"], wrapped(padding._Lanes, "read_arrow", read_one_step_earlier), "copies"
    ),
    "a verdict that is not so": Fault(
        ["padding"], wrapped(padding, "verdict_block", verdict_turned), "which is False"
    ),
}


DESCRIPTION_FAULTS = {
    "padding": {
        "another number": ("step 2 h −0.003", "step 2 h −0.004"),
        "another step": ("step 2 h", "step 3 h"),
        "the other direction": ("Reverse, lstm(padded)", "Forward, lstm(padded)"),
        "the other run": ("Forward, lstm(packed)", "Forward, lstm(padded)"),
        "another verdict": ("−0.08, −0.02, right", "−0.08, −0.02, wrong"),
    }
}
