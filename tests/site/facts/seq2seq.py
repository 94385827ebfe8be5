"""What `seq2seq` quotes."""

import inspect
from functools import cache
from itertools import pairwise

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence

from tests.doc_scripts import load
from tests.site.facts.common import module, randn, session
from tests.site.records import SEQUENCES, names_of


def has_the_right_shape() -> bool:
    """Whether the view has the shape of both directions side by side."""
    _, (h_n, _) = module(3, 8, bidirectional=True)(randn(5, 4, 3))
    right = torch.cat([h_n[0], h_n[1]], dim=1)[None]
    return h_n.view(1, 4, 16).shape == right.shape


def takes_the_length_of_its_weight() -> bool:
    """Whether a readout declared for 100 features takes those of its weight."""
    declared = nn.Linear(100, 50)
    declared.weight = nn.Embedding(50, 64).weight
    return declared(randn(3, 64)).shape == (3, 50)


def scores_that_hardly_differ() -> bool:
    """Whether nothing of the source shows before anything was learned."""
    torch.manual_seed(0)
    source, lengths, decoder_input, _ = SCRIPT.collate(*SCRIPT.pairs(50))
    with torch.no_grad():
        scores = SCRIPT.Seq2Seq()(source, lengths, decoder_input)[0]
    return scores.std(dim=0).max() < 0.1 < scores.std(dim=1).min()


def reads_the_right_token() -> bool:
    """Whether what the decoder reads is the target, a step later."""
    names = session("seq2seq")
    return torch.equal(names["decoder_input"][1:], names["targets"][:-1])


SCRIPT = load("seq2seq")
MEASURED = load("measure_seq2seq")


@cache
def share_that_is_new() -> float:
    """The share of what is measured that no batch of the training has."""
    torch.manual_seed(0)
    SCRIPT.Seq2Seq()
    seen = {
        tuple(source.tolist())
        for _ in range(SCRIPT.STEPS)
        for source in SCRIPT.pairs(SCRIPT.BATCH)[0]
    }
    torch.manual_seed(1_000_000)
    sources, _ = SCRIPT.pairs(1000)
    return sum(tuple(tokens.tolist()) not in seen for tokens in sources) / len(sources)


class Almost(nn.Module):
    """Knows what is wanted, but writes a wrong first token."""

    def forward(self, source, lengths, decoder_input):
        """Scores of the right tokens."""
        targets = torch.cat([decoder_input[1:], torch.full_like(decoder_input[:1], 0)])
        targets = targets.masked_fill(decoder_input == SCRIPT.PAD, SCRIPT.PAD)
        ends = (decoder_input != SCRIPT.PAD).sum(dim=0) - 1
        targets[ends, torch.arange(decoder_input.shape[1])] = SCRIPT.END
        self.right = targets
        return nn.functional.one_hot(targets, SCRIPT.TOKENS).float()

    def write(self, source, lengths, longest):
        """What is wanted, but for the first token of each sequence."""
        return torch.cat([(self.right[:1] + 1) % 10, self.right[1:]])


def counts_whole_sequences() -> bool:
    """Whether one wrong token that is written spoils a sequence."""
    return SCRIPT.right(Almost(), 50) == ("next token 100.0%, whole sequences 0 of 50")


def may_begin_with_what_came_last() -> bool:
    """Whether the first token of a target can be the last of its source."""
    torch.manual_seed(0)
    return any(
        source[-1] == target[0] and source[-1] not in source[:-1]
        for source, target in zip(*SCRIPT.pairs(50), strict=True)
        if len(source) > 2
    )


def refuses_h_alone() -> bool:
    try:
        module(3, 8)(randn(5, 4, 3), randn(1, 4, 8))
    except IndexError:
        return module(3, 8)(randn(5, 4, 3), 2 * (randn(1, 4, 8),))[0].any()
    return False


