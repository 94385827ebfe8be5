"""The terms: colours, symbols and sentences."""

from dataclasses import fields

import pytest
import torch

from lstm_figs.model.lstm import GATES, Step
from lstm_figs.proof.preamble.write import RESULTS
from lstm_figs.scene.terms import GATE_NAMES, TERMS
from lstm_figs.scene.theme import TEXT_ROLES
from tests.binding.axes import PRODUCTS

every_term = pytest.mark.parametrize("key", TERMS)


@every_term
def test_a_term_has_a_colour_that_text_may_have(key):
    assert TERMS[key].role in TEXT_ROLES


@every_term
def test_a_term_has_a_sentence_and_a_symbol_that_closes_its_subscripts(key):
    sentence, symbol = TERMS[key].sentence, TERMS[key].symbol
    assert sentence[0].isupper()
    assert ". " not in sentence
    assert sentence.endswith(".")
    assert symbol.count("_{") == symbol.count("}")
    assert all(latex.count("{") == latex.count("}") for latex in TERMS[key].latex)


STATES = {"h": "hidden state", "c": "cell state", "x": "input"}
ENDS = {"prev": "comes in", "n": "last step"}


@pytest.mark.parametrize("key", [k for k in TERMS if k.split("_")[0] in STATES])
def test_the_sentence_of_a_state_says_which_it_is_and_when(key):
    (state, _, end), sentence = key.partition("_"), TERMS[key].sentence
    assert STATES[state] in sentence
    when = [ENDS[end]] if end in ENDS else []
    assert [phrase for phrase in ENDS.values() if phrase in sentence] == when


@pytest.mark.parametrize("product", sorted(PRODUCTS))
def test_the_sentence_of_a_gate_names_what_it_is_multiplied_by(product):
    gate, other = product.split(" * ")
    letter = other[-1] if other == "tanh_c" else other[0]
    assert f" of {letter} " in TERMS[gate].sentence


def test_no_two_terms_are_written_alike():
    written = [latex for term in TERMS.values() for latex in term.latex]
    assert len(set(written)) == len(written)
    symbols = [term.symbol for term in TERMS.values()]
    assert len(set(symbols)) == len(symbols)


def test_every_result_and_parameter_of_a_step_has_a_term():
    tensors = {field.name for field in fields(Step)}
    tensors -= {"t", "layer", "direction", "scale"}
    tensors |= {name for name, _ in torch.nn.LSTMCell(1, 1).named_parameters()}
    assert tensors - set(TERMS) == set()
    assert set(RESULTS) - set(TERMS) == set()


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_has_its_own_colour_before_its_function_too(gate):
    assert TERMS[gate].role == f"gate-{gate}"
    assert TERMS[f"z_{gate}"].role == f"gate-{gate}"
    assert GATE_NAMES[gate].function == ("tanh" if gate == "g" else "σ")
