"""What `forecast` quotes."""

from functools import cache

import torch
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.data import DataLoader, TensorDataset

from tests.doc_scripts import load
from tests.site.facts.chunks import are_rows_with_the_batch_first, clears_its_column, retains
from tests.site.facts.claims import learns_from_before
from tests.site.facts.common import module, parameters, randn
from tests.site.facts_of_pages import figure, of_torch, record
from tests.site.records import FORECASTS, names_of


def go_on_in_their_columns() -> bool:
    """Whether chunks under each other are the batch, but for its end."""
    sales = torch.arange(168 * 5).view(168, 5)
    chunks = load("forecast").chunks(sales, sales >= 0)
    return torch.equal(torch.cat([c for c, _, _ in chunks]), sales[:-1])


def end_in_zeros() -> bool:
    """Whether a series is known up to its end, and zero after it."""
    torch.manual_seed(0)
    sales, known = load("forecast").shops(20)
    ends = (known.int().diff(dim=0) <= 0).all() and not known[-1].all()
    return bool(ends) and not sales[~known].any()


def outlasts_h() -> bool:
    """Whether the first `c` goes by the forget gates, and `h` by its matrix."""
    lstm, x, zeros = module(3, 2), randn(4, 1, 3), torch.zeros(1, 1, 2)
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
        _, (_, plain) = lstm(x, (zeros, zeros))
        _, (_, of_h) = lstm(x, (zeros + 1, zeros))
        _, (_, of_c) = lstm(x, (zeros, zeros + 1))
        z = x @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    product = z.chunk(4, dim=2)[1].sigmoid().prod(dim=0)
    return torch.equal(of_h, plain) and (torch.allclose(of_c - plain, product[None], atol=1e-6))


@cache
def handed(keeps: bool) -> list[bool]:
    """Whether each chunk begins from the state that the last one left."""
    script = load("forecast")
    torch.manual_seed(0)
    model, continues, left = script.Forecast(), [], [None]

    def look(_, inputs, result):
        state = inputs[1]
        continues.append(state is not None and torch.equal(state[0], left[-1]))
        left.append(result[1][0])

    model.lstm.register_forward_hook(look)
    script.errors(model, keeps)
    return continues


def is_with_and_without_memory() -> bool:
    """Whether only a state that is kept goes from chunk to chunk."""
    with_memory, without_memory = handed(True), handed(False)
    return not any(without_memory) and with_memory == [False, *([True] * (len(with_memory) - 1))]


@cache
def sales_and_known() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    return load("forecast").shops(200)


