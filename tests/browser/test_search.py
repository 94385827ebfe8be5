"""Search the built site with questions as people type them."""

import json
import re
from html import unescape

import pytest

from tests.browser.conftest import opened_page, serving, watched_page
from tests.site.conftest import ROOT
from tests.site.test_words import EXPLAINED_ON

QUESTIONS = """\
why-two-states
  why do I need two states, h and c
  would one state not do
what-it-remembers
classifier
  how do I train a classifier on sentences of variable length
  text classification
  overfitting
  confusion matrix
  stratified cross-validation
  train on my own data
nan
  my loss is NaN, where do I clip gradients
  clip_grad_norm_
  gradient accumulation
every-state
  hidden state of every layer
  attention
cost
  how many FLOPs and how much memory does an LSTM take
  FLOPs
  peak memory for inference
gru
  what is the difference between LSTM and GRU
forget-bias
  how do I set the forget gate bias to 1
  how long does a forget gate of 0.98 remember
  initialization
chunks
  how do I carry the state between batches, truncated backpropagation
  how do I reset the state in the middle of a chunk
  stateful
onnx-export
  how do I export an LSTM to ONNX
digits
  why does the GPU give different numbers than the CPU?
  why does the same seed give different dropout on the GPU
  TF32
  float16 error
directions wrong-ways
  what is h_n[-1] in a bidirectional LSTM
custom-cell
  torch.compile
  padded sequences with my own cell
cell-variants
  how do I add layer normalization or peepholes
  LayerNorm
  variational dropout
every-state streaming
  how do I run an LSTM one step at a time for streaming
layers
  where does dropout act in nn.LSTM
  how much dropout
when
  When should I not use an LSTM today?
  xlstm mamba
  pretrained model for time series
  is LSTM outdated
read-your-own what-it-remembers
  What do gates learn in a real (trained) network?
read-your-own
  what do the gates of my own trained network learn
  which hidden unit of my LSTM is important
  do single units mean something
streaming
other-places
  how do I quantize an LSTM to int8
  why are LSTM results wrong on MPS
  torch.export
  TorchScript
  coreml
several-gpus
  how do I use DataParallel with a hidden state
  several GPUs
after-loading
  my model gives different predictions after loading the checkpoint
  why are predictions random after load_state_dict
  strict=False module. prefix
batch-size
  why does my LSTM's result depend on the batch size
  drop_last
edit-units
  how do I freeze the recurrent weights of an LSTM
  how do I prune units of a trained LSTM
  merge two units
not-learning
  why does my LSTM not learn, the loss is not decreasing
  my LSTM predicts the same value, the mean, for every input
  the forecast lags by one step behind the true values
seq2seq
  bidirectional encoder to a decoder with one direction
  how do I use teacher forcing and decode at inference
  how do I pass the encoder's hidden state to the decoder
several-ahead
  how do I predict several steps into the future
  multivariate time series forecast with several features
index
  what is an LSTM
chunks forecast
  reset hidden state between sequences
directions
  max pooling over time
directions shapes
  batch_first h_n
chunks errors
  modified by an inplace operation
  retain_graph
gradients
  weight decay
packed
  mask padding in the loss
  pad_packed_sequence batch_first
cell-variants layers
  locked dropout between layers
character-model
  generate text
make-your-own
  install
errors
  CUDNN_STATUS_EXECUTION_FAILED
  size mismatch for weight_ih_l0
  Expected target size
  must have the same dtype, but got Double and Float
  derivative for _cudnn_rnn_backward is not implemented
"""
"""Held-out questions and short queries below the pages that answer them."""

QUERIES = json.loads((ROOT / "tests/site/queries.json").read_text())
"""Public questions in a few words -> pages that answer them."""

MARK = "\u2063"
"""What comes before the words that only the search reads."""
TAG = r"<[^>]*>"

COUNT_ANSWERS = """{
  window.answers = [];
  window.Worker = class extends Worker {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => {
        if (data.type === 3) window.answers.push(data.data.items.length);
      });
    }
  };
}"""
"""Counts the results of Zensical's search, each time it answers."""


@pytest.fixture(scope="module")
def page(browser, address):
    """A page with its search open and the index loaded."""
    page = opened_page(browser, address)
    page.keyboard.press("/")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def zensical(browser, build_site, tmp_path_factory):
    """The same, built by Zensical."""
    served = tmp_path_factory.mktemp("zensical")
    with serving(build_site("zensical"), served) as address:
        page = watched_page(browser)
        page.add_init_script(COUNT_ANSWERS)
        page.goto(address)
        page.locator(".md-search__button").click()
        yield page
        page.context.close()


def page_of(path):
    """The page of the site that a link leads to."""
    return path.rstrip("/").rpartition("lstm-figs")[2][1:]


def first_pages(page, words):
    """The names of the first three pages that the search finds."""
    field = page.locator(".md-search__input")
    results = page.locator(".md-search-result__item")
    # Later results belong to these words.
    results.evaluate_all("all => all.forEach(element => element.remove())")
    field.fill(words)
    # The search reacts to keys.
    field.press("End")
    results.first.wait_for()
    links = results.evaluate_all(
        "all => all.slice(0, 3).map(element => element.querySelector('a').pathname)"
    )
    return [page_of(link) for link in links]


