"""What `classifier` quotes."""

import ast
import csv
import inspect
import io
import json
import math
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from functools import cache
from pathlib import Path

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_figs.command.request import parse_header
from tests.doc_scripts import CODE, load
from tests.site.facts.after_loading import reads_no_module
from tests.site.facts.common import are_directions_in_order, module, randn, session
from tests.site.facts.packed import comes_back_in_order
from tests.site.facts.several_ahead import is_better_by_luck
from tests.site.facts_of_pages import figure, of_torch, record
from tests.site.records import CLASSIFIERS, FREE_TEXT, names_of

SCRIPT = load("classifier")


def reads_its_columns() -> bool:
    """Whether text and label are read by name, and empty texts left out."""
    lines = [f"{k % 2},word{k} again" for k in range(30)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text("\n".join(["label,text", *lines, "1,"]))
        rows = SCRIPT.read(path)
    return sorted(rows) == sorted((f"word{k} again", str(k % 2)) for k in range(30))


def new_classifier() -> torch.nn.Module:
    torch.manual_seed(0)
    words = SCRIPT.vocabulary([" ".join(f"word{k}" for k in range(40))])
    return SCRIPT.Classifier(words, ["no", "yes"])


def has_a_row_for_each_word() -> bool:
    model = new_classifier()
    rows, _ = model.embedding.weight.shape
    try:
        model.embedding(torch.tensor([rows]))
    except IndexError:
        return rows == len(model.words) == len(model.ids)
    return False


def trains_the_row_of_the_unknown() -> bool:
    """Whether it learns in training, although every word is known."""
    model = new_classifier()
    ids = torch.arange(2, 42).repeat(10, 1)
    model.vectors(ids).sum().backward()
    return bool(model.embedding.weight.grad[SCRIPT.UNKNOWN].any())


def keeps_its_row_at_zero() -> bool:
    embedding = torch.nn.Embedding(5, 3, padding_idx=0)
    embedding(torch.tensor([0, 1])).sum().backward()
    return not embedding.weight[0].any() and not embedding.weight.grad[0].any()


def is_refused_unsorted() -> bool:
    try:
        pack_padded_sequence(randn(5, 2, 3), [3, 5])
    except RuntimeError as error:
        return "must be sorted in decreasing order" in str(error)
    return False


def is_left_alone(norm: float) -> bool:
    """Whether a gradient of a norm stays as it is, if the limit is one."""
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), norm)
    torch.nn.utils.clip_grad_norm_([number], max_norm=1)
    return number.grad.item() == norm


RIVAL = load("bag_of_words")
FOLDS = load("cross_validate")
REVIEWS = load("make_reviews")
ROWS = SCRIPT.read(CODE / SCRIPT.DATA)


@contextmanager
def folder_of(name: str, lines: list[str]) -> Iterator[None]:
    """A folder to work in, with a file of texts and labels."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Path(name).write_text("\n".join(["text,label", *lines]))
        yield


def is_read(line: str, text: str) -> bool:
    """Whether a line beside twenty others yields a text labelled `x`."""
    with folder_of("my.csv", [*(f"word{k},{k % 2}" for k in range(20)), line]):
        try:
            return (text, "x") in SCRIPT.read("my.csv")
        except ValueError:
            return False


def is_quoted_by_a_spreadsheet() -> bool:
    file = io.StringIO()
    csv.writer(file).writerow(["Well, good.", "x"])
    return is_read(file.getvalue().strip(), "Well, good.")


def script_output(*words: str) -> str:
    """What the script prints in this folder, after a single epoch."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setattr(SCRIPT, "UPDATES", 1)
        patch.setattr(SCRIPT, "EPOCHS", 1)
        patch.setattr("sys.argv", ["classifier.py", *words])
        SCRIPT.main()
    return printed.getvalue()


@cache
def takes_any_labels() -> bool:
    """Whether any labels are trained with and answered with."""
    names = "by post", "call me", "NaN"
    lines = [f"word{k} of {k % 3},{names[k % 3]}" for k in range(30)]
    with folder_of("my.csv", lines):
        trained = script_output("--data", "my.csv")
        answer = script_output("word3 again")
    return trained.endswith("saved as classifier.pt\n") and all(name in answer for name in names)


@cache
def replaces_what_was_saved() -> bool:
    """Whether reviews replace a network of other sentences, and back."""
    with folder_of("my.csv", [f"word{k},{k % 2}" for k in range(30)]):
        Path(SCRIPT.DATA).write_bytes((CODE / SCRIPT.DATA).read_bytes())
        labels = []
        for words in (["--data", "my.csv"], [], ["--data", "my.csv"]):
            script_output(*words)
            labels.append(SCRIPT.load(SCRIPT.SAVED).labels)
    return labels == [["0", "1"], ["bad", "good"], ["0", "1"]]


@cache
def trained_on_few() -> tuple[str, torch.nn.Module]:
    """What is printed, and the network; the test has the other label."""
    seen = [(f"old{k}", "ab"[k < 8]) for k in range(30)]
    unseen = [(f"new{k}", "ab"[k < 6]) for k in range(7)]
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setattr(SCRIPT, "UPDATES", 1)
        patch.setattr(SCRIPT, "EPOCHS", 1)
        model = SCRIPT.train(seen, unseen)
    return printed.getvalue(), model


def begins_with_the_baseline() -> bool:
    first, *_ = trained_on_few()[0].splitlines()
    return first.endswith("label (a): right on 1 of 7 (14%)")


