"""`reading --network plain`: a plain RNN that reads the same text."""

import re

import numpy as np
import pytest
import torch

from lstm_figs import cli
from lstm_figs.command.request import Request, parse_header
from lstm_figs.errors import UsageError
from lstm_figs.sources import Source
from lstm_figs.sources.networks import plain
from tests.binding.inspection import check_request

TASK = (("focus", "task"),)


def task_request(text):
    """A request for the plain network, which has no other focus."""
    return Request("reading", Source(network="plain", text=text), options=TASK)


def test_a_plain_network_is_what_torch_computes():
    layer = plain().layer
    rnn = torch.nn.RNN(4, 2)
    rnn.load_state_dict(
        {f"{name}_l0": torch.from_numpy(each) for name, each in layer.parameters().items()}
    )
    x = np.eye(4, dtype=np.float32)[[1, 0, 3, 2, 3, 0, 2] * 5]
    with torch.no_grad():
        expected = rnn(torch.from_numpy(x))[0].numpy()
    assert np.allclose(layer.run(x), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('f(a, ":)", (b))', "A plain RNN: 6 of 30 answers are wrong"),
        ("(a", "A plain RNN: every answer is right"),
        ('("', "A plain RNN: 1 of 4 answers is wrong"),
        # So many brackets take more than the two bands that are drawn.
        ("(" * 70, None),
    ],
)
def test_its_answers_are_counted_in_the_title(text, title):
    request = task_request(text)
    assert title in (None, request.draw().title)
    check_request(request)


@pytest.mark.parametrize(
    "typed",
    [
        "draw reading",
        "draw reading --focus keep",
        "draw cell",
        "draw reading --focus task --set lstm.weight_hh_l0[0,1]=0",
        "draw reading --focus task --after 450",
        "trace",
        "units",
    ],
)
def test_nothing_else_is_drawn_of_it(typed, capsys):
    command, *words = typed.split()
    arguments = [command, *words, "--network", "plain"]
    assert cli.main(arguments) == 2
    output = capsys.readouterr().err
    assert re.fullmatch(r"lstm-figs: got [^\n]*, expected [^\n]*\n", output)


def test_python_is_told_the_same():
    with pytest.raises(UsageError, match="neither gates nor c"):
        parse_header("cell --network plain").draw()
