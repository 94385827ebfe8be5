"""Each question of the page has a figure and a chapter; its facts hold the answers."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
QUESTION = re.compile(r"^### (.+?) \{ #[\w-]+ \}\n(.*?)(?=^##|\Z)", re.M | re.S)


@pytest.mark.parametrize(
    ("title", "body"), QUESTION.findall((DOCS / "questions.md").read_text(encoding="utf-8"))
)
def test_each_question_on_the_page_has_a_figure_and_a_chapter(title, body):
    assert title.endswith("?")
    assert body.count("/// lstm-picture | ") == 1
    links = re.findall(r"\]\(([\w-]+\.md)(?:#[\w-]+)?\)", body)
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []
