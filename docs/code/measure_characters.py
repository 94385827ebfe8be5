"""Run `characters.py`, and record its output and the unit that counts.

It takes half a minute, and writes:

- `characters.safetensors`: the network that the script saves;
- `characters.json`: the output of the script, and the unit with the highest
  correlation between its cell state and the position in the line;
- `characters-input.safetensors` and `characters-tokens.json`: two lines of a
  sonnet as an input, for a figure.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

import characters
import torch
from safetensors.torch import save

HERE = Path(__file__).parent
LINES = 2


def in_line(text):
    """The position of each character in its line; a newline is at 0."""
    return [k - text.rfind("\n", 0, k + 1) for k in range(len(text))]


@torch.no_grad()
def cell_states(model, text):
    """The cell state after each character, of shape (steps, units)."""
    x = torch.eye(len(model.alphabet))[model.encode(text)]
    cell = torch.nn.LSTMCell(x.shape[1], characters.HIDDEN)
    parameters = model.lstm.state_dict().items()
    cell.load_state_dict({k.removesuffix("_l0"): p for k, p in parameters})
    state, states = None, []
    for x_t in x:
        state = cell(x_t, state)
        states.append(state[1])
    return torch.stack(states)


def counting(model, text):
    """The unit that best tracks the position in the line, and how well."""
    c = cell_states(model, text)
    far = torch.tensor(in_line(text), dtype=torch.float)
    both = torch.cat([far[:, None], c], dim=1)
    follows = torch.corrcoef(both.T)[0, 1:]
    unit = follows.abs().argmax().item()
    return unit, follows[unit].item()


def main():
    """Run the script, and write the record."""
    printed = io.StringIO()
    sys.argv = ["characters.py"]
    with contextlib.chdir(HERE), contextlib.redirect_stdout(printed):
        characters.main()
        model = characters.load(characters.SAVED)
    (HERE / characters.SAVED).chmod(0o644)
    text = (HERE / characters.TEXT).read_text(encoding="utf-8")
    unit, follows = counting(model, text[:20_000])
    record = {
        "torch": torch.__version__.partition("+")[0],
        "characters": len(text),
        "alphabet": len(model.alphabet),
        "parameters": sum(p.numel() for p in model.lstm.parameters()),
        "printed": printed.getvalue(),
        "unit": unit,
        "follows": round(follows, 3),
    }
    written = json.dumps(record, indent=2) + "\n"
    (HERE / "characters.json").write_text(written)
    lines = "".join(text.splitlines(keepends=True)[:LINES])
    x = torch.eye(len(model.alphabet))[model.encode(lines)]
    path = HERE / "characters-input.safetensors"
    path.write_bytes(save({"x": x}))
    # A newline cannot be drawn, so an arrow replaces it.
    tokens = json.dumps([*lines.replace("\n", "↓")], ensure_ascii=False)
    (HERE / "characters-tokens.json").write_text(tokens + "\n")


if __name__ == "__main__":
    main()
