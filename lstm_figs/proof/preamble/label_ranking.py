"""Preamble code that ranks units by label, like `model.label_ranking`."""

from ...model.label_ranking import CHANCE_QUANTILE, MAX_LIKENESS, MIN_LEAD, UNTRAINED_COUNT

_TELLING = f"""\
import numpy

def areas(states, true):
    \"\"\"The AUC of each column for each label, on its better side.\"\"\"
    rows = states.T.contiguous()
    each, count = rows.sort().values, true.sum(-1, keepdim=True)
    before = torch.searchsorted(each, rows)
    until = torch.searchsorted(each, rows, right=True)
    above = true @ ((before + until + 1).double() / 2).T
    found = (above - count * (count + 1) / 2) / (count * (len(rows[0]) - count))
    return found.maximum(1 - found)

def shifted(true):
    \"\"\"The label at other times, apart from shifts that are like the label.\"\"\"
    moved = torch.stack([true.roll(k) for k in range(1, len(true))]).unique(dim=0)
    steps, count = len(true), true.sum()
    likeness = (steps * (moved @ true) - count**2) / (steps * count - count**2)
    unlike = likeness.abs() <= {MAX_LIKENESS}
    return moved[unlike] if unlike.any() else moved

def untrained(seed):
    \"\"\"c and h of a module of this form as it is before training.\"\"\"
    random, size = numpy.random.RandomState(seed), c.shape[-1]
    made = torch.nn.LSTMCell(x.shape[-1], size, bias={{bias}}).to(x)
    for own in made.parameters():
        drawn = random.uniform(-(size**-0.5), size**-0.5, tuple(own.shape))
        own.data = torch.from_numpy(drawn).to(x)
    state, found = None, []
    for one in x[:, 0]:
        state = made(one, state)
        found.append(torch.cat(state[::-1]).detach().double())
    return torch.stack(found)

def telling(true):
    \"\"\"The unit that tells a label best, and what tells it as well.\"\"\"
    true = true.double()
    place = int(areas(states, true).argmax())
    moved = shifted(true)
    return {{{{
        "unit": place % c.shape[-1],
        "state": "ch"[place // c.shape[-1]],
        "auc": areas(states, true).max(),
        "chance": areas(states, moved).amax(1).quantile({CHANCE_QUANTILE}),
        "token": {{token}},
        "untrained": max(areas(one, true).max() for one in fresh),
    }}}}

def rival(one):
    \"\"\"What tells a label as well as that unit; None for nothing.\"\"\"
    others = ("chance", "token", "untrained")
    return next((k for k in others if one["auc"] < one[k] + {MIN_LEAD}), None)

states = torch.cat([c[:, 0], output[:, 0]], 1).detach().double()
fresh = [untrained(seed) for seed in range({UNTRAINED_COUNT})]
told = {{{{k: telling(labels[k]) for k in {{ranked}}}}}}"""
"""Python that ranks units by how well they tell each label."""

_TOKEN = """\
def by_token(true):
    \"\"\"At each step the mean of the label at all others with its token.\"\"\"
    same = torch.tensor([[a == b for b in read] for a in read]).double()
    same.fill_diagonal_(0)[same.sum(1) == 0] = 1
    same.fill_diagonal_(0)
    return (same @ true / same.sum(1))[:, None]

read = {}
"""
"""Python that ranks the tokens in the same way, for comparison."""


def label_setup(ranked: list[int], tokens: str, *, bias: bool) -> str:
    """Python that defines `told` and `rival`, to follow `labels`.

    Args:
        ranked: The indices of the labels.
        tokens: The expression of the tokens, in the order of processing; empty
            if steps have no tokens.
        bias: Whether the module has biases.
    """
    token = "areas(by_token(true), true).max()" if tokens else "0.0"
    code = _TELLING.format(bias=bias, token=token, ranked=ranked)
    return (_TOKEN.format(tokens) if tokens else "") + code
