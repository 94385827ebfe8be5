"""The functions that `lstm_figs` exports."""

import io
import math
import sys
import warnings
from base64 import b64decode
from pathlib import Path

import graphviz
import pytest
import torch
from PIL import Image

import lstm_figs as lf
from lstm_figs.command.request import parse_header
from lstm_figs.errors import UsageError
from lstm_figs.scene.marks import walk
from tests.proof import metadata, prove, prove_all, read, svg_of, texts

TRACE = lf.trace(torch.nn.LSTM(3, 2), torch.randn(4, 1, 3))


def test_a_figure_is_laid_out_once_however_often_it_is_shown(monkeypatch, folder):
    real, runs = graphviz.Digraph.pipe, []
    monkeypatch.setattr(
        graphviz.Digraph, "pipe", lambda dot, **more: runs.append(dot) or real(dot, **more)
    )
    figure = lf.draw("autograd")
    figure.save("a.svg")
    figure.save("a.png")
    figure._repr_html_()
    repr(figure)
    assert len(runs) == 1


def test_a_picture_is_saved_at_a_scale(folder):
    figure = lf.draw("cell", TRACE)
    for scale in (0.25, 1, 2.5):
        path = figure.save("a.png", scale=scale)
        with Image.open(path) as image:
            assert image.width == figure.sheet.width * scale


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: f.save("a.png", scale=0.2), "expected a number from 0.25 to 10"),
        (lambda f: f.save("a.png", scale=11), "expected a number from 0.25 to 10"),
        (lambda f: f.save("a.svg", scale=2), "expected a .png file; leave scale out"),
        (lambda f: f.save("a.svg", theme="pink"), "unknown theme 'pink'"),
        (lambda f: f.save("a.svg", theme="page"), "unknown theme 'page'"),
        (lambda f: f.save("a\0.svg"), "cannot write"),
        (lambda f: f.save(f"{'a' * 300}.svg"), "cannot write"),
        (lambda f: f.save(b"x.svg"), "got b'x.svg' to save to, expected a path"),
        (lambda f: f.save("x"), r"expected one of .*\.svg"),
        (lambda f: f.save("x.svg.gz"), r"expected one of .*\.svg"),
        (lambda f: f.render("gif", "light"), "unknown format 'gif'"),
        (lambda f: f.inline("page"), "unknown theme 'page'"),
        (lambda f: f.inline(more=5), "got 5 as CSS, expected a string"),
    ],
)
def test_what_cannot_be_saved_or_rendered_is_a_sentence(call, message, folder):
    with pytest.raises(lf.LstmFigsError, match=message) as raised:
        call(lf.draw("perceptron"))
    assert "\n" not in str(raised.value)
    assert list(folder.iterdir()) == []


def test_css_around_an_inline_figure_cannot_become_markup():
    more = "p>b{color:red}</style><script>alert(1)</script>&"
    root = read(lf.draw("perceptron").inline(more=more))
    assert [e for e in root.iter() if "script" in e.tag] == []
    (style,) = (e for e in root.iter() if e.tag.endswith("style"))
    assert style.text.startswith(more)


def test_a_figure_and_a_trace_say_in_a_line_what_they_are():
    figure = lf.draw("cell", TRACE)
    assert repr(figure) == (
        f"<Figure cell: {figure.title!r}, "
        f"{figure.sheet.width} x {round(figure.sheet.height)}, "
        f"{len(figure.numbers())} numbers>"
    )
    assert repr(TRACE) == "<Trace of LSTM(3, 2) over 4 steps>"


def test_a_notebook_keeps_a_figure_as_html_and_as_a_picture():
    figure = lf.draw("unrolled", TRACE)
    data, about = figure._repr_mimebundle_()
    assert [*data] == ["text/plain", "text/html", "image/png"]
    assert data["text/plain"] == repr(figure)
    assert data["text/html"].startswith("<svg")
    with Image.open(io.BytesIO(b64decode(data["image/png"]))) as image:
        assert image.width == int(1.5 * figure.sheet.width)
    assert about["image/png"] == {
        "width": round(figure.sheet.width),
        "height": round(figure.sheet.height),
        "alt": f"{figure.title}. {figure.description}",
    }
    data, _ = figure._repr_mimebundle_(exclude={"text/html", "text/plain"})
    assert [*data] == ["image/png"]


