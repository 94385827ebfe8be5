"""Run `python_model.py`, and note what its units tell and are worth.

It takes some ten minutes, and writes:

- `python_model.safetensors`, what the script saves;
- `python_model-input.safetensors`, `python_model-tokens.json` and
  `python_model-labels.json`: `python_sample.txt` as an input, for figures;
- `python_model.json`: what was printed, for each label the unit that tells it
  best in the sample and how well it does in modules that were not trained
  with, and what the loss of these gains by taking each unit away.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

import python_labels
import python_model
import take_away
import torch
from safetensors.torch import load_file, save
from torch.nn import LSTMCell

from lstm_figs.model.label_ranking import areas, two_sided_auc

HERE = Path(__file__).parent
SAMPLE = "python_sample.txt"


def trained():
    """The model that was saved, in eval."""
    model = python_model.PythonModel().eval()
    model.load_state_dict(load_file(HERE / python_model.SAVED))
    return model


@torch.no_grad()
def states(model, text):
    """After each character c of each unit, then h; (steps, 2 * HIDDEN)."""
    rnn = model.encoder.rnn
    cell = LSTMCell(rnn.input_size, rnn.hidden_size)
    parameters = rnn.state_dict().items()
    cell.load_state_dict({k.removesuffix("_l0"): p for k, p in parameters})
    state, found = None, []
    for x_t in model.encoder.embedding(python_model.encode(text)[0]):
        h, c = state = cell(x_t[None], state)
        found.append(torch.cat([c, h], dim=1))
    return torch.cat(found).double().numpy()


def told(own, true):
    """How well each unit tells where a label is true, by c and by h."""
    return two_sided_auc(areas(own, true))


def telling(model, sample, modules):
    """For each label the unit that tells it best, and how well elsewhere."""
    own = states(model, sample)
    held = [(states(model, m), python_labels.labels(m)) for m in modules]
    every = torch.cat([torch.from_numpy(one) for one, _ in held]).numpy()
    found = {}
    for name, true in python_labels.labels(sample).items():
        best = told(own, torch.tensor(true).numpy()).argmax().item()
        unit = best % python_model.HIDDEN
        there = [one for _, labels in held for one in labels[name]]
        areas_there = told(every, torch.tensor(there).numpy())
        others = areas_there.reshape(2, -1).max(axis=0)
        others[unit] = 0
        found[name] = {
            "unit": unit,
            "state": "ch"[best // python_model.HIDDEN],
            "true": sum(there),
            "held": round(areas_there[best].item(), 3),
            "next": round(others.max().item(), 3),
        }
    return found


def worth(model):
    """What the loss gains without each unit, by label."""
    data = take_away.held()
    means, whole = data.means(model), data.measure(model)
    found = {name: [] for name in whole}
    for unit, mean in enumerate(means):
        one = data.measure(take_away.without(model, unit, mean))
        for name, loss in one.items():
            found[name].append(round(loss - whole[name], 4))
    return found


def said(script, *words):
    """What a script prints."""
    sys.argv = [script.__name__, *map(str, words)]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        script.main()
    return printed.getvalue()


def write(name, data):
    """Keep what is read again as JSON."""
    (HERE / name).write_text(json.dumps(data) + "\n", encoding="utf-8")


def main():
    """Run, and note."""
    with contextlib.chdir(HERE):
        printed = said(python_model)
        Path(python_model.SAVED).chmod(0o644)
        model = trained()
        text = Path(python_model.TEXT).read_text(encoding="ascii")
        sample = Path(SAMPLE).read_text(encoding="ascii")
        modules = text.split(python_model.BREAK)
        held = modules[-python_model.HELD :]
        telling_units = telling(model, sample, held)
        units = dict.fromkeys(one["unit"] for one in telling_units.values())
        record = {
            "torch": torch.__version__.partition("+")[0],
            "characters": len(text),
            "modules": len(modules),
            "held": sum(map(len, held)),
            "parameters": sum(
                one.numel() for one in model.encoder.rnn.parameters()
            ),
            "printed": printed,
            "told": telling_units,
            "without": said(take_away, *units),
            "worth": worth(model),
        }
    x = model.encoder.embedding(python_model.encode(sample))[0].detach()
    path = HERE / "python_model-input.safetensors"
    path.write_bytes(save({"x": x}))
    write("python_model-tokens.json", [*sample])
    labels = {
        name: [*map(int, true)]
        for name, true in python_labels.labels(sample).items()
    }
    write("python_model-labels.json", labels)
    write("python_model.json", record)


if __name__ == "__main__":
    main()
