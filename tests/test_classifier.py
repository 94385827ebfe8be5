"""The scripts of the classifier pages."""

import csv
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file

from lstm_figs import cli
from tests.doc_scripts import CODE, blocks, copy_files, load, output_of, source

pytestmark = pytest.mark.usefixtures("one_thread")
RECORD = json.loads((CODE / "classifier.json").read_text("utf-8"))
"""What the scripts printed when the network of the page was trained."""


@pytest.fixture(scope="module")
def script():
    return load("classifier")


@pytest.fixture(scope="module")
def rows(script):
    return script.read(CODE / "reviews.csv")


@pytest.fixture
def model(script, rows):
    torch.manual_seed(0)
    words = script.vocabulary(text for text, _ in rows)
    return script.Classifier(words, ["bad", "good"]).eval()


def test_the_reviews_are_made_by_their_script():
    generated = [list(row[:2]) for row in load("make_reviews").reviews()]
    with (CODE / "reviews.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [["text", "label"], *generated]


@pytest.mark.trains
@pytest.mark.usefixtures("script")
def test_from_an_empty_folder_to_a_figure(folder):
    copy_files(folder, "classifier.py", "reviews.csv")
    first, *epochs, saved = output_of("classifier.py").splitlines()
    assert first == RECORD["printed"][0]
    assert int(re.search(r"(\d+)%\)$", epochs[-1])[1]) >= 97
    assert saved == blocks("classifier", "text")[0].splitlines()[-1]
    for other, label in ("good", "bad"), ("bad", "good"):
        asked = output_of("classifier.py", f"The soup was not {other} but {label}.")
        # A line is "97% good".
        shares = dict(line.split()[::-1] for line in asked.splitlines())
        assert max(shares, key=lambda k: int(shares[k][:-1])) == label
    (command,) = re.findall(
        r"^lstm-figs (draw .*)", "".join(blocks("classifier", "sh")).replace("\\\n", ""), re.M
    )
    assert cli.main(command.split()) == 0
    assert ">soup</text>" in (folder / "reading.svg").read_text()
    # The listing that looks for units, with the trained network.
    (folder / "units.py").write_text(unit_finder())
    assert re.fullmatch(r"tensor\(\[( *\d+,?){4}\]\)\n", output_of("units.py"))


def few_rows(count):
    """Sentences with two labels in turn."""
    return [(f"sentence {k}", "ab"[k % 2]) for k in range(count)]


def write_rows(count):
    """Write such sentences into the file that the commands of the page read."""
    Path("my.csv").write_text("\n".join(["text,label", *map(",".join, few_rows(count))]))


@pytest.mark.parametrize("epochs", [10, 13, 24])
def test_the_last_epoch_is_among_the_five_that_are_printed(script, epochs, monkeypatch, capsys):
    monkeypatch.setattr(script, "UPDATES", 0)
    monkeypatch.setattr(script, "EPOCHS", epochs)
    script.train(*script.split(few_rows(20)))
    output = re.findall(r"^epoch +(\d+):", capsys.readouterr().out, re.M)
    assert (len(output), output[-1]) == (5, str(epochs))


def test_the_units_that_differ_most_are_those_on_the_page(script, monkeypatch, capsys):
    trained = load_file(CODE / "classifier.safetensors")
    lstm = torch.nn.LSTM(script.EMBEDDING, script.HIDDEN, bidirectional=True)
    lstm.load_state_dict({name.removeprefix("lstm."): w for name, w in trained.items()})
    read = iter(["bad", "good"])

    def embedding(name):
        return torch.tensor(json.loads((CODE / f"classifier-{name}-input.json").read_text()))

    # The shipped inputs of two texts are in place of an embedding.
    shipped = SimpleNamespace(encode=lambda _: next(read), embedding=embedding, lstm=lstm)
    shipped.cpu = lambda: shipped
    monkeypatch.setattr(script, "load", lambda _: shipped)
    exec(unit_finder(), {})
    (printed_units,) = [b for b in blocks("classifier", "text") if "tensor" in b]
    assert capsys.readouterr().out == printed_units
    differing_units = ",".join(re.findall(r"\d+", printed_units))
    assert f"`--units {differing_units}`" in source("classifier")
    (drawn_unit,) = {*re.findall(r"\.json --units (\d+) --id", source("classifier"))}
    assert drawn_unit in differing_units.split(",")


def logits_of(model, rows):
    ids, lengths, _ = model.collate(rows)
    return model(ids, lengths)


def test_other_sentences_in_the_batch_change_nothing(model, rows):
    together = logits_of(model, rows[:20])
    for row, logits in zip(rows[:20], together, strict=True):
        (alone,) = logits_of(model, [row])
        torch.testing.assert_close(alone, logits)


def test_only_words_are_hidden_and_only_in_training(script, model):
    model.dropout.p = 0.0
    words, padding = torch.full((100, 20), 5), torch.zeros(100, 20).long()
    as_they_are = model.embedding(words)
    assert torch.equal(model.vectors(words), as_they_are)
    model.train()
    vectors = model.vectors(words)
    hidden = (vectors != as_they_are).any(dim=2)
    assert abs(hidden.float().mean() - script.HIDE) < 0.05
    unknown = model.embedding.weight[script.UNKNOWN]
    assert (vectors[hidden] == unknown).all()
    assert not model.vectors(padding).any()


def unit_finder():
    """The listing that looks for units."""
    return blocks("classifier", "python")[3]


def test_a_report_counts_who_is_taken_for_whom(capsys):
    true_ids = torch.tensor([0, 0, 0, 1, 1, 2])
    predicted_ids = torch.tensor([0, 0, 1, 1, 0, 0])
    load("cross_validate").report(["a", "bb", "rarely"], true_ids, predicted_ids)
    assert capsys.readouterr().out.splitlines() == [
        "       precision recall   F1  given:     a    bb rarely",
        "a            50%    67% 0.57             2     1      0",
        "bb           50%    50% 0.50             1     1      0",
        "rarely        0%     0% 0.00             1     0      0",
        "mean F1 0.36, right on 3 of 6",
    ]


# One script holds out a fifth of the sentences, the other each of them once.
@pytest.mark.parametrize(
    ("word", "count", "ends"),
    [("bag_of", 20, r"right on \d of 4 \(\d+%\)"), ("cross_", 23, r"right on \d+ of 23")],
)
def test_the_commands_of_the_page_run(script, word, count, ends, folder, monkeypatch):
    monkeypatch.setattr(script, "UPDATES", 10)
    write_rows(count)
    (command,) = [b for b in blocks("classifier", "sh") if word in b]
    _, name, *words = command.split()
    copy_files(folder, name)
    assert re.search(rf"{ends}\n$", output_of(name, *words))


def test_a_stratified_split_trains_once(script, folder, monkeypatch):
    # The listing imports this script.
    load("cross_validate")
    write_rows(40)
    trained = []
    monkeypatch.setattr(script, "train", lambda *rows: trained.append(rows))
    monkeypatch.setattr(script, "save", lambda *_: None)
    split, *_ = blocks("classifier", "python")
    exec(split, {})
    ((seen, unseen),) = trained
    assert (len(seen), not {*seen} & {*unseen}) == (32, True)
    assert sorted(label for _, label in unseen) == [*"aaaabbbb"]


@pytest.mark.usefixtures("script")
def test_lines_that_are_not_run_with_their_libraries_are_run_without(folder, monkeypatch, capsys):
    copy_files(folder, "reviews.csv")
    (folder / "reviews.csv").rename(folder / "my.csv")
    # Fakes of both libraries check that a fifth of the 800 sentences is held out.
    encoder = SimpleNamespace(encode=lambda texts: [[len(text)] for text in texts])
    regression = SimpleNamespace(
        fit=lambda vectors, labels: len(vectors) == len(labels) == 640 and regression,
        score=lambda vectors, labels: len(vectors) == len(labels) == 160 and {*labels},
        predict=lambda vectors: ["bad"] * len(vectors),
    )
    for name, attributes in (
        ("sentence_transformers", {"SentenceTransformer": lambda name: encoder}),
        ("sklearn.linear_model", {"LogisticRegression": lambda max_iter: regression}),
    ):
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(**attributes))
    _, lines, *_ = blocks("classifier", "python")
    exec(lines, {})
    labels, answer = capsys.readouterr().out.splitlines()
    assert eval(labels) == {"bad", "good"}
    assert answer == "['bad']"


