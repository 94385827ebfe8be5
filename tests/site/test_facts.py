"""The facts of all pages, and the rules for facts."""

import pytest

from lstm_figs.command.request import parse_header
from tests.site.facts import FACTS
from tests.site.facts_of_pages import Fact, Page, options, page, quotes_error
from tests.site.test_words import DEVELOPER_PAGES, TEACHING_PAGES
from tests.site.unsupported_claims import (
    exchangeable,
    half_quoted,
    unassigned,
    unbound,
    uncounted,
    unnamed,
    unquoted,
)

ALL_FACTS = [(name, fact) for name, facts in FACTS.items() for fact in facts]


def toy_page(text):
    return Page(f"---\n---\n{text}\n")


def own_fault(page, fact, facts):
    """Why a fact fails, unless a fact before it fails for the same reason."""
    before = facts[: facts.index(fact)]
    fault = page.fault(fact)
    return "" if fault and fault in map(page.fault, before) else fault


@pytest.mark.parametrize(
    ("name", "fact"), ALL_FACTS, ids=[f"{name}: {fact.template}" for name, fact in ALL_FACTS]
)
def test_a_page_says_what_the_tensors_say(name, fact):
    if fault := own_fault(page(name), fact, FACTS[name]):
        pytest.fail(fault, pytrace=False)
    if page(name).fault(fact):
        return
    if fact.kind == "network":
        printed = page(name).printed(fact)
        assert not page(name).mentions_drawing(printed), "quote the figure that shows it"


@pytest.mark.parametrize("sentence", ["It adds.", "$W_{{ii}}$ comes first."])
def test_what_is_not_true_is_no_fact(sentence):
    with pytest.raises(AssertionError, match="is not true"):
        page("index").printed(Fact(sentence, ("1 > 2",)))


@pytest.mark.parametrize(
    ("words", "quotes"),
    [
        ("| `zip() argument 2 is shorter` | `strict=True` |", True),
        ("*zip() argument 2*", True),
        ("`… argument (2) … than …`", False),
        ("`… argument 2 … than …`", True),
        ("`zip() argument 3`", False),
        ("zip() argument 2, for `zip`", False),
    ],
)
def test_an_error_is_quoted_with_its_words(words, quotes):
    assert quotes_error(words, lambda: [*zip("ab", "a", strict=True)]) == quotes
    assert not quotes_error(words, lambda: None)


SENTENCE = "The forget gate has 8 rows in four bands, which never hold more than"
"""A sentence with something for each of the rules to find."""

RULES = unquoted, uncounted, exchangeable, unassigned, unnamed, unbound, half_quoted


@pytest.mark.parametrize(
    ("sentence", "expr", "fault"),
    [
        (SENTENCE, "1 > 2", f"{SENTENCE!r} is not true, as `1 > 2` is False"),
        (SENTENCE, "1 / 0", "`1 / 0` raises ZeroDivisionError: division by zero"),
        (SENTENCE.replace("8", "{}"), "9", "got '8', expected '9'; correct"),
        (
            SENTENCE.replace("hold", "ever hold").replace(" bands,", ", bands,"),
            "True",
            "got 'four', expected 'four,' and lost 'ever'; correct",
        ),
    ],
)
def test_a_fact_that_fails_says_where_and_turns_no_rule_red(sentence, expr, fault, monkeypatch):
    toy = toy_page(f"# Toy\n```\n```\nSo.\n{SENTENCE}\n`i` shows.")
    facts = Fact(sentence, (expr,)), Fact("`i` shows.", ("True",))
    monkeypatch.setitem(FACTS, "toy", facts)
    message = toy.fault(facts[0])
    assert message.startswith("docs/toy.md:7: ")
    assert fault in message
    assert [rule("toy", toy) for rule in RULES] == [[]] * len(RULES)


def test_of_two_facts_about_the_same_words_one_fails():
    toy = toy_page("It has 3 inputs in one row.")
    two = Fact("has 2 inputs in", ("True",)), Fact("has {} inputs in", ("2",))
    message = (
        "docs/toy.md:3: got '3', expected '2'; correct it, or python -m tests.site.facts renew toy"
    )
    assert [own_fault(toy, fact, two) for fact in two] == [message, ""]


@pytest.mark.parametrize("name", FACTS)
def test_words_that_a_page_repeats_are_no_part_of_another_fact(name):
    # Else a changed sentence would go unnoticed, because its words still occur in the other one.
    for fact in FACTS[name]:
        if page(name).prose.count(fact.template) > 1:
            longer = [
                f.template for f in FACTS[name] if fact.template in f.template != fact.template
            ]
            assert not longer, f"quote more of the sentence that has {fact.template!r}"