@cache
def written(kind: type = SCRIPT.Seq2Seq) -> dict[str, list[torch.Tensor]]:
    """What a new decoder reads and is handed when it writes, and writes."""
    torch.manual_seed(0)
    model = kind()
    recorded: dict[str, list[torch.Tensor]] = {"read": [], "got": [], "left": []}

    def look(_, inputs, result):
        x, (h, c) = inputs
        recorded["read"].append(x)
        recorded["got"].append(torch.cat([h, c]))
        recorded["left"].append(torch.cat(result[1]))

    model.decoder.register_forward_hook(look)
    source, lengths, _, _ = SCRIPT.collate(*SCRIPT.pairs(6))
    recorded["written"] = [*model.write(source, lengths)]
    recorded["begun"] = [model.embedding(torch.full((1, 6), SCRIPT.START))]
    recorded["again"] = [model.embedding(tokens[None]) for tokens in recorded["written"]]
    recorded["state"] = [torch.cat(model.encode(source, lengths))]
    return recorded


def begins_from_start_and_a_state() -> bool:
    """Whether it reads `START` first, from the state that was encoded."""
    recorded = written()
    return torch.equal(recorded["read"][0], recorded["begun"][0]) and torch.equal(
        recorded["got"][0], recorded["state"][0]
    )


def reads_what_it_wrote() -> bool:
    """Whether each step reads the token, and gets the state, of the last."""
    recorded = written()
    return all(map(torch.equal, recorded["read"][1:], recorded["again"][:-1])) and all(
        map(torch.equal, recorded["got"][1:], recorded["left"][:-1])
    )


def is_one_call() -> bool:
    """Whether training calls the decoder once, on the right tokens."""
    torch.manual_seed(0)
    model, inputs = SCRIPT.Seq2Seq(), []
    model.decoder.register_forward_pre_hook(lambda _, x: inputs.append(x[0]))
    source, lengths, decoder_input, _ = SCRIPT.collate(*SCRIPT.pairs(6))
    model(source, lengths, decoder_input)
    (read,) = inputs
    return torch.equal(read, model.embedding(decoder_input))


def never_stops_without_end() -> bool:
    """Whether it writes until `longest` if it never says `END`."""
    torch.manual_seed(0)
    model = SCRIPT.Seq2Seq()
    with torch.no_grad():
        model.readout.bias[SCRIPT.END] = -99
    tokens = model.write(torch.tensor([[3], [1]]), torch.tensor([2]), 40)
    return len(tokens) == 40 and not (tokens == SCRIPT.END).any()


def has_a_token_more_at_each_side() -> bool:
    _, _, decoder_input, targets = SCRIPT.collate(*SCRIPT.pairs(6))
    ends = (targets != SCRIPT.PAD).sum(dim=0) - 1
    return (
        (decoder_input[0] == SCRIPT.START).all()
        and (targets[ends, torch.arange(6)] == SCRIPT.END).all()
        and reads_the_right_token()
    )


def adds_without_weights() -> bool:
    """Whether the sum has no weights, and keeps the size of the encoder."""
    torch.manual_seed(0)
    model, h_n, c_n = MEASURED.Sum(), randn(2, 5, 32), randn(2, 5, 32, seed=1)
    h, _ = model.join(h_n, c_n)
    return (
        torch.equal(h[0], h_n[0] + h_n[1])
        and not h.requires_grad
        and model.decoder.hidden_size == model.encoder.hidden_size
    )


def joins_by_weights() -> bool:
    """Whether the script makes any size from both directions."""
    model = SCRIPT.Seq2Seq()
    h, _ = model.join(randn(2, 5, 32), randn(2, 5, 32, seed=1))
    return h.requires_grad and model.join_h.in_features == 2 * 32


def has_read_all(direction: int) -> bool:
    x = randn(4, 1, 3).requires_grad_()
    _, (h_n, _) = module(3, 2, bidirectional=True)(x)
    (grad,) = torch.autograd.grad(h_n[direction].sum(), x)
    return grad.any(2).all()