@pytest.mark.parametrize("name", ["keep-write-show", "unit-map"])
def test_a_notebook_keeps_at_most_60_kb_beside_the_svg(name):
    trace = lf.trace(torch.nn.LSTM(40, 64), torch.randn(60, 1, 40))
    figure = lf.draw(name, trace)
    data, _ = figure._repr_mimebundle_()
    assert sum(map(len, data.values())) - len(data["text/html"]) <= 60_000
    with Image.open(io.BytesIO(b64decode(data["image/png"]))) as image:
        assert image.width >= figure.sheet.width
        palette = [colour for _, colour in image.convert("RGB").getcolors()]
        scale = image.width / figure.sheet.width
    png = figure.render("png", "light", scale)
    with Image.open(io.BytesIO(png)) as picture:
        # The argument is a limit, above the number of colours.
        areas = sorted(picture.convert("RGB").getcolors(10**6), reverse=True)
    # The palette has the colours of the largest areas, not ones similar to a line's.
    for _, colour in areas[:8]:
        assert min(math.dist(colour, other) for other in palette) < 2


def test_a_notebook_can_ask_for_svg_and_pdf():
    figure = lf.draw("unrolled", TRACE)
    data, about = figure._repr_mimebundle_(include={"image/svg+xml", "application/pdf"})
    assert data["image/svg+xml"] == figure.render("svg", "auto").decode()
    assert b64decode(data["application/pdf"]) == figure.render("pdf", "light")
    assert (len(data), about) == (2, {})


