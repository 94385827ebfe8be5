"""Run `python_model.py`, and record what its units encode.

It takes about ten minutes, and writes:

- `python_model.safetensors`: the network that the script saves;
- `python_model-input.safetensors`, `python_model-tokens.json` and
  `python_model-labels.json`: `python_sample.txt` as an input, for figures;
- `python_model.json`: the output of the script; for each label, the unit that
  predicts it best in the sample, and its AUC on held-out modules; and how much
  the loss on these modules rises without each unit.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

import numpy as np
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
    """The saved model, in eval mode."""
    model = python_model.PythonModel().eval()
    model.load_state_dict(load_file(HERE / python_model.SAVED))
    return model


@torch.no_grad()
def states(model, text):
    """States after each character, c then h: (steps, 2 * HIDDEN)."""
    rnn = model.encoder.rnn
    cell = LSTMCell(rnn.input_size, rnn.hidden_size)
    parameters = rnn.state_dict().items()
    cell.load_state_dict({k.removesuffix("_l0"): p for k, p in parameters})
    state, steps = None, []
    for x_t in model.encoder.embedding(python_model.encode(text)[0]):
        h, c = state = cell(x_t[None], state)
        steps.append(torch.cat([c, h], dim=1))
    return torch.cat(steps).double().numpy()


def label_auc(values, flags):
    """The two-sided AUC of each unit for a label, by c and then by h."""
    return two_sided_auc(areas(values, flags))


def telling(model, sample, modules):
    """The best unit for each label, and its AUC on held-out modules."""
    sample_states = states(model, sample)
    held_out = [(states(model, m), python_labels.labels(m)) for m in modules]
    all_states = np.concatenate(
        [module_states for module_states, _ in held_out]
    )
    best_units = {}
    for name, true in python_labels.labels(sample).items():
        best = label_auc(sample_states, np.array(true)).argmax().item()
        unit = best % python_model.HIDDEN
        held_out_flags = [
            flag for _, labels in held_out for flag in labels[name]
        ]
        held_out_auc = label_auc(all_states, np.array(held_out_flags))
        others = held_out_auc.reshape(2, -1).max(axis=0)
        others[unit] = 0
        best_units[name] = {
            "unit": unit,
            "state": "ch"[best // python_model.HIDDEN],
            "true": sum(held_out_flags),
            "held": round(held_out_auc[best].item(), 3),
            "next": round(others.max().item(), 3),
        }
    return best_units


def worth(model):
    """How much the loss rises without each unit, by label."""
    data = take_away.held_out()
    means, baseline = data.means(model), data.measure(model)
    gains = {name: [] for name in baseline}
    for unit, mean in enumerate(means):
        without_unit = data.measure(take_away.without(model, unit, mean))
        for name, loss in without_unit.items():
            gains[name].append(round(loss - baseline[name], 4))
    return gains


def output_of(script, *words):
    """The output of a script, run with these arguments."""
    sys.argv = [script.__name__, *map(str, words)]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        script.main()
    return printed.getvalue()


def write(name, data):
    """Write data as JSON."""
    (HERE / name).write_text(json.dumps(data) + "\n", encoding="utf-8")


def main():
    """Run the script, and write the record and the files for figures."""
    with contextlib.chdir(HERE):
        printed = output_of(python_model)
        Path(python_model.SAVED).chmod(0o644)
        model = trained()
        text = Path(python_model.TEXT).read_text(encoding="ascii")
        sample = Path(SAMPLE).read_text(encoding="ascii")
        modules = text.split(python_model.BREAK)
        held_out = modules[-python_model.HELD_OUT :]
        telling_units = telling(model, sample, held_out)
        units = dict.fromkeys(best["unit"] for best in telling_units.values())
        record = {
            "torch": torch.__version__.partition("+")[0],
            "characters": len(text),
            "modules": len(modules),
            "held": sum(map(len, held_out)),
            "parameters": sum(
                p.numel() for p in model.encoder.rnn.parameters()
            ),
            "printed": printed,
            "told": telling_units,
            "without": output_of(take_away, *units),
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