def reverses_by_itself() -> bool:
    """Whether a source that is reversed exchanges the directions alone."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3)
    other = module(3, 2, bidirectional=True)
    with torch.no_grad():
        for name, weight in lstm.named_parameters():
            turned = name.removesuffix("_reverse")
            turned = turned if turned != name else f"{name}_reverse"
            getattr(other, turned).copy_(weight)
    (forward, _), (exchanged, _) = lstm(x)[1], other(x.flip(0))[1]
    return torch.allclose(forward, exchanged.flip(0), atol=1e-6)


def begins_with_padding() -> bool:
    """Whether reversing after padding puts the padding in front."""
    sources = [torch.tensor([1, 2, 3]), torch.tensor([4, 5])]
    late = pad_sequence(sources).flip(0)
    early = pad_sequence([source.flip(0) for source in sources])
    return late[0].tolist() == [3, 0] and early[0].tolist() == [3, 5]


def shifts_text() -> bool:
    """Whether the character model is asked for what comes next."""
    source = inspect.getsource(load("characters").train)
    return "targets = rows[start + 1 : start + 1 + STEPS]" in source


def reads_sorted_digits_alone() -> bool:
    """Whether no wrong token is among those read in training."""
    torch.manual_seed(0)
    _, _, decoder_input, _ = SCRIPT.collate(*SCRIPT.pairs(99))
    return all(
        a <= b or b == SCRIPT.PAD
        for tokens in decoder_input[1:].T.tolist()
        for a, b in pairwise(tokens)
    )


def lines() -> list[tuple[float, int]]:
    """The share of next tokens, and whole sequences of 1,000, as printed."""
    return names_of(SEQUENCES)["lines"]


@cache
def found_by(width: int) -> list[tuple[float, list[int]]]:
    """The best that a search finds in each of 60 tables, with its score."""
    search, results = session("seq2seq")["beam_search"], []
    for seed in range(60):
        table = randn(8, 8, seed=seed)

        def step(token, state, table=table):
            return table[token], state

        tokens, scores = search(
            step, (torch.zeros(1, 1, 1),), start=0, end=7, width=width, longest=8
        )
        results.append((scores[0].item(), tokens[0].tolist()))
    return results


def counts_better(width: int, than: int) -> int:
    """In how many tables a search finds something more probable."""
    both = zip(found_by(width), found_by(than), strict=True)
    return sum(score > other_score + 1e-5 for (score, _), (other_score, _) in both)


def takes_the_best_at_each_step() -> bool:
    """Whether a width of one takes the likeliest token each time."""
    for seed, (_, tokens) in enumerate(found_by(1)):
        table = randn(8, 8, seed=seed)
        steps = [(a, b) for a, b in pairwise(tokens) if a != 7]
        if any(table[a].argmax() != b for a, b in steps):
            return False
    return True


def reads_of_all(model: nn.Module) -> list[bool]:
    """Which steps of the input the first step of the output depends on."""
    x = randn(6, 1, 3).requires_grad_()
    (grad,) = torch.autograd.grad(model(x)[0].sum(), x)
    return grad.any(2).flatten().tolist()


class Chain(nn.Module):
    """Two LSTMs, of which one reads `output` of the other."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.LSTM(3, 8), nn.LSTM(8, 3)

    def forward(self, x):
        """What the second shows at each step."""
        return self.second(self.first(x)[0])[0]


def only_codes_all() -> bool:
    """Whether the pair writes from all steps, and a chain from each."""
    torch.manual_seed(0)
    pair = session("seq2seq")["Autoencoder"](3, 8)
    return all(reads_of_all(pair)) and reads_of_all(Chain()) == [
        *(True, False, False, False, False, False)
    ]


def is_forgotten(as_input: bool) -> bool:
    """Whether a decoder that forgets all has lost the code in the end."""
    decoder, code = module(8, 8), randn(1, 1, 8).requires_grad_()
    with torch.no_grad():
        decoder.bias_ih_l0[8:16] = -99
        decoder.weight_hh_l0.zero_()
    x = code.expand(9, -1, -1) if as_input else torch.zeros(9, 1, 8)
    output, _ = decoder(x, None if as_input else (code, code))
    (grad,) = torch.autograd.grad(output[-1].sum(), code)
    return not grad.any()