def test_a_notebook_has_no_picture_where_matplotlib_is_not_installed(monkeypatch):
    # The modules that import Matplotlib: `paint`, `pdf` and `png`.
    for name in [n for n in sys.modules if n.startswith("lstm_figs.render.p")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    data, _ = lf.draw("unrolled", TRACE)._repr_mimebundle_()
    assert [*data] == ["text/plain", "text/html"]
    with pytest.raises(lf.LstmFigsError, match="pip install matplotlib"):
        lf.draw("unrolled", TRACE).render("pdf", "light")


@pytest.mark.parametrize("id", [None, "own"])
def test_one_figure_has_other_ids_wherever_it_is_shown(id, monkeypatch):
    nothing_before = type(lf.figure._USED_IDS)()
    monkeypatch.setattr(lf.figure, "_USED_IDS", nothing_before)
    figure = lf.draw("perceptron", id=id, step=1)
    written = figure.render("svg", "light")
    roots = [read(figure._repr_html_()) for _ in range(3)]
    ids = [root.get("id") for root in roots]
    assert ids[1:] == [f"{ids[0]}-2", f"{ids[0]}-3"]
    for root in roots:
        element_ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert all(element_id.startswith(root.get("id")) for element_id in element_ids)
        command = metadata(root)["command"]
        assert command.count("--id") == 1
        assert command.endswith(f"--id {root.get('id')}")
    assert figure.render("svg", "light") == written


def test_no_two_outputs_have_one_id_whatever_ids_are_asked_for():
    first, second = (lf.draw("perceptron", id=id) for id in ("twice", "twice-2"))
    ids = [read(figure._repr_html_()).get("id") for figure in (first, first, second, first, second)]
    assert len({*ids}) == len(ids)
    assert ids[:2] == ["twice", "twice-2"]


class Model(torch.nn.Module):
    """Embeds tokens, and calls its LSTM `times` times with the same input."""

    def __init__(self, times=1):
        super().__init__()
        self.embedding = torch.nn.Embedding(9, 3)
        self.encoder = torch.nn.ModuleDict({"rnn": torch.nn.LSTM(3, 2)})
        self.times = times

    def forward(self, ids, *, scale=1.0):
        for _ in range(self.times):
            result = self.encoder["rnn"](self.embedding(ids) * scale)
        return result


class Decoder(torch.nn.Module):
    """Calls its LSTM or LSTMCell step by step, and resets the state at the step `restart`."""

    is_cell: torch.jit.Final[bool]

    def __init__(self, is_cell=False):
        super().__init__()
        self.is_cell = is_cell
        self.rnn = torch.nn.LSTMCell(3, 2) if is_cell else torch.nn.LSTM(3, 2, batch_first=True)

    def forward(self, x, restart: int = -1):
        zeros = torch.zeros(2, 2) if self.is_cell else torch.zeros(1, 2, 2)
        state, outputs = (zeros, zeros + 1), []
        for k, x_t in enumerate(x):
            if k == restart:
                state = zeros, zeros
            if self.is_cell:
                state = self.rnn(x_t, state)
                outputs.append(state[0][None])
            else:
                output, state = self.rnn(x_t[:, None], state)
                outputs.append(output)
        return torch.cat(outputs, dim=0 if self.is_cell else 1)


def torch_script(model, *inputs):
    """A model of TorchScript; traced if there are inputs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.jit.trace(model, inputs) if inputs else torch.jit.script(model)


# Mistakes for the table below; each function returns a call that is still to be made.
def draw(*arguments, **options):
    return lambda: lf.draw(*arguments, **options)


X = torch.randn(5, 2, 3, generator=torch.Generator().manual_seed(0))


def trace_decoder(model=None, **options):
    return lambda: lf.trace(model or Decoder(), X, module="rnn", **options)


class Uncalled(torch.nn.Identity):
    """A model that never calls its LSTM."""

    def __init__(self):
        super().__init__()
        self.rnn = torch.nn.LSTM(3, 2)


def trace_part(model, name):
    return lambda: lf.trace(model, torch.tensor([[7], [1]]), module=name)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (draw("unroled"), "did you mean 'unrolled'"),
        (draw("step"), "which cell-input --unit 0 replaced"),
        (draw("unrolled", torch.nn.LSTM(3, 2)), "lstm_figs.trace"),
        (draw("four-weights", unit="1"), "expected a whole number"),
        (draw("four-weights", unti=1), "option of four-weights 'unti', .* you mean 'unit'"),
        (draw("four-weights", unit=True), "expected a whole number"),
        (draw(None), "unknown figure None, expected one of"),
        (draw("cell", width=359), "a whole number from 360 to 720"),
        (draw("cell", id='"><script>'), "expected a letter, then letters"),
        (draw("cell", id="own-narrow"), "expected none that ends in -narrow"),
        (draw("cell", TRACE, layer="0"), "expected a whole number"),
        (draw("cell", TRACE, reverse=1), "expected True or False"),
        (draw("cell", layer=3), "expected layer 0, forward"),
        (draw("cell", reverse=True), "expected layer 0, forward"),
        (draw("cell", TRACE, text="a"), "leave the trace out, or pass this to lstm_figs.load"),
        (draw("reading", network="bracket"), "mean 'brackets'"),
        (draw("cell", input_size=2.5, hidden_size=2), "got '2.5', expected a whole number from 1"),
        (draw("reading", TRACE, units=[0, 0.5]), "a list of ints"),
        (lambda: TRACE.timed(0), "expected the seconds of a step, above zero"),
        (lambda: lf.load(3), "expected the name of a file"),
        (lambda: lf.load("nowhere.pt"), "'nowhere.pt' is not a file"),
        (lambda: lf.load("a.pt", input=torch.ones(2, 1, 3)), "save it first: numpy.save"),
        (lambda: lf.load("nowhere.pt", modul="a"), "did you mean '--module'"),
        (trace_part(Model(), "rnn"), "an LSTM in the model, 'encoder.rnn'; choose one"),
        (trace_part(torch.nn.Linear(3, 2), "rnn"), "which has none"),
        (
            trace_part(Model(times=0), "encoder.rnn"),
            "the model raised an error .* call it yourself first",
        ),
        (trace_part(Model(times=2), "encoder.rnn"), "call 1 does not begin with the state that"),
        (
            trace_decoder(restart=3),
            "which call 3 .* of one sequence, or choose one with call_index=K, from 0 to 4",
        ),
        (
            trace_decoder(call_index=5),
            "from 0 to 4, because 'rnn' is called 5 times; choose one, or leave it out",
        ),
        (
            lambda: lf.trace(torch.nn.LSTM(3, 2), X, call_index=0),
            "without a model .* leave call_index out",
        ),
        (
            lambda: lf.trace(torch.nn.LSTM(3, 2), X.numpy()),
            r"pass torch.from_numpy\(x\).to\(torch.float32\)",
        ),
        (lambda: lf.trace(Model(), X), "inside it: module='encoder.rnn'"),
        (lambda: lf.trace(torch_script(Decoder()), X), "inside it: module='rnn'"),
        (trace_part(torch_script(Decoder()), ""), "LSTM or LSTMCell; name the one inside it"),
        (
            lambda: lf.trace(torch_script(Decoder(is_cell=True), X), X, module="rnn"),
            "as a whole in one call of the model, .*; make the model from its class",
        ),
        (trace_part(Uncalled(), "rnn"), "one or several; pass inputs with which it does"),
        (trace_part(Model(), "embedding"), "got Embedding, expected torch.nn.LSTM"),
        (trace_part(print, "rnn"), "expected a torch.nn.Module"),
    ],
)
def test_a_mistake_is_a_sentence_that_says_what_to_do(call, message):
    with pytest.raises(lf.LstmFigsError, match=message):
        call()


def test_an_lstm_inside_a_model_is_traced_with_what_reaches_it():
    model, ids = Model().eval(), torch.tensor([[7], [1], [8]])
    trace = lf.trace(model, ids, module="encoder.rnn", scale=0.5, tokens=[*"abc"])
    with torch.no_grad():
        output, (h_n, c_n) = model(ids, scale=0.5)
    assert trace.tokens == ("a", "b", "c")
    assert lf.trace(model.forward, ids, module="encoder.rnn").steps
    assert (trace.x == (model.embedding(ids) * 0.5).detach().numpy()).all()
    for own, expected in zip((trace.output, trace.h_n, trace.c_n), (output, h_n, c_n), strict=True):
        assert (own == expected.numpy()).all()
    assert not model.encoder["rnn"]._forward_hooks


@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize("is_cell", [True, False])
# With 0, the preamble expects all numbers as variables; otherwise it writes them out.
@pytest.mark.parametrize("literals", [0, 1000])
def test_calls_that_continue_each_other_are_one_run(is_cell, script, literals, monkeypatch):
    monkeypatch.setattr("lstm_figs.proof.literals.LITERALS", literals)
    model = plain = Decoder(is_cell).eval()
    if script:
        model = torch_script(model)
    trace = trace_decoder(model)()
    assert (trace.output == model(X).detach().numpy()).all()
    hx = torch.zeros(1, 2, 2), torch.ones(1, 2, 2)
    svg = svg_of(lf.draw("cell", trace, step=5))
    assert prove(svg, {"module": plain.rnn, "x": X, "hx": hx}) > 20
    # After a restart, a call is a run of its own, which begins with zeros.
    single_call = trace_decoder(model, restart=3, call_index=3)()
    assert (len(single_call.steps), single_call.c_0.any()) == (1, False)


def test_an_input_and_its_state_are_given_by_place_or_by_name():
    lstm, x = torch.nn.LSTM(3, 2), torch.randn(4, 1, 3)
    hx = torch.randn(1, 1, 2), torch.randn(1, 1, 2)
    first = lf.trace(lstm, x, hx)
    for other in (lf.trace(lstm, x, hx=hx), lf.trace(lstm, input=x, hx=hx)):
        assert (other.output == first.output).all()
    # Too few, too many, the input twice, and an unknown name.
    for inputs, named in (((), {}), ((x, hx, 1), {}), ((x,), {"input": x}), ((x,), {"state": hx})):
        with pytest.raises(
            lf.LstmFigsError, match="hx, the initial state, if it is not zeros; pass these"
        ):
            lf.trace(lstm, *inputs, **named)


def test_python_names_a_source_as_the_command_line_does(folder):
    figure = lf.draw("reading", network="brackets", text="f(a)")
    words = "lstm-figs draw reading --network brackets --text 'f(a)'"
    assert figure.metadata["command"] == words
    assert lf.draw("reading", text="f(a)").metadata["command"] == words
    sized = lf.draw("layers", input_size=3, hidden_size=2, num_layers=2, bidirectional=True, seed=4)
    assert "LSTM(3, 2, num_layers=2, bidirectional=True)" in str(sized.metadata["preamble"])
    path, tokens = Path("own.pt"), Path("tokens.json")
    tokens.write_text('["a", "b", "c", "d", "e"]')
    torch.save(torch.nn.LSTM(3, 6).state_dict(), path)
    trace = lf.load(path, seq_len=5, tokens=[*"abcde"])
    assert trace.tokens == tuple("abcde")
    figure_of_units = lf.draw("reading", trace, units=[5, 2])
    named = lf.draw("reading", weights=path, seq_len=5, units=(5, 2), tokens=tokens)
    ids = {m.id for m in walk(figure_of_units.sheet.marks)}
    assert {m.id for m in walk(named.sheet.marks)} == ids
    assert lf.load(path, seq_len=5, tokens=tokens).tokens == trace.tokens


def test_a_sequence_of_a_batch_is_drawn_as_if_it_were_alone():
    torch.manual_seed(0)
    lstm, x = torch.nn.LSTM(3, 2), torch.randn(5, 3, 3)
    batch = lf.trace(lstm, x)
    figure = lf.draw("writes", batch, sample=2)
    prove_all(figure, {"lstm": lstm, "x": x})
    alone = lf.draw("writes", lf.trace(lstm, x[:, 2:]))
    # Kernels for one sequence and for several may differ in the last bit.
    assert [float(n.number.value) for n in figure.numbers()] == pytest.approx(
        [float(n.number.value) for n in alone.numbers()], abs=1e-6
    )
    cells = lf.trace(torch.nn.LSTMCell(3, 2), x[0])
    assert prove(svg_of(lf.draw("cell", cells, sample=1))) > 20
    by_name = {"input_size": 3, "hidden_size": 2, "batch_size": 3, "sample": 2}
    line = "writes --input-size 3 --hidden-size 2 --batch-size 3 --sample 2"
    python = lf.draw("writes", **by_name).render("svg", "light")
    assert parse_header(line).draw().render("svg", "light") == python
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [5, 4, 2])
    for trace, sample in ((batch, 3), (lf.trace(lstm, packed), 0)):
        with pytest.raises(
            UsageError,
            match=r"sample 3 .*another, or pass a batch|sample 0 .*; trace the sequence alone",
        ):
            lf.draw("writes", trace, sample=sample)


def test_own_words_are_marked_and_all_else_stays():
    plain = read(svg_of(lf.draw("cell")))
    own = {"title": "Our cell", "note": "-1 is what we expected."}
    figure = lf.draw("cell", **own)
    root = read(svg_of(figure))
    marked = ["".join(g.itertext()).strip() for g in root.iter() if g.get("data-own")]
    assert marked == [*own.values()]
    assert figure.title == own["title"]
    title, *rest = (text for _, text in texts(plain))
    all_texts = [text for _, text in texts(root)]
    assert [text for text in all_texts if text not in own.values()] == rest
    assert title not in all_texts
    command = metadata(root)["command"]
    assert parse_header(command.removeprefix("lstm-figs draw ")).draw().render(
        "svg", "light"
    ) == figure.render("svg", "light")


@pytest.mark.parametrize("parts", [{}, {"num_layers": 3, "bidirectional": True}])
def test_a_notebook_shows_how_large_the_tensors_of_a_trace_are(parts):
    lstm, x = torch.nn.LSTM(3, 2, **parts), torch.randn(4, 1, 3)
    html = lf.trace(lstm, x)._repr_html_()
    with torch.no_grad():
        output, (_, c_n) = lstm(x)
    for name, tensor in (("x", x), ("output", output), ("c_n", c_n)):
        low, high = float(tensor.min()), float(tensor.max())
        assert (
            f"<th scope=row>{name}</th><td>{tuple(tensor.shape)}</td>"
            f"<td>{low:.3g}</td><td>{high:.3g}</td>"
        ) in html
    assert "f_l0<" in html
    # Also of many layers, the table fits a screen.
    assert html.count("<tr>") <= 25


def test_completion_offers_the_public_names():
    assert dir(lf) == sorted(lf.__all__)
