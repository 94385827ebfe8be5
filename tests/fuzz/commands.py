"""Random command lines."""

from hypothesis import strategies as st

from lstm_figs.cli.commands import parsers
from lstm_figs.figures import CATALOG
from lstm_figs.options import figure_options
from lstm_figs.porting import TARGETS
from tests.cli import test_lines
from tests.fuzz.properties import Property

FLAGS = sorted(
    {
        "--",
        *(f for p in parsers((*CATALOG,)).values() for o in p.options for f in o.option_strings),
        *(option.flag for figure in CATALOG.values() for option in figure_options(figure)),
    }
)
COMMANDS = ["draw", "trace", "units", "embed", "shapes", "inspect", "convert", "list"]
"""All commands but `page`, which takes seconds."""

WORDS = (
    *("0", "1", "2", "3", "-1", "4", "8", "1.5", "1e3", "nan", "1,2", "2,1,3"),
    *("360", "720", "361", "float64", "brackets", "example", "light", "dark"),
    *("auto", "svg", "png", "pdf", "-", "a.svg", "a.html", "a/b", "both"),
    *("x[0,0,0]=2", "lstm.bias_ih_l0[1]=-1e3", "c_0[0,0]=nan", "h[0,0,0]=1"),
    *("own-id", '("a")', *test_lines.FILES, *TARGETS),
)
known = st.sampled_from([*FLAGS, *WORDS, *CATALOG])
pairs = st.tuples(st.sampled_from(FLAGS), st.sampled_from(WORDS)).map(list)
words = st.one_of(
    pairs, pairs, pairs, st.lists(known, max_size=1), st.lists(st.text(max_size=8), max_size=1)
)


@st.composite
def lines(draw):
    line_words = [draw(st.sampled_from(COMMANDS))]
    if line_words[0] in ("draw", "embed"):
        line_words.append(draw(st.sampled_from(list(CATALOG))))
    for more in draw(st.lists(words, max_size=3)):
        line_words += more
    return line_words


headers = st.one_of(lines().map(lambda line_words: " ".join(line_words[1:])), st.text(max_size=30))

PROPERTIES = [
    Property(test_lines.check_line, {"words": lines()}, share=3),
    Property(test_lines.check_header, {"header": headers}, share=0.5),
]
