"""Each question of the page has a figure and a chapter; facts hold most answers."""

import re

import pytest
import torch
from torch import nn

from tests.doc_scripts import DOCS, source

QUESTION = re.compile(r"^### (.+?) \{ #[\w-]+ \}\n(.*?)(?=^##|\Z)", re.M | re.S)


@pytest.mark.parametrize(("title", "body"), QUESTION.findall(source("questions")))
def test_each_question_on_the_page_has_a_figure_and_a_chapter(title, body):
    assert title.endswith("?")
    assert body.count("/// lstm-picture | ") == 1
    links = re.findall(r"\]\(([\w-]+\.md)(?:#[\w-]+)?\)", body)
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []


def test_a_bias_of_ten_on_one_band_at_a_time_tells_the_order_of_the_gates():
    cell = nn.LSTMCell(1, 1)
    states = []
    for band in range(4):
        with torch.no_grad():
            for parameter in cell.parameters():
                parameter.zero_()
            cell.bias_ih[band] = 10
            h, c = cell(torch.zeros(1, 1), (torch.zeros(1, 1), torch.ones(1, 1)))
        states.append((round(c.item(), 2), round(h.item(), 3)))
    # In the order i, f, g, o, f keeps c, g adds to it, o shows it, and i lets nothing in.
    assert states == [(0.5, 0.231), (1.0, 0.381), (1.0, 0.381), (0.5, 0.462)]