def first_sections(page, words):
    """The names of the pages of Zensical's first three results."""
    before = page.evaluate("answers.length")
    page.get_by_role("combobox", name="Search").fill(words)
    page.wait_for_function(f"answers.length > {before}")
    results = page.locator("[role=option]")
    count = page.evaluate("answers.at(-1)")
    (results.nth(count - 1) if count else page.get_by_text("No results")).wait_for()
    links = results.evaluate_all("all => all.slice(0, 3).map(a => a.pathname)")
    return [page_of(link) for link in links]


def questions():
    """Each question with the pages that answer it."""
    answers = set()
    for line in QUESTIONS.splitlines():
        if line.startswith(" "):
            yield line.strip(), answers
        else:
            answers = {"" if name == "index" else name for name in line.split()}


@pytest.mark.parametrize(("words", "answers"), [*questions()])
def test_a_question_finds_its_answer_among_the_first_three_pages(page, words, answers):
    assert answers & {*first_pages(page, words)}


def test_queries_of_people_find_an_answer_first(page):
    places = [
        next((k for k, name in enumerate(first_pages(page, query)) if name in answers), None)
        for query, answers in QUERIES.items()
    ]
    assert places.count(0) >= 0.8 * len(QUERIES), dict(zip(QUERIES, places, strict=True))
    assert places.count(None) <= 0.03 * len(QUERIES), dict(zip(QUERIES, places, strict=True))


def test_zensical_has_the_same_results(page, zensical):
    for query in [*QUERIES][::6]:
        assert first_sections(zensical, query)[0] == first_pages(page, query)[0], query


def typed_name(name):
    """A name of PyTorch as people type it."""
    return f"torch.{name}" if "." in name else name


def test_a_name_of_pytorch_finds_the_page_that_explains_it(page):
    results = {name: first_pages(page, typed_name(name)) for name in EXPLAINED_ON}
    assert [name for name in EXPLAINED_ON if EXPLAINED_ON[name] not in results[name]] == []
    later = {n: pages for n, pages in results.items() if pages[0] != EXPLAINED_ON[n]}
    assert len(later) <= 0.1 * len(EXPLAINED_ON), later


def test_words_for_the_search_are_no_text_of_the_page(open_page):
    words = "encoder hidden as decoder hidden"
    page = open_page("seq2seq/")
    assert words in page.content()
    body = page.locator("body")
    assert words not in body.text_content()
    assert words not in body.inner_text()
    assert words not in body.aria_snapshot()


TOPICS = {
    "orthogonal initialization": ("orthogonal", "initializ"),
    "gradient clipping": ("gradient", "clip"),
    "packed batch": ("pack", "batch"),
}
"""Queries, and what a word that they find begins with."""
RESULTS = """all => all.map(link => {
  const heading = link.querySelector('h1, h2');
  const marks = [...link.querySelectorAll('mark')].filter(mark => !heading.contains(mark));
  const place = (link.pathname + link.hash).split('lstm-figs/')[1];
  return [place, heading.textContent, link.textContent, marks.map(mark => mark.textContent)];
})"""


def beginnings(text, stems):
    """Where a text has words of a query, and which."""
    words = re.finditer(r"\w+", re.sub(TAG, lambda tag: " " * len(tag[0]), text.lower()))
    return [(word.start(), s) for word in words for s in stems if word[0].startswith(s)]


@pytest.mark.parametrize(("query", "stems"), TOPICS.items())
def test_results_are_all_pages_with_a_word_and_show_where_most_are(page, address, query, stems):
    first_pages(page, query)
    index = page.request.get(f"{address}search/search_index.json").json()["docs"]
    docs = {doc["location"]: doc for doc in index}
    having = [
        at for at, doc in docs.items() if beginnings(doc["title"] + MARK + doc["text"], stems)
    ]
    count = page.locator(".md-search-result__meta").inner_text().split()[0]
    assert int(count) == min(30, len({at.partition("#")[0] for at in having}))
    for at, title, content, marks in page.locator(".md-search-result__link").evaluate_all(RESULTS):
        assert title == unescape(re.sub(TAG, "", docs[at]["title"]))
        assert all(beginnings(mark, stems) for mark in marks)
        if content != title:
            places = beginnings(docs[at]["text"].partition(MARK)[0], stems)
            windows = ({s for t, s in places if 0 <= t - start < 180} for start, _ in places)
            most = max(map(len, windows), default=0)
            assert len({s for _, s in beginnings(" ".join(marks), stems)}) >= most, at


STUB = """async () => {
  const theirs = URL.createObjectURL(new Blob(["onmessage = (e) => postMessage(e.data)"]));
  const { base } = JSON.parse(document.getElementById("__config").text);
  const own = new URL(`${base}/assets/search.js`, location);
  const worker = new Worker(`${own}#${encodeURIComponent(theirs)}`);
  const answer = new Promise((got) => worker.addEventListener("message", (e) => got(e.data)));
  worker.postMessage({ type: 0, data: { sections: [] } });
  return answer;
}"""
"""Sets up the search with a message of unknown form."""


def test_the_worker_of_the_theme_answers_messages_that_are_new(page):
    assert page.evaluate(STUB) == {"type": 0, "data": {"sections": []}}
