"""Each question on a page has a figure and a chapter."""

import re

import pytest

from tests.doc_scripts import source

QUESTION = re.compile(r"^### (.+?) \{ #[\w-]+ \}\n(.*?)(?=^##|\Z)", re.M | re.S)


@pytest.mark.parametrize(("title", "body"), QUESTION.findall(source("questions")))
def test_each_question_on_the_page_has_a_figure_and_a_chapter(title, body):
    assert title.endswith("?")
    assert body.count("/// lstm-picture | ") == 1
    assert re.search(r"\]\([\w-]+\.md(?:#[\w-]+)?\)", body)
