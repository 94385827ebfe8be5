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
from lstm_figs.layout.motifs.population import MIN_STEPS_TO_CHOOSE
from lstm_figs.layout.motifs.ranked_labels import MAX_UNITS
from lstm_figs.model.label_ranking import MIN_LEAD, UNTRAINED_COUNT, areas, two_sided_auc
from tests.doc_scripts import CODE, load
from tests.site.facts.common import (
    TRAINED,
    are_rows_of_bands,
    module,
    randn,
    session,
    units_of_column,
)
from tests.site.facts_of_pages import figure, network, of_torch, page, record
from tests.site.records import READER, names_of

PYTHON_NETWORK = (
    "--weights docs/code/python_model.safetensors --module encoder.rnn"
    " --input docs/code/python_model-input.safetensors"
    " --tokens docs/code/python_model-tokens.json"
)
"""The network that reads Python, with the sample."""


ENDS = "[k for k, one in enumerate(tokens) if one == tokens[25]]"
KEPT_BETWEEN_LINES = f"[f[a + 1:b + 1, 0, 63].prod() for a, b in zip({ENDS}, {ENDS}[1:])]"
"""What a unit keeps from the end of each line to that of the next."""


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


FACTS = (
    *of_torch(
        (
            "The module has to be on the CPU, in `float32` or `float64`, and "
            "in `eval` if it has dropout;",
            takes_two_dtypes_without_dropout,
        ),
        (
            "The trace has every gate, for all layers and directions, and for "
            "packed or batch-first input too.",
            has_every_gate,
        ),
        (", and the title says so.", forgets_in_three_steps),
        (
            "The best of many units is high whatever you ask, so it is held against three others.",
            is_high_for_anything,
        ),
        (
            "Shuffling them would be too kind, since what changes slowly fits what changes slowly.",
            moves_with_what_moves_slowly,
        ),
    ),
    *of_torch(
        ("Nobody told it what a string or a comment is.", tells_it_nothing),
        (
            "Without `--input` it makes one at random; the gates of real data "
            "need real data. The file holds what the LSTM itself reads, an "
            "array of shape (steps, features), so behind an embedding it holds "
            "the vectors and not the ids:",
            is_random_without_input,
            is_of_vectors,
        ),
        (
            "Figures that draw a few of many units take, without labels, one "
            "that keeps and one that reacts, and say why it is these.",
            takes_one_that_keeps_and_one_that_reacts,
        ),
        (
            "The area under the ROC curve (AUC) is the chance that the unit is "
            "higher at a step where the label is true than at one where it is "
            "not, or lower:",
            is_the_chance_to_be_higher,
        ),
        (
            "**The token alone.** Which letter is read tells whether it is a "
            "vowel, so no memory is needed for that.",
            is_told_without_memory,
        ),
        (
            "Only what is better than all of these says something of your "
            "network, and [taking the unit away](#take-a-unit-away) says "
            "whether the network uses it.",
            is_not_needed,
        ),
        (
            "Both forget gates are open most of the time, but unit 1 drops "
            "everything at a quote, and a few such steps bring its half-life "
            "down to about one. That is why a mean alone says little.",
            says_little,
        ),
        (
            "A unit that follows something need not be used for it. Take it "
            "away, and measure what gets worse.",
            is_not_needed,
        ),
        (
            "To take it away, let whatever reads its `h` read its mean over "
            "your data instead; zero may be a value that the unit never has.",
            may_never_be_zero,
        ),
        (", so nothing but weights has to change:", changes_weights_alone),
        (
            "does so with the network that reads Python, and prints its loss "
            "on the modules that it was not trained with: Printed is the loss "
            "of all guesses, and of those within a string, within docstrings "
            "and comments, and within brackets.",
            measures_what_was_held,
        ),
        ("**Without unit 77**, which tells brackets apart, the loss", is_not_needed),
        (
            "It tells something that the network does not need it for. So both "
            "are worth a look: the first two matter where they tell something, "
            "the third does not.",
            is_not_needed,
            are_needed_where_they_tell,
        ),
        (
            "**Measure on data that were not trained with**, and one number "
            "per class or kind of sequence: the mean over all hides what a "
            "single unit does.",
            is_hidden_by_the_mean,
        ),
        (
            "**No loss is no proof of no use.** Another unit may do the same, "
            "so take groups away as well:",
            may_do_the_same,
        ),
        ("one that [remembers a *not*](classifier.md#watch-it-read)", remembers_a_not),
    ),
    *of_torch(
        (
            "`units --labels` finds the unit whose `c` or `h` tells it apart best:",
            lambda: "units, by c or by h." in page("read-your-own").text,
        ),
        (
            "Look at `c`, because a [higher count, up to its "
            "ceiling](forget-bias.md#ceiling), hardly shows in `h`: three "
            "looks nearly like two.",
            lambda: 0 < np.tanh(3) - np.tanh(2) < 0.04,
        ),
        (
            "A correlation near 1 or −1 is only a beginning",
            lambda: np.corrcoef([0, 1, 2], [0, -1, -2])[0, 1].round(9) == -1,
        ),
        ("for a sequence of thirty steps or more", lambda: MIN_STEPS_TO_CHOOSE == 30),
        ("the best of five counts", lambda: UNTRAINED_COUNT == 5),
        (
            "the first two labels that are told better than all of these by 0.02",
            lambda: (MAX_UNITS, MIN_LEAD) == (2, 0.02),
        ),
        ("0.5 is none, 1 is a unit that tells it without a mistake", is_none_or_all),
        ("A constant times a column of a weight matrix is a bias", is_a_bias),
        (
            "the next one reads the unit through its column of `weight_ih_l1`",
            lambda: module(3, 5, num_layers=2).weight_ih_l1.shape[1] == 5,
        ),
        (
            "With two directions the reverse units are the columns from "
            "`hidden_size` on, and their gates have weights that end in "
            "`_reverse`.",
            are_the_columns_of_the_reverse,
        ),
        (
            "with its rows and columns?",
            are_rows_of_bands,
            lambda: [units_of_column(k, 3) for k in range(3)] == [[0], [1], [2]],
        ),
        (
            "The columns are the unit, the gate, its mean, and the shares of "
            "steps at which it is above `0.9` and below `0.1`.",
            lambda: (
                "shown = gate, (gate > 0.9).float(), (gate < 0.1).float()"
                in page("read-your-own").text
            ),
            lambda: "print(unit, name," in page("read-your-own").text,
        ),
    ),
    *figure(
        ("of {} units these two tell best", "lstm.hidden_size"),
        (
            "`c` of unit 63 is below −0.5 at {} of the {} characters within a "
            "string, and at {} of the other {}.",
            "int((c[:, 0, 63] < -0.5)[labels[0] == 1].sum())",
            "int(labels[0].sum())",
            "int((c[:, 0, 63] < -0.5)[labels[0] == 0].sum())",
            "int((labels[0] == 0).sum())",
        ),
        (
            "`c` of unit 112 is below zero at {} of the {} characters of "
            "docstrings and comments, and at {} of the other {}.",
            "int((c[:, 0, 112] < 0)[labels[1] == 1].sum())",
            "int(labels[1].sum())",
            "int((c[:, 0, 112] < 0)[labels[1] == 0].sum())",
            "int((labels[1] == 0).sum())",
        ),
    ),
    *figure(
        (
            "On the left are {} units that hold a write ten characters or "
            "more, on the right {} that hold one or two.",
            "int((life >= 10).sum())",
            "int((life <= 2).sum())",
        ),
        (
            "The unit for strings is in neither group: what it writes lasts {} characters.",
            "int(life[63]) * int(2 < life[63] < 10)",
        ),
        (
            "where a write lasts ten steps or more, `o` is open at {:.0f} % of "
            "the steps, and where it lasts one or two, at {:.0f} %",
            "100 * (o[:, 0, life >= 10] > 0.9).double().mean()",
            "100 * (o[:, 0, life <= 2] > 0.9).double().mean()",
        ),
    ),
    *figure(
        (
            "{} of the {} units that hold a write ten steps or more keep to "
            "one sign, and so to one colour, from the tenth character to the "
            "end",
            "int((c[9:, 0].sign() == c[9, 0].sign()).all(0)[life >= 10].sum())",
            "int((life >= 10).sum())",
        ),
        (
            "Of the {} units that hold a write one or two steps, {} does.",
            "int((life <= 2).sum())",
            "int((c[9:, 0].sign() == c[9, 0].sign()).all(0)[life <= 2].sum())",
        ),
    ),
    *figure(
        (
            "Unit 63 keeps less than half from line to line, but for the "
            "{:word} empty lines, which it keeps all over.",
            f"2 * ([0.99 < one or -int(one < 0.5) for one in {KEPT_BETWEEN_LINES}] "
            "== [-1] * 3 + [True] * 2 + [-1] * 4)",
        )
    ),
    *network(
        f"units {PYTHON_NETWORK}",
        ("Its LSTM has {} units", "lstm.hidden_size"),
        (
            "where a column is a unit, with how long what it writes stays, how "
            "often its gates are open or shut, and how far its `c` goes",
            "len(life) == len(o_open) == len(c_high) == lstm.hidden_size",
        ),
    ),
    *network(
        "units --input-size 20 --hidden-size 64 --seq-len 40",
        ("no write lasts {:word} steps there", "int(life.max()) + 1"),
    ),
    *network(
        "reading --network brackets",
        ("which has {:word} units", "lstm.hidden_size"),
        ("{:Word} more networks on these pages", f"{TRAINED} - 1"),
    ),
    *of_torch(
        ("{:word} lines lead from a model to its figures", lines_of_the_first_listing),
        (
            "Two products read it: the readout, and the gates of the next step.",
            is_told_by_the_products,
        ),
    ),
    *record(
        READER,
        ("trained with [{} modules of this project]", "modules - script.HELD_OUT"),
        ("measured on {} more that stand behind them", "script.HELD_OUT"),
        ("that was found in {} characters", "len(sample)"),
        (
            "In the {} modules that were not trained with, {:,} characters, "
            "unit {} tells strings apart with an AUC of {:.2f}, and the next "
            "best unit with {:.2f}.",
            "script.HELD_OUT",
            "held",
            "told['in a string']['unit']",
            "told['in a string']['held']",
            "told['in a string']['next']",
        ),
        (
            "Unit {} tells docstrings and comments with {:.2f}, the next with {:.2f}.",
            "told['in prose']['unit']",
            "told['in prose']['held']",
            "told['in prose']['next']",
        ),
        (
            "unit {} comes to {:.2f}, and another one to {:.2f}",
            "told['in brackets']['unit']",
            "told['in brackets']['held']",
            "told['in brackets']['next']",
        ),
        (
            "**Without unit 63** the loss within strings grows by {:.2f}, more "
            "than without any other of the {} units; everywhere by {:.2f}, and "
            "{} units matter more there.",
            "worth['in a string'][63]",
            "len(worth['in a string']) * (ahead(63, 'in a string') == 0)",
            "worth['everywhere'][63]",
            "ahead(63, 'everywhere')",
        ),
        (
            "**Without unit 112** the loss within docstrings and comments "
            "grows by {:.2f}, and only {} units matter more there.",
            "worth['in prose'][112]",
            "ahead(112, 'in prose')",
        ),
        (
            "the loss within brackets grows by less than {}, as without most of the units.",
            "0.01 * (sum(one < 0.01 for one in worth['in brackets']) > 64 and "
            "worth['in brackets'][77] < 0.01)",
        ),
    ),
)
