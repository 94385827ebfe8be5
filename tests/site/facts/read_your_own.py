"""What `read-your-own` quotes."""

import inspect
import re
from functools import cache
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.utils.rnn import pack_padded_sequence

import lstm_figs as lf
from lstm_figs.command.request import parse_header
from lstm_figs.errors import LstmFigsError
from lstm_figs.model.label_ranking import areas, two_sided_auc
from tests.doc_scripts import CODE, load
from tests.site.facts.common import module, randn, session
from tests.site.facts_of_pages import page
from tests.site.records import READER, names_of

PYTHON_NETWORK = (
    "--weights docs/code/python_model.safetensors --module encoder.rnn"
    " --input docs/code/python_model-input.safetensors"
    " --tokens docs/code/python_model-tokens.json"
)
"""The network that reads Python, with the sample."""


def is_a_bias() -> bool:
    """Whether a constant in place of a unit only shifts a product."""
    layer, h = torch.nn.Linear(4, 3), randn(5, 4)
    h[:, 1] = 0.5
    shift = 0.5 * layer.weight[:, 1]
    rest = h.clone()
    rest[:, 1] = 0
    return torch.allclose(layer(h), layer(rest) + shift, atol=1e-6)


def are_the_columns_of_the_reverse() -> bool:
    """Whether the layer above reads the reverse units in its last columns."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3)
    before, _ = lstm(x)
    with torch.no_grad():
        lstm.bias_ih_l0_reverse += 1
    moved = (lstm(x)[0] != before).flatten(0, 1).any(0)
    return moved.tolist() == [False, False, True, True]


def is_none_or_all() -> bool:
    """Whether 0.5 is a label that nothing tells, and 1 one that is told."""
    values, true = np.arange(6.0)[:, None], np.arange(6) > 2
    alike = np.zeros((6, 1))
    results = [two_sided_auc(areas(unit, true)) for unit in (alike, values, -values)]
    return np.concatenate(results).tolist() == [0.5, 1.0, 1.0]


def lines_of_the_first_listing() -> int:
    """How many lines of code lead to the figures."""
    first = page("read-your-own").text.split("```")[1]
    return sum(bool(line.strip()) for line in first.splitlines()[1:])


def is_told_by_the_products() -> bool:
    """Whether h is read by the readout and by the gates of the next step.

    Taken away from both, a unit leaves nothing: its own c may be anything.
    """
    script = load("take_away")
    model, ids = script.PythonModel(), script.encode("x = [1, 2]")
    frozen = script.without(model, 5, 0.25)
    scores, _ = frozen(ids)
    with torch.no_grad():
        for name, weight in frozen.encoder.rnn.named_parameters():
            weight[5::128] += name.startswith("bias")
    return torch.equal(frozen(ids)[0], scores)


@cache
def model_and_h() -> tuple[Any, torch.Tensor]:
    """The network that reads Python, and each h of it in the sample."""
    script = load("python_model")
    model = script.PythonModel().eval()
    model.load_state_dict(load_file(CODE / script.SAVED))
    sample = (CODE / "python_sample.txt").read_text("ascii")
    with torch.no_grad():
        return model, model.encoder(script.encode(sample))[0][0]


def is_random_without_input() -> bool:
    """Whether numbers are drawn where no input is given."""
    weights = "gate-functions --weights docs/code/python_model.safetensors"
    header = f"{weights} --module encoder.rnn"
    return "random.Random(0)" in parse_header(header).draw().metadata["preamble"]


def is_of_vectors() -> bool:
    """Whether what the LSTM reads is (steps, features), behind the ids."""
    model, _ = model_and_h()
    ids = load("python_model").encode("x = 1")
    vectors = model.encoder.embedding(ids)[0]
    return vectors.shape == (5, model.encoder.rnn.input_size) and (ids.shape == (1, 5))


def is_the_chance_to_be_higher() -> bool:
    """Whether the area is the share of pairs that are in order."""
    values, true = randn(40).numpy(), randn(40, seed=1).numpy() > 0.3
    pairs = values[true][:, None] > values[~true][None]
    (area,) = areas(values[:, None], true)
    return bool(np.isclose(area, pairs.mean()))


def is_told_without_memory() -> bool:
    """Whether a label of the token alone is told by the token."""
    text = "a network that reads what is written"
    vowels = np.array([letter in "aeiou" for letter in text])
    means = [vowels[[k == letter for k in text]].mean() for letter in text]
    (area,) = areas(np.array(means)[:, None], vowels)
    return area == 1


def worth(unit: int, name: str) -> float:
    return names_of(READER)["worth"][name][unit]


def is_not_needed() -> bool:
    """Whether a unit tells brackets apart that the loss does not need."""
    best_unit = names_of(READER)["told"]["in brackets"]
    return (
        best_unit["unit"] == 77 and best_unit["held"] > 0.75 and (worth(77, "in brackets") < 0.01)
    )


def are_needed_where_they_tell() -> bool:
    return min(worth(63, "in a string"), worth(112, "in prose")) > 5 * worth(77, "in brackets") > 0


def is_hidden_by_the_mean() -> bool:
    """Whether what a unit is worth shows where it tells something."""
    return worth(63, "in a string") > 5 * worth(63, "everywhere")


def may_never_be_zero() -> bool:
    """Whether a unit has a mean that is far from zero, and one sign."""
    _, h = model_and_h()
    one_sign = ((h > 0).all(0) | (h < 0).all(0)) & (h.mean(0).abs() > 0.5)
    return one_sign.any()


def changes_weights_alone() -> bool:
    """Whether the model without a unit has the same modules and names."""
    script = load("take_away")
    model = script.PythonModel()
    frozen = script.without(model, 5, 0.25)
    changed = {
        name
        for name, weight in frozen.state_dict().items()
        if not torch.equal(weight, model.state_dict()[name])
    }
    return changed == {
        *("readout.weight", "readout.bias"),
        *("encoder.rnn.weight_hh_l0", "encoder.rnn.bias_hh_l0"),
    } and repr(frozen) == repr(model)


def measures_what_was_held() -> bool:
    """Whether it measures by label, on modules that were left out."""
    script = load("take_away")
    held_out = script.HeldOut(["x = [1]\n", "# so\n"])
    return (
        [*held_out.labels] == ["everywhere", "in a string", "in prose", "in brackets"]
        and "[-HELD_OUT:]" in inspect.getsource(script)
        and "modules[:-HELD_OUT]" in inspect.getsource(load("python_model"))
    )


def may_do_the_same() -> bool:
    """Whether one of two units alike can go, and both cannot."""
    unit = torch.tensor([0.0, 1.0])

    def answer(first, second):
        return (20 * (first + second) - 10).sigmoid()

    both, alone = answer(unit, unit), answer(unit, 0 * unit)
    return torch.allclose(both, alone, atol=1e-3) and not torch.allclose(
        both, answer(0 * unit, 0 * unit), atol=0.5
    )


def says_little() -> bool:
    """Whether a gate that is open on average has a short half-life."""
    forget = session("read-your-own")["found"]["f"][:, 1]
    steps = torch.tensor(0.5).log() / forget.log().mean()
    return forget.mean() > 0.9 and steps < 1.5


def remembers_a_not() -> bool:
    """Whether a unit keeps what it writes at *not* to the next word."""
    names: dict[str, Any] = {}
    header = (
        "reading --weights docs/code/classifier.safetensors "
        "--input docs/code/classifier-bad-input.json --units 6"
    )
    exec(parse_header(header).draw().metadata["preamble"], names)
    c, written = names["c"][:, 0, 6], (names["i"] * names["g"])[:, 0, 6]
    return bool(written[3] < -0.8 and c[4] < -0.7)


def takes_one_that_keeps_and_one_that_reacts() -> bool:
    """Whether two units are drawn, of which one keeps, and it is said why."""
    without_labels = parse_header(f"reading {PYTHON_NETWORK}").draw()
    names: dict[str, Any] = {}
    exec(without_labels.metadata["preamble"], names)
    svg = without_labels.render("svg", "light").decode()
    (keeps,) = re.findall(r"Unit (\d+) keeps: c moves most", svg)
    (reacts,) = re.findall(r"Unit (\d+) reacts: what it writes", svg)
    mean_f = names["f"][:, 0].mean(0)
    return bool(mean_f[int(keeps)] > 0.9 > 2 * mean_f[int(reacts)])


def tells_it_nothing() -> bool:
    """Whether the training knows no labels, but the next character."""
    source = inspect.getsource(load("python_model"))
    return "tokenize" not in source and "labels" not in source


def is_refused(lstm: torch.nn.LSTM) -> bool:
    try:
        lf.trace(lstm, randn(4, 1, 3).to(lstm.weight_ih_l0.dtype))
    except LstmFigsError:
        return True
    return False


def takes_two_dtypes_without_dropout() -> bool:
    """Whether single and double precision are taken, and dropout is not."""
    deep = module(3, 2, num_layers=2, dropout=0.5)
    return (
        not is_refused(module(3, 2))
        and not is_refused(module(3, 2).double())
        and is_refused(module(3, 2).half())
        and is_refused(deep.train())
        and not is_refused(deep.eval())
    )


def has_every_gate() -> bool:
    """Whether all layers and directions are there, batch-first or packed."""
    deep = module(3, 2, num_layers=2, bidirectional=True)
    first = module(3, 2, num_layers=2, bidirectional=True, batch_first=True)
    packed = pack_padded_sequence(randn(5, 2, 3), [5, 3])
    places = [
        {(s.layer, s.direction) for s in lf.trace(lstm, x).steps}
        for lstm, x in ((deep, packed), (first, randn(2, 4, 3)))
    ]
    step = lf.trace(first, randn(2, 4, 3)).steps[0]
    return all(len(pairs) == 4 for pairs in places) and all(
        getattr(step, gate).shape == (2, 2) for gate in "ifgo"
    )


def forgets_in_three_steps() -> bool:
    title = parse_header("units --input-size 20 --hidden-size 64 --seq-len 40").draw()
    return title.title.startswith("No write lasts three steps")


def is_high_for_anything() -> bool:
    """Whether the best of many units tells labels that mean nothing."""
    labels = randn(60, seed=1).numpy() > 0.5
    results = two_sided_auc(areas(randn(60, 128).numpy(), labels))
    return bool(results.max() > 0.65 > 0.6 > np.median(results))


def moves_with_what_moves_slowly() -> bool:
    """Whether labels that are moved in time are told better than shuffled."""
    slow = np.sin(np.arange(120)[:, None] / np.linspace(9, 30, 40))
    label = np.arange(120) % 60 < 30
    moved = np.roll(label, 23)
    mixed = label[np.random.default_rng(0).permutation(120)]
    maxima = [two_sided_auc(areas(slow, labels)).max() for labels in (moved, mixed)]
    return bool(maxima[0] > maxima[1] + 0.1)
