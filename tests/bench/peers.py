"""Other tools that draw a torch module, in an environment of their own."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

MODEL = """
import torch
class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 2)
    def forward(self, x):
        return self.lstm(x)[0]
model = Model()
model.lstm.load_state_dict(torch.load("model.pt"))
x = torch.zeros(4, 1, 3)
"""
"""The module that each of them draws; most need a module around the LSTM."""

PEERS = {
    "torchview": """
from torchview import draw_graph
graph = draw_graph(model, input_data=x).visual_graph
graph.render("torchview", format="svg")
""",
    "torchviz": """
from torchviz import make_dot
graph = make_dot(model(x), params=dict(model.named_parameters()))
graph.render("torchviz", format="svg")
""",
    "tensorgami": """
import tensorgami
tensorgami.draw(model, x, view="cell").save("tensorgami.svg")
""",
    "visualtorch": """
import visualtorch
picture = visualtorch.render(model, (4, 1, 3), style="graph")
picture.save("visualtorch.png")
""",
    "draughtsman-nn": """
import pathlib
from draughtsman.cli import main
pathlib.Path("net.py").write_text("import __main__\\n"
    "def build():\\n    return __main__.model\\n")
for words in (
    "trace net:build --input-shape 4,1,3 -o graph.json",
    "abstract graph.json --by-module --force -o spec.json",
    "render spec.json -o draughtsman.svg",
):
    if main(words.split()):
        raise SystemExit(words)
""",
    "modelvision": """
import modelvision
modelvision.render(model, output="modelvision.svg")
""",
    "torchlens": """
import torchlens
torchlens.trace(model, x).draw(
    vis_outpath="torchlens", vis_fileformat="svg", vis_save_only=True)
""",
    "pytorch-graph": """
from pytorch_graph import generate_architecture_diagram
generate_architecture_diagram(model, (4, 1, 3), "pytorch-graph.png")
""",
}
"""Package -> the least code that writes a drawing of the module."""

VERSION = "import importlib.metadata, sys; print(importlib.metadata.version({!r}))"


def cache_folder(name):
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", name)


def environment():
    """The Python of an environment for peers, created once below the cache.

    It shares torch, NumPy and Matplotlib with this one, so versions are the same.
    """
    folder = cache_folder("lstm-figs-bench")
    program = folder / "bin" / "python"
    if not program.exists():
        venv.create(folder, with_pip=True)
        base = {"base": folder, "platbase": folder}
        site = sysconfig.get_path("purelib", vars=base)
        shared = sysconfig.get_path("purelib")
        (Path(site) / "shared.pth").write_text(f"{shared}\n")
    return program


def install(program):
    """Install each peer, and return package -> version, or the reason of a failure."""
    versions = {}
    for name in PEERS:
        print(f"Installing {name}.", file=sys.stderr)
        pip = [program, "-m", "pip", "install", "--quiet", name]
        if subprocess.run(pip, check=False).returncode:
            versions[name] = "does not install"
            continue
        versions[name] = subprocess.run(
            [program, "-c", VERSION.format(name)], check=True, capture_output=True, encoding="utf-8"
        ).stdout.strip()
    return versions