def test_a_fact_whose_sentence_is_gone_says_so(monkeypatch):
    toy = toy_page("It has 3 inputs.")
    monkeypatch.setitem(FACTS, "toy", (Fact(SENTENCE, ("True",)),))
    fault = (
        f"docs/toy.md: got nothing like {SENTENCE!r}; reword the fact in tests/site/facts/toy.txt"
    )
    assert toy.fault(FACTS["toy"][0]).startswith(fault)
    assert unquoted("toy", toy) == ["3"]


@pytest.mark.parametrize(
    ("template", "expr", "now", "renewed"),
    # `now` is the sentence of the page.
    [
        ("Here {} rows are kept.", "8", "Here 8 rows belong to it.", "Here {} rows belong to it."),
        ("Here {} rows are kept.", "8", "Here 9 rows are kept.", None),
        ("Here {} rows are kept.", "8", "Here 80 rows stay.", None),
        ("{} and {} rows are kept.", "*[2], 8", "2 and 8 rows stay.", "{} and {} rows stay."),
        ("Here {:.2f} of it is kept.", "0.5", "Here 0.50 of it stays.", "Here {:.2f} of it stays."),
        ("Here it is kept.", "1 > 2", "Here it is lost.", None),
        ("the words are kept", "True", "Now the words are lost.", "the words are lost."),
    ],
)
def test_a_fact_is_renewed_only_with_its_numbers(template, expr, now, renewed):
    toy = toy_page(f"Many words come before. {now} And others after.")
    assert toy.renewed(Fact(template, (expr,))) == renewed


def test_a_renewed_fact_begins_below_the_heading():
    toy = toy_page("## Here\n\nThe band of o moves up, between f and g.")
    fact = Fact("The band of o moves up, between i and f.", ("True",))
    assert toy.renewed(fact) == "The band of o moves up, between f and g."


def test_each_page_has_facts():
    assert {*TEACHING_PAGES} <= {*FACTS}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", sorted({*FACTS, "changelog"} - {*DEVELOPER_PAGES}))
def test_what_could_be_false_on_a_page_is_in_a_fact(name, rule):
    if left := rule(name, page(name)):
        pytest.fail(
            f"docs/{name}.md says {'; '.join(left)}; expected nothing of this without a fact: "
            f"write it and what makes it true into tests/site/facts/{name}.txt, or leave it out",
            pytrace=False,
        )


@pytest.mark.parametrize(
    ("statements", "holds"),
    [
        (["| A | B | | --- | --- | | c d | e |"], True),
        (["A | B", "| c d | e |"], True),
        (["A | B", "c d |", "| e"], False),
        (["A | B", "d | e"], False),
    ],
)
def test_cells_that_could_change_places_are_found(statements, holds, monkeypatch):
    toy = toy_page("| A | B |\n| --- | --- |\n| c d | e |")
    facts = tuple(Fact(words, ("True",)) for words in statements)
    monkeypatch.setitem(FACTS, "toy", facts)
    assert unbound("toy", toy) == ([] if holds else ["| c d | e |"])


@pytest.mark.parametrize(
    ("text", "digits", "words"),
    [
        ("It has 7 units, and seven units.", ["7"], ["seven units"]),
        ("1. First\n2. Second", [], []),
        ("[7 units or seven units](https://example.org)", [], []),
        ("[7 units and seven units](gru.md)", ["7"], ["seven units"]),
        ("All seven move twice. If two differ, these two stop.", [], ["seven move", "twice"]),
        ("`7 units` and ``7 ` seven units``, as `float16`", [], []),
        ("float16 has 16 bits, in $7H$", ["16"], []),
    ],
)
def test_numbers_of_sources_code_and_names_are_not_said(text, digits, words):
    toy = toy_page(text)
    assert unquoted("toy", toy) == digits
    assert uncounted("toy", toy) == words


@pytest.mark.parametrize(
    ("text", "quotes", "expected"),
    [
        ("It is open: 7 are seen.", ["7 are"], 1),
        ("It is open: `7` are seen.", ["`7` are"], 0),
        ("It prints this: **Now** 7 are seen.", ["7 are"], 0),
        ("It is open, because it is seen.", ["it is seen"], 1),
        ("It is open, not shut.", ["not shut"], 1),
        ("It is open, but new.", ["is open"], 1),
        ("It is open, but new.", ["is open", "new"], 0),
        ("It is open, and new. It is shut, but old. It is left.", ["new", "left"], 0),
    ],
)
def test_clauses_of_a_statement_are_quoted_together(monkeypatch, text, quotes, expected):
    monkeypatch.setitem(FACTS, "toy", tuple(Fact(words, ("True",)) for words in quotes))
    assert half_quoted("toy", toy_page(text)) == [text] * expected


