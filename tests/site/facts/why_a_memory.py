"""What `why-a-memory` quotes."""

import math

import torch

from tests.doc_scripts import load
from tests.site.facts.common import randn, session, text
from tests.site.facts_of_pages import figure, network, of_torch, page, record
from tests.site.records import BRACKETS

VARIABLES = f"len({text('why-a-memory.md')}.partition('yield ')[2].partition('>>>')[0].split(', '))"
"""What the program on the page gives after each character."""


def left(f: float, steps: int) -> float:
    """What is left of a cell state to which nothing is added."""
    cell, zero = torch.nn.LSTMCell(1, 1).double(), torch.zeros(1, 1).double()
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.fill_(0)
        cell.bias_ih[1] = math.log(f / (1 - f))
        cell.bias_ih[0] = -99
        state = zero, zero + 1
        for _ in range(steps):
            state = cell(zero, state)
    return state[1].item()


def changes() -> list[tuple[str, int, bool, int]]:
    """Each character of the line, and what it does to the two variables.

    The depth and whether a quote is open before it, and the depth after it.
    """
    names = session("why-a-memory")
    states = [(0, False), *names["read"](names["text"])]
    return [
        (char, *before, after[0])
        for char, before, after in zip(names["text"], states, states[1:], strict=False)
    ]


def needs_what_came_before() -> bool:
    """Whether a `)` closes the last of one, of three, or nothing."""
    closing = [change[1:] for change in changes() if change[0] == ")"]
    outside = {(depth, after) for depth, inside, after in closing if not inside}
    quoted = [depth == after for depth, inside, after in closing if inside]
    return {(1, 0), (3, 2)} <= outside and quoted and all(quoted)


def stays_or_changes_by_one() -> bool:
    """Whether most characters change nothing, and brackets outside quotes one.

    So does none between quotes.
    """
    moved = [
        (char in "()" and not inside, abs(after - depth))
        for char, depth, inside, after in changes()
    ]
    return all(by == is_bracket for is_bracket, by in moved) and 2 * sum(
        by for _, by in moved
    ) < len(moved)


def gets_characters_alone() -> bool:
    """Whether the input of training is a 1 for each character, in this order.

    So neither of the two variables is in it.
    """
    script = load("brackets")
    symbols, inside, depth = script.random_strings(9, 40)
    x, _ = script.questions(symbols, inside, depth)
    return script.ALPHABET == 'x()"' and torch.equal(x, torch.eye(4)[symbols])


def is_rebuilt() -> bool:
    """Whether all that a plain RNN has goes through the matrix and tanh."""
    torch.manual_seed(0)
    cell, x, h = torch.nn.RNNCell(4, 3), torch.eye(4)[0], randn(3)
    z = cell.weight_ih @ x + cell.bias_ih + cell.weight_hh @ h + cell.bias_hh
    felt = torch.autograd.functional.jacobian(lambda h: cell(x, h), h)
    slope = 1 - z.tanh() ** 2
    return torch.allclose(cell(x, h), z.tanh(), atol=1e-6) and torch.allclose(
        felt, slope[:, None] * cell.weight_hh, atol=1e-6
    )


def fades_in_a_plain_rnn() -> bool:
    """Whether hardly anything is left of a gradient after forty steps."""
    torch.manual_seed(0)
    x = randn(40, 1, 3).requires_grad_()
    output, _ = torch.nn.RNN(3, 8)(x)
    (grad,) = torch.autograd.grad(output[-1].sum(), x)
    norms = grad.norm(dim=(1, 2))
    return bool(norms[0] < 1e-7 * norms[-1])


def are_all_right_but_one() -> bool:
    """Whether the page's second row of answers misses one open bracket."""
    _, line, right, answered = page("why-a-memory").text.partition("```text")[2].splitlines()[:4]
    depths = [after for *_, after in changes()]
    wrong = [k for k in range(len(line)) if right[k] != answered[k]]
    return (
        line == session("why-a-memory")["text"]
        and right == "".join(str(int(not depth)) for depth in depths)
        and [(answered[k], depths[k]) for k in wrong] == [("1", 1)]
    )