def test_the_page_shows_what_was_printed():
    printed = blocks("classifier", "text")
    assert printed[0].splitlines()[:-1] == RECORD["printed"]
    asked = re.findall(r'classifier.py "(.*)"\n```\n\n```text', source("classifier"))
    assert len(asked) == 2
    assert "\n".join(RECORD["folds"]) + "\n" in printed
    for text, block in zip(asked, [printed[1], printed[-1]], strict=True):
        lines = [f"{share:4.0%} {label}" for label, share in RECORD["asked"][text].items()]
        assert block.splitlines()[:2] == lines
    assert printed[1].splitlines()[2:] == ["unknown: octopus"]
    assert "octopus" not in (CODE / "reviews.csv").read_text()


def test_the_record_is_of_these_reviews(script, rows):
    for name in ("cross_validate", "bag_of_words", "make_reviews"):
        load(name)
    parts = load("measure_classifier").groups(rows[: len(rows) // 5])
    assert {name: len(group) for name, group in parts.items()} == (RECORD["unseen"])
    assert RECORD["sentences"] == len(rows)


def test_the_baseline_is_the_most_frequent_label_of_what_is_trained_with(
    script, monkeypatch, capsys
):
    monkeypatch.setattr(script, "UPDATES", 1)
    unseen = [("one", "rare"), ("two", "rare"), ("three", "rare")]
    seen = [("four", "rare"), *((f"{k} more", "often") for k in range(11))]
    script.train(seen, unseen)
    output = capsys.readouterr().out.splitlines()[0]
    assert output == "always the most frequent label (often): right on 0 of 3 (0%)"


def test_another_vocabulary_fails_as_the_page_says(script, model, rows):
    (mismatch, out_of_range) = [
        re.search(rf"^- \*\*`({beginning}.*?)`", source("classifier"), re.M)[1]
        for beginning in ("size mismatch", "index out")
    ]
    smaller = script.Classifier(model.words[:9], model.labels)
    with pytest.raises(RuntimeError, match=mismatch):
        smaller.load_state_dict(model.state_dict())
    ids, lengths, _ = model.collate(rows[:9])
    with pytest.raises(IndexError, match=out_of_range):
        smaller(ids, lengths)


@pytest.mark.parametrize("count", [100, 103])
def test_each_sentence_is_unseen_once_and_never_trained_with(script, rows, count, monkeypatch):
    cross_validate, all_unseen = load("cross_validate"), []
    rows = rows[:count]

    def train(seen, unseen):
        assert sorted(seen + unseen) == sorted(rows)
        all_unseen.extend(unseen)
        model = script.Classifier(script.vocabulary([]), ["bad", "good"])
        return model.to(script.DEVICE)

    monkeypatch.setattr(cross_validate, "train", train)
    labels, true_ids, predicted_ids = cross_validate.predict_all(rows)
    assert sorted(all_unseen) == sorted(rows)
    assert [labels[k] for k in true_ids] == [label for _, label in all_unseen]
    assert len(predicted_ids) == count


def test_each_fold_has_every_label_in_proportion(rows):
    parts = load("cross_validate").folds(rows[:103])
    for label in ("bad", "good"):
        counts = [sum(own == label for _, own in part) for part in parts]
        assert max(counts) - min(counts) <= 1


def test_what_is_saved_says_the_same_when_loaded(script, model, rows, folder):
    script.save(model, "classifier.pt")
    ids, lengths, _ = model.collate(rows[:5])
    again = script.load("classifier.pt").eval()
    assert torch.equal(model(ids, lengths), again(ids, lengths))


OWN_ROWS = """\
text,label
"Where is my parcel, please?",delivery
I was charged twice.,payment
How do I change my address?,account
"""


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_sentences_of_ones_own_need_no_other_change(script, separator, folder, monkeypatch, capsys):
    header, *rows = OWN_ROWS.splitlines()
    written = [header]
    for number in range(9):
        # Every row twice; duplicates are read once.
        written += [re.sub("( my|I)", rf"\1 {number}", r) for r in rows] * 2
    text = re.sub(r",(?=\w+$)", separator, "\n".join(written), flags=re.M)
    Path("my.csv").write_text(text, encoding="utf-8-sig")
    assert len(script.read("my.csv")) == 27
    monkeypatch.setattr(script, "UPDATES", 10)
    monkeypatch.setattr("sys.argv", ["classifier.py", "--data", "my.csv"])
    script.main()
    output = capsys.readouterr().out
    assert re.match(r"always the most frequent .*: right on \d of 5 ", output)
    assert output.endswith("saved as classifier.pt\n")
    question = "Where is my fish?"
    for words in ([question], ["--data", "my.csv", question]):
        monkeypatch.setattr("sys.argv", ["classifier.py", *words])
        script.main()
        output = capsys.readouterr().out
        assert ("epoch" in output) == (len(words) > 1)
        labels = re.findall(r"% (\w+)$", output, re.M)
        assert labels == ["account", "delivery", "payment"]
        assert "unknown: fish" in output
        tokens = json.loads(Path("tokens.json").read_text())
        assert tokens == ["where", "is", "my", "fish", "?"]
