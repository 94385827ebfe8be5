"""Figures for phones are put beside what is said about them."""

import markdown

PAGE = """\
# Title{title}

Before.

## One

/// lstm-figure | unrolled --width 360
///

After.

## Two

/// lstm-figure | cell
///

Text.
"""


def converted(title):
    return markdown.markdown(
        PAGE.format(title=title),
        extensions=[
            "attr_list",
            "lstm_figs.site.block",
            "lstm_figs.site.beside",
        ],
    )


def test_a_section_has_its_figure_after_its_text():
    html = converted(" { .lf-beside }")
    assert html.count("<section") == 1
    section = html.partition("<section")[2].partition("</section>")[0]
    assert section.index("<h2>One") < section.index("After.")
    assert section.index("After.") < section.index('id="figure-unrolled"')
    assert "Before." not in section
    assert "figure-cell" not in section


def test_a_page_that_does_not_ask_for_it_stays_as_it_is():
    html = converted("")
    assert "<section" not in html
    assert html.index('id="figure-unrolled"') < html.index("After.")