def can_be_negative() -> bool:
    """Whether no module of the autoencoder is an activation."""
    auto = session("seq2seq")["auto"]
    kinds = [type(child) for child in auto.children()]
    return kinds == [nn.LSTM, nn.LSTM, nn.Linear] and (auto(randn(9, 4, 3)).min() < 0)


@cache
def is_smaller_on_what_it_learned() -> bool:
    """Whether errors of the training data are below those of others."""
    torch.manual_seed(0)
    auto = session("seq2seq")["Autoencoder"](3, 8)
    optimizer = torch.optim.Adam(auto.parameters(), lr=0.02)
    seen, unseen = randn(5, 4, 3), randn(5, 400, 3, seed=1)
    for _ in range(150):
        loss = (auto(seen) - seen).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        return loss.item() < 0.7 * (auto(unseen) - unseen).square().mean().item()


def few_exceed_it() -> bool:
    names = session("seq2seq")
    alarms = (names["errors"] > names["limit"]).float().mean()
    return 0 < alarms.item() < 0.02


def is_a_loop() -> bool:
    """Whether calls for single steps are one call, for two layers."""
    lstm, x = module(3, 4, num_layers=2).eval(), randn(6, 5, 3)
    state, outputs = None, []
    for x_t in x:
        output, state = lstm(x_t[None], state)
        outputs.append(output)
    return torch.allclose(torch.cat(outputs), lstm(x)[0], atol=1e-6)


def reads_the_layers_below() -> bool:
    lstm = module(3, 4, num_layers=2)
    lstm(randn(1, 5, 3))[1][0][-1].sum().backward()
    return lstm.weight_ih_l0.grad.any()


def is_as_if_first() -> bool:
    """Whether a call without a state says the same at any step."""
    lstm, cell, x = module(3, 4), nn.LSTMCell(3, 4), randn(6, 5, 3)
    _, state = lstm(x)
    again, _ = lstm(x[:1])
    return (
        torch.equal(again, lstm(x[:1], 2 * (torch.zeros(1, 5, 4),))[0])
        and not torch.equal(again, lstm(x[:1], state)[0])
        and torch.equal(cell(x[0])[0], cell(x[0], 2 * (torch.zeros(5, 4),))[0])
    )