def is_reached_by_biases_alone() -> bool:
    """Whether scores that read nothing are best where the baseline is."""
    scores = torch.zeros(3, requires_grad=True)
    labels = torch.tensor([0, 1, 1, 1, 1, 2, 2])
    optimizer = torch.optim.SGD([scores], lr=1)
    for _ in range(200):
        loss = cross_entropy(scores.expand(7, 3), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return scores.argmax().item() == labels.mode().values.item() == 1


def adds_up_whatever_the_scores_are() -> bool:
    scores = 1e-3 * randn(9, 4) - torch.arange(9.0)[:, None]
    return torch.allclose(scores.softmax(1).sum(1), torch.ones(9)) and (
        torch.allclose(scores.softmax(1), (scores + 7).softmax(1))
    )


def lengths_stay_on_the_cpu() -> bool:
    """Whether `DEVICE` moves a batch, but not its lengths."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SCRIPT, "DEVICE", "meta")
        ids, lengths, targets = new_classifier().collate([("word1", "no")])
    return [tensor.device.type for tensor in (ids, lengths, targets)] == [*("meta", "cpu", "meta")]


def reported(targets: list[int], answers: list[int]) -> list[list[float]]:
    """Precision, recall and F1 of each label, and the mean of the last."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        FOLDS.report(["a", "b"], torch.tensor(targets), torch.tensor(answers))
    _, *lines, mean = printed.getvalue().replace("%", "").splitlines()
    rows = [[float(n) for n in line.split()[1:4]] for line in lines]
    return [*rows, [float(mean.split()[2].strip(","))]]


def is_low_if_one_is() -> bool:
    """Whether F1 is low where one of both is low, and high where none is."""
    named_once = reported([0] * 10 + [1] * 10, [0] + [1] * 19)[0]
    named_often = reported([0] + [1] * 19, [0] * 20)[0]
    never_wrong = reported([0, 1], [0, 1])[0]
    return (
        named_once == [100, 10, 0.18]
        and named_often == [5, 100, 0.10]
        and never_wrong == [100, 100, 1]
    )


def counts_rare_labels_alike() -> bool:
    """Whether a rare label that is never named halves the mean."""
    *_, (mean,) = reported([0] * 99 + [1], [0] * 100)
    return mean == 0.5


def imported(name: str) -> set[str]:
    """The modules that a script imports."""
    tree = ast.parse((CODE / f"{name}.py").read_text("utf-8"))
    return {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }


def is_stratified() -> bool:
    """Whether each fifth has each label in the same proportion."""
    rows = [(f"word{k}", "ab"[k % 10 == 0]) for k in range(100)]
    return all([label for _, label in part].count("b") == 2 for part in FOLDS.folds(rows))


def may_miss_a_rare_label() -> bool:
    rows = [(f"word{k}", "ab"[k > 95]) for k in range(100)]
    _, unseen = SCRIPT.split(rows)
    return {label for _, label in unseen} == {"a"}


@cache
def learns_by_heart() -> bool:
    """Whether the loss falls, and that of unseen sentences rises.

    The sentences have labels by chance, so there is nothing else to learn.
    """
    drawn_bits = randn(120).gt(0).tolist()
    rows = [(f"a{k % 7} b{k % 5} c{k % 11}", str(int(bit))) for k, bit in enumerate(drawn_bits)]
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.setattr(SCRIPT, "UPDATES", 60)
        model = SCRIPT.train(rows[:30], rows[60:])
    _, first, *_, last = printed.getvalue().splitlines()
    losses = [float(line.split()[3].strip(",")) for line in (first, last)]
    counts = [int(line.split()[6]) for line in (first, last)]
    (batch,) = torch.utils.data.DataLoader(rows[60:], 60, collate_fn=model.collate)
    ids, lengths, targets = batch
    with torch.no_grad():
        unseen = cross_entropy(model.eval()(ids, lengths), targets)
    return (
        losses[1] < 0.5 * losses[0]
        # A guess costs the logarithm of two.
        and unseen > math.log(2) + 0.1
        and max(counts) < 0.65 * 60
        and counts[1] - counts[0] < 6
    )


def follows_patterns_seen() -> bool:
    """Whether the unseen reviews are made as those trained with are."""
    origin = {text: made_by for text, _, made_by in REVIEWS.reviews()}
    seen, unseen = ({origin[text] for text, _ in p} for p in SCRIPT.split(ROWS))
    return unseen <= seen and len(seen) < 12


def is_made_by(text: str, kind: str) -> bool:
    """Whether a sentence has a form of a kind of reviews."""
    sentence = text.strip("“”").lower()
    return any(
        sentence == form.format(noun="soup", one=opinion, other="bad")
        for form in getattr(REVIEWS, kind)
        for opinion in ("good", "bad")
    ) or sentence in (
        form.format(noun="soup", one="bad", other="good") for form in getattr(REVIEWS, kind)
    )


def knows_no_other_word() -> bool:
    """Whether all words that it was not trained with are the same to it."""
    model = new_classifier().eval()
    ids = model.encode("octopus squid")
    return ids.tolist() == [SCRIPT.UNKNOWN] * 2 and model.ids["word1"] != 1


def takes_words_of_training_alone() -> bool:
    _, model = trained_on_few()
    return (
        all(f"old{k}" in model.ids for k in range(30))
        and not any(f"new{k}" in model.ids for k in range(7))
        and model.encode("new3").tolist() == [SCRIPT.UNKNOWN]
    )


def ends_before_the_padding() -> bool:
    """Whether `h_n` is that of the sentence if it is packed, and only then."""
    lstm, x = module(3, 2), randn(5, 2, 3)
    packed = pack_padded_sequence(x, [5, 3])
    alone = lstm(x[:3, 1:])[1][0]
    return torch.allclose(lstm(packed)[1][0][:, 1:], alone, atol=1e-6) and not torch.allclose(
        lstm(x)[1][0][:, 1:], alone, atol=1e-2
    )


def scores(*texts: str) -> torch.Tensor:
    """What the network says of sentences, each with the others in a batch."""
    model = new_classifier().eval()
    ids, lengths, _ = model.collate([(text, "no") for text in texts])
    return model(ids, lengths)


def reads_all_from_both_ends() -> bool:
    """Whether both vectors have read every word, and the readout gets both."""
    lstm, x = module(3, 2, bidirectional=True), randn(4, 1, 3)
    x.requires_grad_()
    for k in (-2, -1):
        (grad,) = torch.autograd.grad(lstm(x)[1][0][k].sum(), x)
        if not grad.any(2).all():
            return False
    (grad,) = torch.autograd.grad(lstm(x)[0][-1, :, 2:].sum(), x)
    return (
        new_classifier().readout.in_features == 2 * new_classifier().lstm.hidden_size
        and not grad[:-1].any()
    )


def begins_from_zeros() -> bool:
    lstm, x = new_classifier().lstm, randn(4, 1, SCRIPT.EMBEDDING)
    zeros = torch.zeros(2, 1, SCRIPT.HIDDEN)
    return torch.equal(lstm(x)[0], lstm(x, (zeros, zeros))[0])


def answers_differ(is_training: bool) -> bool:
    """Whether a sentence that is asked about twice has two answers."""
    model = new_classifier().train(is_training)
    ids, lengths, _ = model.collate([("word1 word2", "no")])
    with torch.no_grad():
        answers = model(ids, lengths), model(ids, lengths)
    return not torch.equal(*answers) and not answers[0].requires_grad


def is_blind_to_order() -> bool:
    """Whether the mean of vectors is the same for twins, and no LSTM's is."""
    torch.manual_seed(0)
    words = SCRIPT.vocabulary(["good not bad but the soup was"])
    kinds = RIVAL.BagOfWords, SCRIPT.Classifier
    twins = "the soup was not good but bad", "the soup was not bad but good"
    are_equal = []
    for kind in kinds:
        model = kind(words, ["no", "yes"]).eval()
        ids, lengths, _ = model.collate([(text, "no") for text in twins])
        first, second = model(ids, lengths)
        are_equal.append(torch.allclose(first, second, atol=1e-6))
    return are_equal == [True, False]


def differs_between_embedding_and_readout() -> bool:
    """Whether the rival has its own way there, and all else in common."""
    rival = RIVAL.BagOfWords(["", "?", "a"], ["no", "yes"])
    own = SCRIPT.Classifier(["", "?", "a"], ["no", "yes"])
    return (
        {*vars(RIVAL.BagOfWords)} - {"__module__", "__doc__", "__init__"}
        <= {"forward", "__firstlineno__", "__static_attributes__"}
        and rival.embedding.weight.shape == own.embedding.weight.shape
        and rival.readout.weight.shape == own.readout.weight.shape
        and "train(*split(read(data)), BagOfWords)" in (CODE / "bag_of_words.py").read_text("utf-8")
        and SCRIPT.read(CODE / SCRIPT.DATA) == ROWS
    )


def asks_of_each_label_alone() -> bool:
    """Whether each score has a loss of its own, that of its sigmoid."""
    logits, targets = randn(5, 3), randn(5, 3, seed=1).gt(0).float()
    loss = binary_cross_entropy_with_logits(logits, targets)
    shares = logits.sigmoid()
    changed = logits + torch.tensor([0.0, 0.0, 9.0])
    before, after = (
        binary_cross_entropy_with_logits(s, targets, reduction="none") for s in (logits, changed)
    )
    return torch.allclose(
        loss, torch.nn.functional.binary_cross_entropy(shares, targets)
    ) and torch.equal(before[:, :2], after[:, :2])


def counts_each_yes(times: int) -> bool:
    """Whether `pos_weight` counts a yes as if it stood there so often."""
    logits, targets = randn(4), torch.tensor([1.0, 0, 0, 1])
    losses = binary_cross_entropy_with_logits(logits, targets, reduction="none")
    weighted = binary_cross_entropy_with_logits(
        logits, targets, reduction="none", pos_weight=torch.tensor(float(times))
    )
    return torch.allclose(weighted, losses * (1 + (times - 1) * targets))


def is_right_without_a_yes() -> bool:
    """Whether a rare label is unlikely for who learns how frequent it is."""
    targets = (torch.arange(100) < 2).float()
    score = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.Adam([score], lr=0.1)
    for _ in range(100):
        loss = binary_cross_entropy_with_logits(score.expand(100), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return score.item() < 0 and (targets == 0).float().mean() > 0.95


def has_an_axis_too_many() -> bool:
    words = session("classifier")["documents"]
    try:
        torch.nn.LSTM(5, 8)(words)
    except ValueError:
        return session("classifier")["output"].shape[:2] == words.shape[1:3]
    return False


def keeps_a_random_vector() -> bool:
    """Whether a word without a vector has one that is not zero.

    The others were trained for a step of 0.001 afterwards.
    """
    names = session("classifier")
    words, pretrained = names["words"], names["found"]
    return all(
        torch.allclose(row, pretrained[word], atol=0.01) if word in pretrained else row.any()
        for word, row in list(zip(words, names["vectors"], strict=True))[1:]
    )


@cache
def learned(is_frozen: bool, is_told: bool) -> tuple[bool, bool]:
    """Whether an update changes the vectors, and the LSTM after them."""
    vectors, lstm = randn(4, 5), module(5, 3)
    embedding = torch.nn.Embedding.from_pretrained(vectors.clone(), freeze=is_frozen)
    optimizer = torch.optim.Adam(lstm.parameters())
    if is_told:
        optimizer.add_param_group({"params": embedding.parameters()})
    before = lstm.weight_ih_l0.detach().clone()
    lstm(embedding(torch.tensor([[1], [2]])))[0].sum().backward()
    optimizer.step()
    return (not torch.equal(embedding.weight, vectors), not torch.equal(lstm.weight_ih_l0, before))


def is_trained_gently() -> bool:
    rest, vectors = session("classifier")["optimizer"].param_groups
    return vectors["lr"] < rest["lr"]


def adds_up_both_gradients() -> bool:
    """Whether a module that is called twice has the sum as its gradient."""
    lstm, gradients = module(3, 2), []
    for inputs in ([randn(4, 1, 3)], [randn(6, 1, 3, seed=1)]):
        gradients.append(gradient(lstm, inputs))
    both = gradient(lstm, [randn(4, 1, 3), randn(6, 1, 3, seed=1)])
    return torch.allclose(both, gradients[0] + gradients[1], atol=1e-6)


def gradient(lstm: torch.nn.LSTM, inputs: list[torch.Tensor]) -> torch.Tensor:
    lstm.zero_grad()
    sum(lstm(x)[1][0].sum() for x in inputs).backward()
    return lstm.weight_hh_l0.grad.clone()


def has_no_not_in_it() -> bool:
    """Whether no line of the script speaks of a word of the reviews."""
    tree = ast.parse((CODE / "classifier.py").read_text("utf-8"))
    strings = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    return "not" in SCRIPT.vocabulary(t for t, _ in ROWS) and not ({"not", "good", "bad"} & strings)


def comes_first() -> bool:
    """Whether what used to be comes before the opinion that counts."""
    rows = [(text, label) for text, label in ROWS if "used to be" in text]
    return all(
        text.index("used to be") < text.index("but now it is")
        and text.split()[-1].strip(".") in getattr(REVIEWS, label.upper())
        for text, label in rows
    ) and not any("but it used to be" in text for text, _ in ROWS)


def share_of(text: str, label: str) -> float:
    """What the network of the record says of a sentence."""
    return names_of(CLASSIFIERS)["asked"][text][label]


def is_wrong_the_other_way_round() -> bool:
    return comes_first() and share_of("It is lovely, but it used to be dull.", "bad") > 0.5


def refuses_no_word() -> bool:
    try:
        pack_padded_sequence(randn(5, 2, 3), [3, 0], enforce_sorted=False)
    except RuntimeError as error:
        return "Length of all samples has to be greater than 0" in str(error)
    return False


def takes_scores_and_numbers() -> bool:
    """Whether the loss is that of the softmax, of classes as numbers."""
    logits, targets = scores("word1", "word2 word3"), torch.tensor([1, 0])
    chosen = logits.softmax(1)[torch.arange(2), targets]
    return torch.allclose(cross_entropy(logits, targets), -chosen.log().mean())


def draws_those_that_change_most() -> bool:
    """Whether units are drawn whose `c` changes, and not those on the page."""
    header = (
        "reading --weights docs/code/classifier.safetensors "
        "--input docs/code/classifier-bad-input.json "
        "--tokens docs/code/classifier-bad-tokens.json"
    )
    drawn_figure = parse_header(header).draw()
    names: dict[str, torch.Tensor] = {}
    exec(drawn_figure.metadata["preamble"], names)
    change = names["c"][:, 0].max(0).values - names["c"][:, 0].min(0).values
    visible_units = re.findall(r"Unit (\d+):", drawn_figure.description)
    c, first = names["c"][:, 0], int(change.argmax())
    alike = torch.corrcoef(c.T)[first].abs() > 0.8
    most = {first, int(change.masked_fill(alike, 0).argmax())}
    return most == {*map(int, visible_units)} and not most <= {4, 3, 13, 6}


def counted_alone() -> float:
    """The least share of plain reviews that words alone get right."""
    names = names_of(CLASSIFIERS)
    return min(names["of"]("bag of words", "PLAIN")) / names["unseen"]["PLAIN"]


def leaves_out_each_once() -> bool:
    """Whether each row is in one fifth, and in no other."""
    rows = [(f"word{k}", "ab"[k % 2]) for k in range(50)]
    parts = FOLDS.folds(rows)
    return (
        len(parts) == FOLDS.FOLDS == 5
        and sorted(row for part in parts for row in part) == sorted(rows)
        and {len(part) for part in parts} == {10}
    )


def has_a_twin(form: str) -> bool:
    """Whether both labels have the same words, if two words are exchanged."""
    first, second = (
        form.format(noun="soup", one=a, other=b) for a, b in (("good", "bad"), ("bad", "good"))
    )
    words = [sorted(SCRIPT.tokens(text)) for text in (first, second)]
    return words[0] == words[1] and first != second


@cache
def writes_what_it_reads() -> bool:
    """Whether asking leaves the vectors and the words in two files."""
    with folder_of("my.csv", []), redirect_stdout(io.StringIO()):
        model = new_classifier()
        SCRIPT.ask(model, "Word1, word2")
        x = torch.tensor(json.loads(Path("sentence.json").read_text()))
        words = json.loads(Path("tokens.json").read_text())
    ids = model.encode("Word1, word2")
    return words == ["word1", ",", "word2"] and torch.allclose(
        x[:, 0], model.embedding(ids), atol=1e-6
    )


def refuses_lengths_elsewhere() -> bool:
    lengths = torch.tensor([5, 3], device="meta")
    try:
        pack_padded_sequence(randn(5, 2, 3), lengths)
    except (RuntimeError, ValueError) as error:
        return "1D CPU int64 tensor" in str(error)
    return False


def refuses_another_vocabulary() -> bool:
    """Whether a network of other words does not take the weights."""
    other = SCRIPT.Classifier(SCRIPT.vocabulary(["one two"]), ["no", "yes"])
    try:
        other.load_state_dict(new_classifier().state_dict())
    except RuntimeError as error:
        return "size mismatch for embedding.weight" in str(error)
    return False


def squashes_twice() -> bool:
    """Whether the loss of a softmax has a floor, however sure the scores."""
    sure, right = torch.tensor([[50.0, 0.0]]), torch.tensor([0])
    once = cross_entropy(sure, right)
    return once < 1e-6 and cross_entropy(sure.softmax(1), right) > 0.3


def is_refused_if_longer() -> bool:
    embedding, lstm = torch.nn.Embedding(4, 5), torch.nn.LSTM(6, 3)
    try:
        lstm(embedding(torch.tensor([[1]])))
    except RuntimeError:
        return True
    return False


def answers_depend_on_padding() -> bool:
    """Whether only packing makes an answer that of the sentence alone."""
    lstm, x = module(3, 2), torch.cat([randn(3, 1, 3), torch.zeros(2, 1, 3)])
    alone, padded = lstm(x[:3])[1][0], lstm(x)[1][0]
    batch = torch.cat([x, randn(5, 1, 3)], dim=1)
    packed = pack_padded_sequence(batch, [3, 5], enforce_sorted=False)
    return not torch.allclose(alone, padded, atol=1e-2) and torch.allclose(
        lstm(packed)[1][0][:, :1], alone, atol=1e-6
    )


FACTS = (
    *of_torch(
        (
            "short reviews that are either good or bad: their sentiment is the label.",
            lambda: {label for _, label in ROWS} == {"bad", "good"},
        ),
        (
            "A count of right answers hides which labels are confused, and a "
            "rare label hardly changes it.",
            counts_rare_labels_alike,
        ),
        (
            ", each time leaving out a different fifth of the sentences, so "
            "that each sentence is unseen once, and adds up the answers:",
            leaves_out_each_once,
        ),
        (
            "Settings that you choose by these numbers fit these sentences a "
            "bit better than any others.",
            is_better_by_luck,
        ),
        (
            "Two thirds of the reviews have a twin with the same words and the other label.",
            lambda: all(map(has_a_twin, REVIEWS.OPPOSED)),
            lambda: not any(map(has_a_twin, REVIEWS.PLAIN + REVIEWS.FLIPPED)),
        ),
        (
            "**Gradients are clipped between `backward` and `step`.**",
            lambda: is_left_alone(0.5) and not is_left_alone(2.0),
        ),
        (
            "That keeps a small data set from spoiling them; the LSTM's "
            "`input_size` has to be the length of a vector.",
            lambda: not learned(is_frozen=True, is_told=True)[0],
            is_refused_if_longer,
        ),
        (
            "When you ask about a sentence, the script also writes what the "
            "LSTM reads to `sentence.json`, the vectors of the words, and the "
            "words themselves to `tokens.json`.",
            writes_what_it_reads,
        ),
        ("** The lengths went to the GPU with the batch.", refuses_lengths_elsewhere),
        (
            "**`size mismatch for embedding.weight`** The saved network had a "
            "different vocabulary.",
            refuses_another_vocabulary,
        ),
        ("and the answer depends on the other sentences in the batch.", answers_depend_on_padding),
        ("A softmax before `cross_entropy`, which applies it again;", squashes_twice),
        ("Sentences end, and each starts from zeros.", begins_from_zeros),
    ),
    *of_torch(
        (
            "Only a sentence with a comma in it needs quotes, and a "
            "spreadsheet that saves as `CSV UTF-8` writes them for you.",
            lambda: not is_read("Well, good.,x", "Well, good."),
            lambda: is_read('"Well, good.",x', "Well, good."),
            lambda: is_read("It's good; isn't it: yes!?,x", "It's good; isn't it: yes!?"),
            is_quoted_by_a_spreadsheet,
        ),
        (
            "There may be any number of labels, and any words as labels. Then "
            "name the file, and ask: There is nothing else to change.",
            takes_any_labels,
        ),
        (
            "Your network replaces that of the reviews in `classifier.pt`; "
            "`python classifier.py` trains that one again whenever you want "
            "it.",
            replaces_what_was_saved,
        ),
        (
            "Four fifths of your sentences train the network, and the others test it:",
            lambda: [len(p) for p in SCRIPT.split([*range(50)])] == [40, 10],
        ),
        (
            "**The first line printed is the baseline**, what you would get "
            "without a network. It always names the label that is most "
            "frequent among the sentences trained with, and is tested on the "
            "others.",
            begins_with_the_baseline,
        ),
        (
            "A network that has learned nothing but how frequent the labels "
            "are always gives that answer too.",
            is_reached_by_biases_alone,
        ),
        (
            "**The percentages of an answer are no measure of confidence.** "
            "They compare the labels with each other, and always add up to the "
            "whole.",
            adds_up_whatever_the_scores_are,
            lambda: share_of("It is lovely, but it used to be dull.", "bad") > 0.8,
        ),
        ("Unknown words are listed", lambda: "unknown" in inspect.getsource(SCRIPT.ask)),
        (
            "The script reads words and punctuation marks. In a language that "
            "is written without spaces, a word has to be found first: call a "
            "tokenizer for that language in the function `tokens`.",
            lambda: SCRIPT.tokens("Good soup!") == ["good", "soup", "!"],
            lambda: len(SCRIPT.tokens("汤很好喝")) == 1,
        ),
        (
            "If one letter in twenty is a complaint, a classifier that never "
            "says *complaint* is right on nineteen of them.",
            lambda: reported([1] + [0] * 19, [0] * 20)[0][:2] == [95, 100],
        ),
        (
            "**Precision**: how many of the sentences that were given a label "
            "have it. - **Recall**: how many of the sentences that have a "
            "label were given it.",
            lambda: reported([0, 0, 1, 1], [0, 1, 1, 1])[0][:2] == [100, 50],
        ),
        (
            "**F1** is high only if both are, and its mean counts each label "
            "alike, however rare it is. Compare networks by it if labels are "
            "not equally frequent.",
            is_low_if_one_is,
            counts_rare_labels_alike,
        ),
        (
            "The whole of it; precision, recall, F1 and the matrix are made with torch alone.",
            lambda: imported("cross_validate") == {"classifier", "sys", "torch"},
        ),
        (
            "The fifths are stratified: each has every label in the same "
            "proportion, as far as the numbers allow. `classifier.py` takes "
            "its fifth at random, in which a rare label may be missing.",
            is_stratified,
            may_miss_a_rare_label,
        ),
        (
            "If the loss of the training sentences falls while that of unseen "
            "ones rises, the network overfits: it learns your sentences by "
            "heart, because there are too few of them.",
            learns_by_heart,
        ),
        (
            "With fewer of the reviews, which have only a few patterns, it is right on this many",
            follows_patterns_seen,
        ),
        (
            "Free text takes far more, because this network knows no word that "
            "it has not been trained with.",
            knows_no_other_word,
        ),
        (
            "The vocabulary is made from the training sentences alone: a word "
            "that occurs only in the others is unknown, as it will be when "
            "somebody types it. All unknown words share one id.",
            takes_words_of_training_alone,
            knows_no_other_word,
        ),
        (
            "**Padding must not be read.** `pack_padded_sequence` takes the "
            "padding out again, so `h_n` is the state after the last word of "
            "each sentence, not after its padding; [Packed "
            "sequences](packed.md#without-packing) shows what happens without "
            "it.",
            ends_before_the_padding,
        ),
        (
            "fills the shorter ones up with the id `0`, the padding.",
            lambda: (
                new_classifier().collate([("word1 word2", "no"), ("word3", "no")])[0][1, 1] == 0
            ),
        ),
        (
            "The lengths stay on the CPU, even when everything else is on a GPU.",
            lengths_stay_on_the_cpu,
        ),
        (
            "The loss needs no mask here, because there is one score per "
            "sentence, and none per word; where each step has a target, "
            "[padded steps have to be left out of the "
            "loss](forecast.md#padding-and-the-loss).",
            lambda: scores("word1 word2 word3", "word4").shape == (2, 2),
        ),
        (
            "Both have read the whole sentence, and the readout gets both; "
            "[other vectors run without an error, but have read only a part or "
            "mix "
            "sentences](directions.md#which-vector-goes-to-a-classifier).",
            reads_all_from_both_ends,
        ),
        (
            "The first state is zero, because `nn.LSTM` is given none; [it "
            "could be learned](chunks.md#a-first-state-that-is-learned) "
            "instead.",
            begins_from_zeros,
        ),
        (
            "`cross_entropy` applies the softmax itself and takes the class as "
            "a number, so the network returns plain scores of shape (batch, "
            "labels), and the targets have the shape (batch).",
            takes_scores_and_numbers,
        ),
        (
            "**Asking is not training.** `model.eval()` switches the dropout "
            "off, and `no_grad` keeps PyTorch from recording what is only "
            "needed for gradients. They are two things: without `eval`, the "
            "same sentence gets a different answer each time it is asked.",
            lambda: answers_differ(is_training=True),
            lambda: not answers_differ(is_training=False),
        ),
        (
            "**Weights alone are not enough.** Row 17 of the embedding means "
            "nothing without the word that it stands for.",
            lambda: new_classifier().ids[new_classifier().words[17]] == 17,
        ),
        (
            "So the file holds the vocabulary and the labels beside the `state_dict`",
            lambda: (
                '{"words": model.words, "labels": model.labels, "state": state}'
                in inspect.getsource(SCRIPT.save)
            ),
        ),
        (
            "A network that takes the mean of the word vectors sees no "
            "difference between the two, and can only guess.",
            is_blind_to_order,
        ),
        *(
            (f"| “{text}” |", lambda text=text, kind=kind: is_made_by(text, kind))
            for text, kind in (
                ("The soup was really good!", "PLAIN"),
                ("The soup was not good.", "FLIPPED"),
                ("The soup was not good but bad.", "OPPOSED"),
            )
        ),
        (
            "If order does not matter in your sentences, as it may not when "
            "you sort letters by topic, words alone can be as good.",
            lambda: counted_alone() > 0.9,
        ),
        (
            "It trains with the same sentences of your file, and is tested on "
            "the same others: The whole of it: only what happens between the "
            "embedding and the readout is different.",
            differs_between_embedding_and_readout,
        ),
        (
            "If a letter may be about a parcel *and* about money, each label "
            "is a question of its own, answered by yes or no. Give the readout "
            "a score for each label, take the targets as zeros and ones of the "
            "same shape, and take a sigmoid in place of the softmax, which "
            "`binary_cross_entropy_with_logits` applies itself:",
            asks_of_each_label_alone,
        ),
        (
            "**A rare label** is hardly ever named, since saying no is nearly "
            "always right. `pos_weight` counts each yes as many times as you "
            "say",
            is_right_without_a_yes,
            lambda: counts_each_yes(3),
        ),
        (
            "with rare labels the share of right answers is high whatever the network does",
            lambda: reported([1] + [0] * 99, [0] * 100)[0][0] == 99,
        ),
        (
            "Calling a module twice shares its weights, and `backward` adds up both gradients.",
            adds_up_both_gradients,
        ),
        (
            "The words have an axis too many, which raises [an "
            "error about dimensions](errors.md#four-axes): fold documents "
            "and sentences into one batch, and unfold them again.",
            has_an_axis_too_many,
        ),
        (
            "Its weight is a matrix with a vector for each id, so make it in "
            "the order of your vocabulary, and let `from_pretrained` take it; "
            "a word that has no vector keeps a random one.",
            keeps_a_random_vector,
        ),
        (
            "Frozen, the vectors stay as they are, and only what stands after them learns.",
            lambda: learned(is_frozen=True, is_told=True) == (False, True),
            lambda: learned(is_frozen=False, is_told=True) == (True, True),
        ),
        (
            "Later they may be trained as well, gently, with a smaller "
            "learning rate than the rest: The optimizer has to be told of "
            "them, as [any weights that it does not "
            "know](not-learning.md#optimizer) stay as they are.",
            is_trained_gently,
            lambda: learned(is_frozen=False, is_told=False) == (False, True),
        ),
        (
            "It draws two units whose memory changes most and goes different "
            "ways, because something happens there; that does not mean that "
            "they tell the labels apart, or that a person can read them.",
            draws_those_that_change_most,
        ),
        ("*not good* is bad.", lambda: share_of("the soup was not good but bad.", "bad") > 0.99),
        ("*not bad* is good.", lambda: share_of("the soup was not bad but good.", "good") > 0.99),
        ("Nobody told the network what *not* means.", has_no_not_in_it),
        (
            "It has learned the patterns it was shown, not English. In every "
            "review with *used to be*, that part comes first, and the opinion "
            "that counts comes last. Ask it about the other order, and it is "
            "wrong: That it has never seen such a sentence does not show in "
            "the",
            is_wrong_the_other_way_round,
        ),
        (
            "because they follow the same patterns as those it was trained with",
            follows_patterns_seen,
        ),
        (
            "** A sentence without a word. `read` leaves such rows out.",
            refuses_no_word,
            reads_its_columns,
        ),
        (
            "Build it from the saved words, as `load` does",
            lambda: (
                'Classifier(checkpoint["words"], checkpoint["labels"])'
                in inspect.getsource(SCRIPT.load)
            ),
        ),
        (
            "**The same sentence gets different answers.** `eval` is missing",
            lambda: answers_differ(is_training=True),
        ),
    ),
    *of_torch(
        (
            "Gradients whose norm is below the limit are left alone;",
            lambda: is_left_alone(0.5) and not is_left_alone(2.0),
        )
    ),
    *of_torch(
        (
            "**It learns, but one direction only.** The readout gets [`h_n[-1]` alone]",
            are_directions_in_order,
        ),
        (
            "Write them into a CSV file with the columns `text` and `label`; "
            "these rows show the form",
            reads_its_columns,
        ),
        (
            "`h_n[-2]` is the forward direction after the last word, and "
            "`h_n[-1]` the reverse direction after the first.",
            are_directions_in_order,
        ),
        ("the embedding has a row for each", has_a_row_for_each_word),
        ("So that its row is trained as well", trains_the_row_of_the_unknown),
        ("`padding_idx=0` keeps its row of the embedding at zero.", keeps_its_row_at_zero),
        (
            "`enforce_sorted=False` sorts the batch for you, and `h_n` comes back in your order.",
            comes_back_in_order,
        ),
        (
            "`torch.load` with `weights_only=True` reads them without running code from the file",
            reads_no_module,
        ),
        ("`enforce_sorted=False` is missing.", is_refused_unsorted),
        ("The embedding has no row for an id", has_a_row_for_each_word),
    ),
    *record(
        FREE_TEXT,
        ("Of {} sentences from", "unseen"),
        (
            "are right on: | Trained with | {} | {} | {} | {} |",
            *(f"int([*right][{k}])" for k in range(4)),
        ),
        *(
            (
                f"| {name} | {{}} | {{}} | {{}} | {{}} |",
                *(f"[*right.values()][{k}]['{kind}']" for k in range(4)),
            )
            for name, kind in (("LSTM", "LSTM"), ("Words alone", "bag of words"))
        ),
        (
            "with {} sentences of free text it is hardly better than guessing",
            "min(map(int, right))",
        ),
        ("hardly better than guessing", "right['200']['LSTM'] < 0.56 * unseen"),
        (
            "only with {} is it ahead of its rival",
            "', '.join(n for n in right if right[n]['LSTM'] > right[n]['bag of words'])",
        ),
    ),
    *record(
        CLASSIFIERS,
        ("{} short reviews that are either", "sentences"),
        (
            "say how many of {} reviews it gets right, none of which it was trained with",
            "sum(unseen.values())",
        ),
        ("refuses fewer than {} in all", "load('classifier').LEAST"),
        (
            "Below about 100 unseen sentences a percentage is mostly noise",
            "share(80, 100)[1] - share(80, 100)[0] > 0.15",
        ),
        (
            "{} of {} is {:.0%}, but with so few the true share may be "
            "anything from {:.0%} to {:.0%}",
            "16",
            "20",
            "16 / 20",
            "share(16, 20)[0]",
            "share(16, 20)[1]",
        ),
        (
            "with {} of {} it is between {:.0%} and {:.0%}. (These are 95% confidence intervals.)",
            "80",
            "100",
            "share(80, 100)[0]",
            "share(80, 100)[1]",
        ),
        (
            "an answer below](#what-it-does-not-know) is wrong at {:.0%}",
            "asked['It is lovely, but it used to be dull.']['bad']",
        ),
        ("does not show in the {:.0%}", "asked['It is lovely, but it used to be dull.']['bad']"),
        (
            "of the same {}: | Trained with | {} | {} | {} | {} | {} |",
            "sum(unseen.values())",
            *(f"int([*few][{k}])" for k in range(4)),
            "sentences - sum(unseen.values())",
        ),
        (
            "| Right on | {} | {} | {} | {} | {} |",
            *(f"[*few.values()][{k}]" for k in range(4)),
            "sum(networks[0][group] for group in unseen)",
        ),
        ("hides a tenth of the words", "load('classifier').HIDE == 0.1"),
        ("With only {} of the reviews", "int(folds[-1].split()[-1])"),
        (
            "**The columns on the right are the confusion matrix**: a row for "
            "each right label, a column for each label that was given.",
            "sum(int(n) for line in folds[1:3] for n in line.split()[-2:]) "
            "== int(folds[-1].split()[-1])",
            "sum(int(folds[1 + k].split()[-2:][k]) for k in range(2)) "
            "== int(folds[-1].split()[-3])",
        ),
        (
            "Of {} good reviews, {} were called bad.",
            "sum(map(int, folds[2].split()[-2:]))",
            "int(folds[2].split()[-2])",
        ),
        ("It trains five times", "load('cross_validate').FOLDS == 5"),
        (
            "Two thirds of the reviews have a twin",
            "abs(unseen['OPPOSED'] / sum(unseen.values()) - 2 / 3) < 0.05",
        ),
        ("Both were trained five times", "len(of('LSTM')) == 5"),
        ("Both were trained five times", "len(of('bag of words')) == 5"),
        *(
            (
                f"{heads}| “{text}” | {{}} of {{}} | {{}} to {{}} of {{}} |",
                f"min(of('LSTM', '{review_kind}'))",
                f"unseen['{review_kind}']",
                f"min(of('bag of words', '{review_kind}'))",
                f"max(of('bag of words', '{review_kind}'))",
                f"unseen['{review_kind}']",
            )
            for review_kind, heads, text in (
                (
                    "PLAIN",
                    "| Unseen reviews like | LSTM is right on | Mean of the "
                    "words is right on | | --- | --- | --- | ",
                    "The soup was really good!",
                ),
                ("FLIPPED", "", "The soup was not good."),
                ("OPPOSED", "", "The soup was not good but bad."),
            )
        ),
        (
            "All unseen reviews were right",
            "all(sum(n[k] for k in unseen) == sum(unseen.values()) "
            "for n in networks if n['kind'] == 'LSTM')",
        ),
    ),
    *figure(
        (
            "At `good` the unit keeps what it wrote at `not`.",
            "tokens[3:5] == ['not', 'good'] and f[4, 0, units[0]] > 0.99",
            "abs(c[4, 0, units[0]] - c[3, 0, units[0]]) < 0.05",
        )
    ),
    *figure(
        (
            "At `bad` the unit drops what it wrote at `not`.",
            "tokens[3:5] == ['not', 'bad'] and f[4, 0, units[0]] < 0.01",
            "c[4, 0, units[0]] * c[3, 0, units[0]] < 0",
        )
    ),
    *figure(
        (
            ", as if something bad was to be said.",
            "(i * g)[3, 0, units[0]] * c[7, 0, units[0]] > 0",
        ),
        id="reading-bad",
    ),
    *figure(
        (
            "both sentences are the same, and so is the unit: at `not` it writes {:.2f}",
            "(i * g)[3, 0, units[0]]",
        ),
        (
            "At `good` its forget gate is {:.2f} and it writes {:.2f}, so it "
            "stays below zero, at {:.2f}",
            "f[4, 0, units[0]]",
            "(i * g)[4, 0, units[0]]",
            "c[4, 0, units[0]]",
        ),
        ("At the end it is at {:.2f} in the first", "c[7, 0, units[0]]"),
        id="reading-bad",
    ),
    *figure(
        ("and so is the unit: at `not` it writes {:.2f}", "(i * g)[3, 0, units[0]]"),
        (
            "At `bad` its forget gate is {:.2f}, so the {:.2f} is gone, and {:.2f} is written",
            "f[4, 0, units[0]]",
            "c[3, 0, units[0]]",
            "(i * g)[4, 0, units[0]]",
        ),
        ("sentence and at {:.2f} in the second", "c[7, 0, units[0]]"),
    ),
)
