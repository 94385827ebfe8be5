"""What `classifier` quotes."""

import ast
import csv
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
from tests.site.facts.common import module, randn, session
from tests.site.records import CLASSIFIERS, names_of

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