@cache
def loss_after(is_shifted: bool) -> float:
    """The loss after a short training, if the target is shifted or not."""
    torch.manual_seed(0)
    model = SCRIPT.Seq2Seq()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(40):
        source, lengths, decoder_input, targets = SCRIPT.collate(*SCRIPT.pairs(32))
        targets = targets if is_shifted else decoder_input
        scores = model(source, lengths, decoder_input)
        loss = nn.functional.cross_entropy(
            scores.flatten(0, 1), targets.flatten(), ignore_index=SCRIPT.PAD
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def is_taught(targets: list[int], ignored: int) -> bool:
    """Whether a loss asks for more of `END` anywhere."""
    scores = torch.zeros(len(targets), 13, requires_grad=True)
    nn.functional.cross_entropy(scores, torch.tensor(targets), ignore_index=ignored).backward()
    return bool((scores.grad[:, SCRIPT.END] < 0).any())


def is_not_taught_to_stop() -> bool:
    """Whether `END` is learned only if it is wanted and no padding."""
    return (
        is_taught([1, 3, SCRIPT.END], SCRIPT.PAD)
        and not is_taught([1, 3], SCRIPT.PAD)
        and not is_taught([1, 3, SCRIPT.END], SCRIPT.END)
    )


def writes_the_same() -> bool:
    """Whether sources are one to a decoder that is told nothing."""
    first, *others = torch.stack(written(MEASURED.Nothing)["written"]).T
    return all(torch.equal(first, other) for other in others)


def saves_a_table() -> bool:
    """Whether weights that are tied are about half of the parameters."""
    names = session("seq2seq")
    tied = sum(p.numel() for p in names["pair"].parameters())
    return tied == 5000 * 64 + 5000 and tied < 0.51 * (2 * 5000 * 64 + 5000)


def needs_the_same_sizes() -> bool:
    """Whether a state goes on as it is if, and only if, sizes are the same."""
    _, state = module(3, 8, num_layers=2)(randn(7, 4, 3))
    module(3, 8, num_layers=2)(randn(5, 4, 3), state)
    others = module(3, 6, num_layers=2), module(3, 8)
    return all(refuses(lstm, state) for lstm in others)


def takes_the_top_ones() -> bool:
    """Whether a decoder of fewer layers takes the top states, and no more."""
    _, state = module(3, 8, num_layers=3)(randn(7, 4, 3))
    decoder = module(3, 8, num_layers=2)
    decoder(randn(5, 4, 3), tuple(part[-2:] for part in state))
    return refuses(decoder, state)


def refuses(lstm: nn.LSTM, state: tuple[torch.Tensor, ...]) -> bool:
    try:
        lstm(randn(5, 4, 3), state)
    except RuntimeError as error:
        return "Expected hidden[0] size" in str(error)
    return False


def refuses_two_for_one() -> bool:
    _, state = module(3, 8, bidirectional=True)(randn(7, 4, 3))
    side_by_side = tuple(torch.cat([*part], dim=1)[None] for part in state)
    output, _ = module(3, 16)(randn(5, 4, 3), side_by_side)
    return refuses(module(3, 8), state) and output.shape == (5, 4, 16)


def is_one_state() -> bool:
    """Whether the decoder is handed one vector of each kind."""
    (state,) = written()["state"]
    return state.shape == (2, 6, SCRIPT.HIDDEN)


def is_known_from_counts() -> bool:
    """Whether sorted digits follow from counts, and reversed ones do not."""
    source = torch.tensor([3, 1, 4, 1, 5])
    other = torch.tensor([5, 1, 1, 4, 3])
    counts = source.bincount(minlength=10)
    return (
        torch.equal(torch.arange(10).repeat_interleave(counts), source.sort()[0])
        and torch.equal(counts, other.bincount(minlength=10))
        and not torch.equal(source.flip(0), other.flip(0))
    )


def is_a_state_of_each_step() -> bool:
    lstm, x = module(3, 8), randn(6, 4, 3)
    output, _ = lstm(x)
    return all(torch.allclose(output[t], lstm(x[: t + 1])[1][0][0], atol=1e-6) for t in range(6))


def has_a_vector_for_each_token() -> bool:
    """Whether both tables have a row for each token, and fit by a size."""
    embedding, readout = nn.Embedding(50, 8), nn.Linear(8, 50)
    output, _ = module(8, 12, proj_size=8)(embedding(torch.tensor([[1]])))
    return embedding.weight.shape == readout.weight.shape and (readout(output).shape == (1, 1, 50))


def has_one_output_more() -> bool:
    """Whether an image in front of words yields an output for itself."""
    output, _ = module(8, 8)(torch.cat([randn(1, 4, 8), randn(5, 4, 8)]))
    return len(output) == len(randn(5, 4, 8)) + 1


def reads_the_true_step_before() -> bool:
    """Whether the autoencoder's decoder reads the input, a step later."""
    auto, read = session("seq2seq")["Autoencoder"](3, 8), []
    auto.decoder.register_forward_pre_hook(lambda _, x: read.append(x[0]))
    x = randn(6, 2, 3)
    auto(x)
    return torch.equal(read[0][1:], x[:-1]) and not read[0][0].any()


def goes_with_its_state() -> bool:
    """Whether each score is that of its tokens, read anew from the start.

    What comes next depends on the sum of all tokens, which the state holds;
    so a state that stayed behind would yield other scores.
    """
    table = randn(64, 8)

    def step(token, state):
        total = state[0][0, :, 0] + token
        return table[total.long() % 64], (total[None, :, None],)

    tokens, scores = session("seq2seq")["beam_search"](
        step, (torch.zeros(1, 1, 1),), start=0, end=7, width=4, longest=6
    )
    for sequence, score in zip(tokens.tolist(), scores, strict=True):
        total = expected = 0
        for before, after in pairwise(sequence):
            total += before
            if before != 7:
                expected += table[total % 64].log_softmax(0)[after].item()
        if abs(score.item() - expected) > 1e-4:
            return False
    return len(tokens) == 4