def are_closed_on_one_day() -> bool:
    """Whether sales, which are all that is read, are zero once a week."""
    sales, known = sales_and_known()
    closed = (sales == 0) & known
    weeks = closed[: 12 * 7 // 2].unflatten(0, (-1, 7))[:6]
    days = closed[:7].int().argmax(dim=0)
    return (
        (weeks.sum(dim=1) == 1).all()
        and len(days.unique()) == 7
        and load("forecast").Forecast().lstm.input_size == 1
    )


def have_other_lengths() -> bool:
    _, known = sales_and_known()
    return len(known.sum(dim=0).unique()) > 9 and end_in_zeros()


def looks_like_any_day() -> bool:
    """Whether sales on the day before a closed one are like the others."""
    sales, known = sales_and_known()
    is_open = (sales != 0) & known
    before = is_open[:-1] & (sales[1:] == 0) & known[1:]
    others = is_open[:-1] & ~before
    return bool(
        (sales[:-1][before].mean() - sales[:-1][others].mean()).abs() < 0.01
        and (sales[:-1][before].std() - sales[:-1][others].std()).abs() < 0.01
    )


def fades_in_a_long_series() -> bool:
    """Whether a first state is soon gone, and costs a few numbers."""
    lstm, x, zeros = module(1, 16), randn(100, 1, 1), torch.zeros(1, 1, 16)
    output, _ = lstm(x, (zeros, zeros))
    other, _ = lstm(x, (zeros + 0.5, zeros + 0.5))
    off = (other - output).abs().amax(dim=(1, 2))
    return bool(off[0] > 0.1 > 1e4 * off[-1]) and 0.05 * parameters(lstm) > 2 * 16


def harms_nothing_before() -> bool:
    """Whether padding changes no output before it, and has no target."""
    lstm, x, other = module(1, 4), randn(6, 1, 1), randn(6, 1, 1)
    other[4:] = 0
    sales, known = torch.ones(30, 1), (torch.arange(30) < 20)[:, None]
    (_, _, there), *_ = [*load("forecast").chunks(sales, known)][1:]
    return torch.equal(lstm(x)[0][:4], lstm(other)[0][:4]) and (
        there[:, 0].tolist() == [True] * 5 + [False] * 9
    )


def cannot_pack_what_has_ended() -> bool:
    """Whether a chunk can be packed unless a series has no steps in it."""
    pack_padded_sequence(randn(5, 2, 3), [5, 3])
    try:
        pack_padded_sequence(randn(5, 2, 3), [5, 0])
    except RuntimeError:
        return True
    return False


def shows_two_closed_days(days: int) -> bool:
    """Whether a chunk can read a closed day and be asked for the next."""
    closed = torch.arange(168) % 7 == 3
    windows = closed.unfold(0, days + 1, 1)
    return any(
        window[:days].any() and window[1:].sum() + window[0].int() >= 2 for window in windows
    )


def changes_what_is_said_alone() -> bool:
    """Whether a vector at the readout leaves the state as it is."""
    lstm, readout = module(1, 8), torch.nn.Linear(8 + 3, 1)
    static = randn(5, 3).requires_grad_()
    _, (h_n, _) = lstm(randn(14, 5, 1))
    forecast = readout(torch.cat([h_n[-1], static], dim=1))
    (grad,) = torch.autograd.grad(forecast.sum(), static)
    return grad.any() and h_n.shape == (1, 5, 8)


def goes_backward_twice() -> bool:
    """Whether a state that is kept and not detached is refused."""
    lstm, x = module(3, 2), randn(4, 1, 3)
    _, state = lstm(x)
    state[0].sum().backward(retain_graph=False)
    try:
        lstm(x, state)[0].sum().backward()
    except RuntimeError as error:
        return "backward through the graph a second time" in str(error)
    return False


def is_poor_if_cleared() -> bool:
    """Whether a network that is used without its state guesses at first."""
    errors = names_of(FORECASTS)
    return errors["cleared"][0] > 10 * errors["kept"][0]


def foretells_one_number() -> bool:
    model = load("forecast").Forecast()
    sales, known = sales_and_known()
    today, tomorrow, _ = next(load("forecast").chunks(sales, known))
    return model.lstm.input_size == model.readout.out_features == 1 and torch.equal(
        today[1:], tomorrow[:-1]
    )


def is_alike_on_all_days() -> bool:
    errors = names_of(FORECASTS)
    return max(errors["kept"]) < 1.2 * min(errors["kept"]) and (
        max(errors["cleared"]) > 10 * min(errors["cleared"])
    )


def is_left_out_of_the_mean() -> bool:
    """Whether what is padded counts neither above nor below the line."""
    forecasts, targets = randn(5, 3), randn(5, 3, seed=1)
    there = torch.arange(5)[:, None] < torch.tensor([5, 3, 2])
    loss = (forecasts - targets)[there].square().mean()
    known = (forecasts - targets).square()[there].sum() / (5 + 3 + 2)
    return torch.isclose(loss, known)


def counts_padding_as_right() -> bool:
    """Whether zeros that are easily foretold make a mean lower."""
    errors = torch.cat([torch.ones(10), torch.zeros(10)])
    return errors.mean() < errors[:10].mean()


def comes_back_after_a_week() -> bool:
    sales, known = sales_and_known()
    closed = ((sales == 0) & known)[:, 0].nonzero().flatten()
    return (closed.diff() == 7).all()


def keeps_a_trace() -> bool:
    """Whether a new network's state still differs by what it read before."""
    lstm, x, other = module(1, 16), randn(6, 1, 1), randn(6, 1, 1)
    other[0] += 3
    return bool((lstm(x)[0][3] - lstm(other)[0][3]).abs().max() > 1e-3)


def uses_it_at_any_time() -> bool:
    """Whether a vector beside each step is read at each of them."""
    static = randn(1, 3).requires_grad_()
    x = torch.cat([randn(14, 1, 1), static.expand(14, -1, -1)], dim=2)
    x.retain_grad()
    module(4, 8)(x)[0][-1].sum().backward()
    return x.grad[:, 0, 1:].any(1).all()


def puts_the_batch_first() -> bool:
    """Whether a loader of series with the batch first stacks them so."""
    data = TensorDataset(randn(5, 14, 1), randn(5, 3))
    days, fixed = next(iter(DataLoader(data, batch_size=2)))
    return torch.equal(days, data[:2][0]) and torch.equal(fixed, data[:2][1])


FACTS = (
    *of_torch(
        ("With a state that is **kept**, all days are alike.", is_alike_on_all_days),
        (
            ", so the state that comes out of one chunk belongs to the same shops in the next.",
            go_on_in_their_columns,
        ),
        ("So they are left out *before* the mean is taken:", is_left_out_of_the_mean),
        ("The next closed day follows seven days after the last.", comes_back_after_a_week),
        (
            ", because even random weights keep a trace of the last days, and "
            "the network learns to read that.",
            keeps_a_trace,
        ),
        (
            "**At every step**, beside what changes: the gates can use it at any time.",
            uses_it_at_any_time,
        ),
        (
            "**As the first state**, through an `nn.Linear`: it is read once, "
            "so [the forget gates may drop it in a long "
            "series](forget-bias.md).",
            fades_in_a_long_series,
        ),
        (
            "The batch comes first in it, so turn the series, or take `batch_first=True`:",
            puts_the_batch_first,
        ),
        ("So make both, as above; if it has to be one, `c`.", outlasts_h),
        (
            "**The loss is suspiciously low.** Padding counts as days that were forecast right.",
            counts_padding_as_right,
        ),
    ),
    *of_torch(
        (
            "This page trains the same forecast twice, once with a memory that "
            "is handed from chunk to chunk and once without, and measures what "
            "it is worth.",
            is_with_and_without_memory,
        ),
        (
            "Each shop is closed on one day in seven. The data does not say on "
            "which: it shows only in the sales, once a week. To know whether "
            "tomorrow's sales will be zero, the network has to remember when "
            "the shop was last closed.",
            are_closed_on_one_day,
            looks_like_any_day,
        ),
        (
            "The shops are not equally old, so their series have different "
            "lengths, and the shorter ones are padded.",
            have_other_lengths,
        ),
        (
            "With a state that is **cleared**, the network starts every chunk "
            "as if it had never seen the shop.",
            is_with_and_without_memory,
        ),
        (
            "**The state is kept, and detached.** Detached, it still says what "
            "has been seen, but no gradient goes back [beyond the "
            "chunk](chunks.md#what-detach-cuts).",
            lambda: learns_from_before(False),
            lambda: not learns_from_before(True),
        ),
        (
            "Here all series start over in every epoch, so the state is set to "
            "`None`, which means zeros.",
            lambda: not handed(True)[0],
        ),
        (
            "At the start of a series nothing is known, and the network learns "
            "to start from zeros. A [first state that is "
            "learned](chunks.md#a-first-state-that-is-learned) costs little "
            "and can help if series are short; it cannot help much where a "
            "series is a hundred days long.",
            fades_in_a_long_series,
        ),
        (
            "The network reads them too, and that does no harm to the "
            "forecasts before, since it reads forwards; but after its end a "
            "series has no targets.",
            harms_nothing_before,
        ),
        (
            "Packing would do as well within one chunk, but not across chunks, "
            "because a series that has ended would have no steps in the next "
            "one, and [a length of zero is refused](errors.md#zero-length).",
            cannot_pack_what_has_ended,
        ),
        (
            "No gradient goes from one chunk into the one before.",
            lambda: not learns_from_before(True),
        ),
        (
            "## How long a chunk has to be",
            lambda: not shows_two_closed_days(3) and shows_two_closed_days(7),
        ),
        (
            "Chunks of three days never show two closed days, and the error stays",
            lambda: not shows_two_closed_days(3),
        ),
        (
            "**At the readout**, beside the last state: it cannot change what "
            "is remembered, only what is said.",
            changes_what_is_said_alone,
        ),
        (
            "The sales of that day are like those of the days before. That "
            "tomorrow is different can only be known from when the shop was "
            "closed last, and this number is how the network knows it.",
            looks_like_any_day,
        ),
        ("The state is kept, but not detached.", goes_backward_twice),
        (
            "**Good in training, poor at the start of a chunk.** The state is "
            "cleared at each chunk, or the batch is shuffled between chunks.",
            is_poor_if_cleared,
        ),
        ("In use the state is not kept from one call to the next;", is_poor_if_cleared),
        ("This page forecasts tomorrow alone, from one number a day.", foretells_one_number),
    ),
    *of_torch(
        (
            "**`h` alone, `c` alone, or both?** The first `h` is read by the "
            "gates of one step and is gone; the first `c` stays as long as "
            "the forget gates let it.",
            outlasts_h,
        ),
        (
            "A `DataLoader` that shuffles windows would hand every shop the memory of another.",
            go_on_in_their_columns,
        ),
        (
            "**Each column of the batch goes on in the next chunk.** The batch "
            "holds the series side by side, as columns of (days, shops), and a "
            "chunk is a few rows of it. The first shop is the first column in "
            "every chunk",
            go_on_in_their_columns,
        ),
        (
            "With `batch_first=True` each series is a row, in every chunk the same one.",
            are_rows_with_the_batch_first,
        ),
        (
            "If one column of a batch takes up another series while the others "
            "go on, [clear that column alone]",
            clears_its_column,
        ),
        ("Where a series has ended, its column is filled with zeros.", end_in_zeros),
        (
            "`retain_graph=True` in place of `detach`: it keeps the graph of "
            "the chunks before, but the optimizer has changed the weights "
            "since.",
            lambda: "inplace operation" in retains(step=True),
        ),
        (
            "[a week ahead, from several columns of your own file]",
            lambda: load("ahead").synthetic_sales(200)[1].shape[1] == 2,
            lambda: load("ahead").AHEAD == 7,
        ),
    ),
    *record(
        FORECASTS,
        ("for {:,} shops that they were not trained with", "1000"),
        (
            "The error is close to {:.4f}, which comes from the noise in the "
            "sales and remains even if the closed day is known",
            "0.1**2 * 6 / 7",
        ),
        ("The error is close to", "all(abs(e - 0.1**2 * 6 / 7) < 0.002 for e in kept)"),
        (
            "For the first days it can only guess, and its error is that of a "
            "forecast that never changes, {:.2f}",
            "6 / 7 * 1 / 7",
        ),
        ("For the first days it can only guess", "all(0.1 < e < 0.135 for e in cleared[:5])"),
        (
            "After six days it has seen the closed day, or knows that it must "
            "be the seventh, and from there it is as good as the other",
            "all(e < 0.012 for e in cleared[5:])",
        ),
        (
            "So more than a third of its forecasts are guesses",
            "1 / 3 < sum(e > 0.05 for e in cleared) / len(cleared) < 1 / 2",
        ),
        *(
            (
                "| Days in a chunk | Mean squared error of three networks | "
                "| --: | --- | " * (k == 0) + "| {} | {:.3f}, {:.3f} and {:.3f} |",
                f"[*chunks][{k}] and int([*chunks][{k}])",
                *(f"[*chunks.values()][{k}][{n}]" for n in range(3)),
            )
            for k in range(4)
        ),
        (
            "stays four times as high or more",
            "min(chunks['3']) > 4 * 0.0086 > 4 * 0.9 * max(chunks['14'])",
        ),
        ("It is better than {:.2f} all the same", "6 / 7 * 1 / 7"),
        ("It is better than", "max(chunks['3']) < 6 / 7 * 1 / 7"),
        ("Chunks of seven days suffice.", "max(chunks['7']) < 0.01"),
    ),
    *figure(
        (
            "It climbs for four days, to {:.2f} in the third week, and then falls",
            "c[20, 0, units[0]]",
        ),
        (
            "It climbs for four days",
            "(c[16:21, 0, units[0]].diff() > 0).all()",
            "c[21, 0, units[0]] < c[20, 0, units[0]]",
        ),
        (
            "On the day before a closed one it has reached the bottom, in the "
            "last three weeks at {:.2f}, {:.2f} and {:.2f}",
            *(f"c[{t}, 0, units[0]]" for t in (15, 22, 29)),
        ),
        (
            "On the day before a closed one",
            "all(tokens[t + 1] == 'x' for t in (15, 22, 29))",
            "c[13:, 0, units[0]].min() == min(c[t, 0, units[0]] for t in (15, 22, 29))",
        ),
    ),
    *record(
        FORECASTS,
        ("{:Word} networks were trained for each length", "max(map(len, chunks.values()))"),
        ("Mean squared error of {:word} networks", "min(map(len, chunks.values()))"),
    ),
)