def asks_for_both_after_every_character() -> bool:
    """Whether a string with one wrong answer does not count as right."""
    script = load("brackets")

    def readout(output: torch.Tensor) -> torch.Tensor:
        return output

    def layer(x: torch.Tensor) -> tuple[torch.Tensor, None]:
        scores = answers * 2 - 1
        scores[3, 0, 1] *= -1
        return scores, None

    strings = [*script.random_strings(5, 9)]
    _, answers = script.questions(*strings)
    is_right = script.right(layer, readout, strings).all(dim=0)
    return is_right.tolist() == [False, True, True, True, True]


FACTS = (
    *of_torch(
        (
            "You cannot tell from the character in front of you. A `)` may "
            "close the last open bracket or one of three, and between quotes "
            "it closes nothing at all.",
            needs_what_came_before,
        ),
        (
            "At most characters they **stay** as they are. At a bracket, "
            "`depth` **changes by one**: what was there is not lost, for "
            "something is added to it. And whether it changes depends on the "
            "other variable: `and not inside` **shuts** it while a quote is "
            "open.",
            stays_or_changes_by_one,
        ),
        ("A network is not told any of this. It gets the characters, each", gets_characters_alone),
        (
            'the first stands for any other character, then come `(`, `)` and `"`.',
            gets_characters_alone,
        ),
        (
            "So there is a memory, but it is rebuilt at every step. All that "
            "`h` knows goes through a matrix and through tanh, even if the "
            "character was a comma and nothing has to change.",
            is_rebuilt,
        ),
        (
            "On its way back through a plain RNN the gradient is multiplied, at every step, by",
            is_rebuilt,
        ),
        (", which PyTorch calls `weight_hh`, and by the slope of tanh.", is_rebuilt),
        ("## Why it does not learn to remember", fades_in_a_plain_rnn),
        (
            "tanh squashes any number to one between minus one and one.",
            lambda: torch.tensor([-99.0, 99.0]).tanh().tolist() == [-1, 1],
        ),
        (
            "A string counts as right if both answers are right after every single character.",
            asks_for_both_after_every_character,
        ),
        (
            "the best of them says once that all brackets are closed while one "
            "is still open. Below the line stand the right answers, with a `1` "
            "for yes, and then its own:",
            are_all_right_but_one,
        ),
    ),
    *figure(
        (", and nothing can be learned from that.", "1 + norms['RNN'][0].float() == 1"),
        (
            "In the plain RNN the dependence shrinks by about the same factor "
            "with every step back.",
            "all(0.5 < a / b < 2 for ratios in "
            "[(norms['RNN'][12:] / norms['RNN'][:-12])[::6]] "
            "for a, b in [(r ** (1 / 12), "
            "(norms['RNN'][-1] / norms['RNN'][0]) ** (1 / 59)) "
            "for r in ratios])",
        ),
        (
            ", and after a few dozen steps nothing is left of it.",
            "1 + (norms['RNN'][-37] / norms['RNN'][-1]).float() == 1",
        ),
        ("Being an LSTM is not enough, as the figure shows:", "norms['0'][0] < 1e-12"),
        (
            ", so the memory is halved at every step, and the gradient with it.",
            "0.4 < (norms['0'][0] / norms['0'][-1]) ** (1 / 59) < 0.7",
        ),
        (
            "The other three differ from it by a single number,",
            "[*norms] == ['RNN', '0', '1', '2', '5']",
        ),
        (
            "for the inputs just before the last one, although they do change "
            "the memory. With nothing forgotten the memory",
            "all(norms['5'][-k] < 0.1 * norms['5'][-1] for k in range(3, 9))",
            "((more.bias_ih_l0 + more.bias_hh_l0)[8:16].sigmoid() > 0.98).all()",
        ),
        (
            ", and the output shows its tanh, which hardly moves that far out:",
            "1 - torch.tensor(6.9).tanh() ** 2 < 1e-4",
            "((more(x.double())[1][1].abs().tanh() - more(x.double())[1][0].abs()) > -1e-9).all()",
        ),
        (
            "Further back the curve stays about there, and even rises again to the right.",
            "norms['5'][:-4].min() > norms['5'][-4] / 3",
            "norms['5'][:6].min() > 5 * norms['5'][-4]",
        ),
    ),
    *of_torch(
        (
            "Training changes the weights and nothing else.",
            lambda: not [*torch.nn.LSTM(3, 2).buffers()],
            lambda: len([*torch.nn.LSTM(3, 2).parameters()]) == 4,
        ),
        (
            "sixty steps at one half leave nothing, and at {} they leave {:.0%}.",
            lambda: 0.99,
            lambda: left(0.99, 60) if left(0.5, 60) < 1e-15 else math.nan,
        ),
    ),
    *figure(
        (
            "Look at the lowest curve first, that of the plain RNN",
            "norms['RNN'][0] == min(curve[0] for curve in norms.values())",
        ),
        ("From {} steps back {:.1e} is left", "len(x) - 1", "norms['RNN'][0]"),
        ("an LSTM as PyTorch makes it is hardly better than the RNN", "norms['0'][0] < 1e-12"),
        (
            "The larger the number, the more is left of the earliest inputs",
            "norms['1'][0] < norms['2'][0] < norms['5'][0]",
        ),
        (
            "Its forget gates begin about half open",
            "((lstm.bias_ih_l0 + lstm.bias_hh_l0)[8:16].sigmoid() - 0.5).abs().max() < 0.15",
        ),
        ("The curve of the largest number is low at the left", "norms['5'][49] < norms['2'][49]"),
        (
            "has grown large, {:.1f} away from zero on average",
            "more(x.double())[1][1].abs().mean()",
        ),
        (
            "an input three steps back changes the memory by {:.2f}, and the output by {:.3f}",
            "torch.autograd.functional.jacobian("
            "lambda x: more(x)[1][1].sum(), x.double())[-4].norm()",
            "norms['5'][-4]",
        ),
    ),
    *record(
        BRACKETS,
        ("given {:,} fresh strings", "count"),
        (
            "| Network | Weights | Right, of {:,} strings of {} characters | Of {} characters |",
            "count",
            "60",
            "200",
        ),
        (
            "| `nn.RNN(4, 2)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 2)[0]['parameters']",
            *(
                f"of('RNN', 2)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        (
            "| `nn.RNN(4, 8)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 8)[0]['parameters']",
            *(
                f"of('RNN', 8)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        ("three times each", "len(of('RNN', 2)) == len(of('RNN', 8)) == 3"),
        (
            "at best they follow half of the shorter strings to the end, and "
            "hardly any of the longer ones",
            "0.4 < max(n['right_60'] for n in of('RNN', 8)) / count < 0.6",
            "max(n['right_200'] for n in of('RNN', 8)) / count < 0.05",
        ),
    ),
    *record(
        BRACKETS,
        (
            "{:Word} units never get a whole string right. {:Word} units learn",
            "min(n['units'] for n in networks if n['kind'] == 'RNN')",
            "max(n['units'] for n in networks if n['kind'] == 'RNN')",
        ),
        (
            "never get a whole string right",
            "not any(n['right_60'] + n['right_200'] for n in of('RNN', 2))",
        ),
    ),
    *network(
        "reading --network brackets",
        ("use {:word} variables", VARIABLES),
        ("like the {:word} variables", VARIABLES),
        ("each as {:word} numbers of which one is", "x.shape[-1]"),
        ("of which one is", "(x == 1).sum() == x.sum() == len(x)"),
        (
            "for {:word} characters, matrix and tanh together have to give it "
            "back unchanged {:word} times",
            "20",
            "20",
        ),
        ("If the cause is {:word} characters back", "30"),
    ),
)