def neighbouring_headers(header):
    """Headers of the same figure at different steps, or with different units."""
    headers = []
    for option, value in options(parse_header(header)).items():
        if option == "step" and value is not None:
            headers.append(f"{header} --step {value + 1}")
        if option == "unit" and value is not None:
            headers.append(f"{header} --unit {abs(value - 1)}")
        if option == "units" and value:
            headers.append(f"{header} --units {abs(value[0] - 1)}")
    return headers


@pytest.mark.parametrize("name", FACTS)
def test_what_is_said_of_a_figure_is_of_the_part_that_is_shown(name):
    text = page(name).text
    facts = [fact for fact in FACTS[name] if fact.kind == "figure" and not page(name).fault(fact)]
    for header in dict.fromkeys(map(page(name).header, facts)):
        block_ending = f" | {header}\n"
        assert text.count(block_ending) == 1
        for neighbour in neighbouring_headers(header):
            changed = text.replace(block_ending, f" | {neighbour}\n")
            some_fact_fails = any(map(Page(changed).fault, facts))
            assert some_fact_fails, f"nothing is wrong with {neighbour}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rows, of the last layer", ["rows", "last layer"]),
        ("with `dropout=True` or `bias`", ["dropout=True"]),
        ("[rows](https://example.org) and [more](a.md#rows)", []),
        ("`h_n[-2]`, in milliseconds", ["h_n[-2]", "milliseconds"]),
        ("a row each. Overlaps: one row, row two, twice", ["row"]),
    ],
)
def test_what_could_be_exchanged_is_found_outside_of_facts(monkeypatch, text, expected):
    facts = Fact("one row, row", ("True",)), Fact("row two", ("True",))
    monkeypatch.setitem(FACTS, "toy", facts)
    toy = toy_page(text)
    assert exchangeable("toy", toy) == expected


@pytest.mark.parametrize(
    ("sentence", "could_be_exchanged"),
    [
        ("`f` says how much is kept.", True),
        ("`c` is known, and `h` is said.", True),
        ("`i`, `f` and `o` are shares.", True),
        ("Hand on `h` and `c`, or an `h` and a `c`.", False),
        ("The gates are `i`, `f`, `g` and `o`.", False),
        ("It prints `f`. Then `c` is larger.", False),
    ],
)
def test_letters_that_could_be_exchanged_are_found(sentence, could_be_exchanged):
    toy = toy_page(sentence)
    assert unassigned("toy", toy) == [sentence] * could_be_exchanged


TOY_PAGE = Page("""---
title: Toy
---
# Toy
before all
/// lstm-figure | cell
caption of the first
///
## Within
```
/// lstm-figure | unrolled
```
within
### Deeper
/// lstm-figure | cell --step 3 --id third
deeper
///
## Beside
beside it. It is blue, says a third. Said in
two places: twice, twice.
""")


@pytest.mark.parametrize(
    ("sentence", "id", "header"),
    [
        ("caption of the", "", "cell"),
        ("within", "", "cell"),
        ("deeper", "", "cell --step 3 --id third"),
        ("deeper", "cell", "cell"),
        ("beside", "", "cell"),
        ("twice", "", "cell"),
    ],
)
def test_a_sentence_quotes_the_figure_before_it_in_its_section(sentence, id, header):
    fact = Fact(sentence, ("True",), "figure", id)
    assert TOY_PAGE.header(fact) == header


@pytest.mark.parametrize(
    ("sentence", "id", "why"),
    [
        ("before", "", "quote a network"),
        ("beside", "third", "quote a network"),
        ("unheard of", "", "nothing like"),
        # This letter is below several figures.
        ("e", "", "expected one figure"),
    ],
)
def test_a_sentence_without_a_figure_of_its_own_is_refused(sentence, id, why):
    fact = Fact(sentence, ("True",), "figure", id)
    with pytest.raises(AssertionError, match=why):
        TOY_PAGE.header(fact)


def test_a_sentence_that_speaks_of_a_colour_or_a_place_is_seen():
    assert TOY_PAGE.mentions_drawing("says a third")
    assert TOY_PAGE.mentions_drawing("it. It")
    assert not TOY_PAGE.mentions_drawing("beside")
    assert not TOY_PAGE.mentions_drawing("Said in two")
