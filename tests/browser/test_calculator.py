"""Compare the calculator of shapes.md with its Python."""

import itertools
import re

import pytest

from lstm_figs.cli.shaping import MAX_LAYERS, MAX_SIZE, read_sizes
from lstm_figs.model.arguments import ModuleArguments
from lstm_figs.model.sizes import Sizes
from lstm_figs.site.shape_calculator import description
from tests.browser.axe import check_phone
from tests.doc_scripts import python

PAGE = "shapes/"
ALL_SIZES = [
    Sizes(ModuleArguments(*module), seq_len, batch, batch_first)
    for *module, seq_len, batch, batch_first in itertools.product(
        *((1, 7), (2, 1024), (1, 2, 3, 12)),  # input_size, hidden_size, num_layers
        *((False, True), (0, 1), (False, True)),  # bidirectional, proj_size, bias
        *((1, 4), (None, 1, 5), (False, True)),  # seq_len, batch, batch_first
    )
] + [
    Sizes(ModuleArguments(MAX_SIZE, MAX_SIZE, MAX_LAYERS, True, MAX_SIZE - 1), MAX_SIZE, MAX_SIZE),
    Sizes(ModuleArguments(3, 2), 4),
]
"""Each argument alone and combined with every other one, and the largest values."""

TYPE_SIZES = """([all, initial]) => {
  const block = document.querySelector('.lf-shapes');
  const {elements} = block.querySelector('form');
  const typed = given => {
    for (const [name, value] of Object.entries(given)) {
      if (typeof value === 'boolean') elements[name].checked = value;
      else elements[name].value = value;
    }
    elements.batch.dispatchEvent(new Event('input', {bubbles: true}));
    return [...block.querySelectorAll('p[role=status], .lf-found')]
      .map(element => element.outerHTML).join('');
  };
  const found = all.map(typed);
  typed(initial);
  return found;
}"""
"""Types all sizes in turn, then the initial ones again; what the page says of each."""

INITIAL_SIZES = read_sizes(
    "--input-size 10 --hidden-size 20 --num-layers 2 --bidirectional --seq-len 5 --batch-size 3"
)
"""The sizes in the block of docs/shapes.md, which the page shows at first."""


def fields(sizes):
    """Name of a field -> its value for these sizes."""
    module = dict(vars(sizes.arguments))
    del module["dtype"]
    return {
        **module,
        "seq_len": sizes.seq_len,
        "batch": sizes.batch or 1,
        "batch_first": sizes.batch_first,
        "unbatched": sizes.batch is None,
    }


def plain_text(html):
    """The text of HTML, with a mark in place of each element."""
    return " ".join(re.sub(r"<[^>]*>", " | ", html).replace("|", " ").split())


def result_text(block):
    parts = block.locator("p[role=status], .lf-found").all()
    return plain_text("".join(part.inner_html() for part in parts))


@pytest.fixture
def block(page):
    return page.locator(".lf-shapes")


def type_into(page, name, text):
    page.locator(f".lf-shapes [name={name}]").fill(text)


def test_whatever_is_typed_the_page_says_what_python_says(page):
    typed = [[fields(sizes) for sizes in ALL_SIZES], fields(INITIAL_SIZES)]
    results = page.evaluate(TYPE_SIZES, typed)
    for sizes, html in zip(ALL_SIZES, results, strict=True):
        assert plain_text(html) == plain_text(description(sizes)), sizes


def test_the_page_begins_with_what_the_block_says(page, block):
    page.reload()
    assert result_text(block) == plain_text(description(INITIAL_SIZES))


def test_what_is_copied_prints_the_shapes(page, block):
    type_into(page, "hidden_size", "7")
    page.keyboard.press("Tab")
    block.get_by_label("batch_first").check()
    block.get_by_text("Copy as Python").click()
    block.get_by_text("Copied").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    type_into(page, "hidden_size", "8")
    assert block.get_by_text("Copied").count() == 0
    type_into(page, "hidden_size", "7")
    shapes, count = python("-c", code).splitlines()
    cells = block.locator("tbody tr td:nth-child(2)").all_inner_texts()
    assert shapes == " ".join(cells[1:4])
    status = block.locator("p[role=status]").inner_text()
    assert f"has {int(count):,} parameters." in status


def test_the_address_has_the_sizes_and_brings_them_back(page, block):
    type_into(page, "input_size", "12")
    block.get_by_label("without a batch axis").check()
    assert block.locator("[name=batch]").is_disabled()
    before = result_text(block)
    assert "input_size=12" in page.url
    page.reload()
    assert result_text(block) == before
    block.get_by_text("Copy link").click()
    block.get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


@pytest.mark.parametrize(
    "query",
    [
        "?hidden_size=0&num_layers=1e9&bias=maybe&seq_len=",
        "?input_size=-3&batch=%F0%9F%98%80&proj_size=99999999999999999999",
        "?hidden_size=<script>alert(1)</script>&input_size=0x10&unbatched=1",
    ],
)
def test_what_is_no_size_in_an_address_is_left_out(page, block, address, query):
    page.goto(f"{address}shapes/{query}")
    assert result_text(block) == plain_text(description(INITIAL_SIZES))


def test_the_keyboard_alone_reaches_all_of_it(page, block, address):
    page.goto(f"{address}shapes/")
    block.get_by_label("input_size").focus()
    page.keyboard.press("ArrowUp")
    names = []
    for _ in range(12):
        names.append(
            page.evaluate("document.activeElement.name || document.activeElement.textContent")
        )
        page.keyboard.press("Tab")
    fields = "input_size hidden_size num_layers proj_size seq_len batch"
    boxes = "bidirectional bias batch_first unbatched"
    assert names == [*fields.split(), *boxes.split(), "Copy as Python", "Copy link"]
    assert "(5, 3, 11)" in block.locator("tbody").inner_text()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
def test_the_calculator_is_whole_on_a_phone(page, scheme):
    check_phone(page, ".lf-shapes :is(input, button)", (20, 20), scheme)
    page.set_viewport_size({"width": 1280, "height": 900})
