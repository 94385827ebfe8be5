import torch

from tests.doc_scripts import load
from tests.site.facts.common import session


def strings_have_two_answers():
    script = load("brackets")
    symbols, inside, depth = script.random_strings(9, 40)
    x, answers = script.questions(symbols, inside, depth)
    right = torch.stack([inside, depth == 0], dim=-1)
    return torch.equal(x, torch.eye(4)[symbols]) and torch.equal(answers, right.float())


def edit_cuts_one_weight():
    counts = [int(digit) for digit in session("what-it-remembers")["count"]('("("')]
    return counts[2] - counts[1] == counts[0] == 1
