"""Append a network to the snapshots of a training, as their last moment.

A repetition of a training does not end in the same numbers on every machine.
So that its snapshots end in a network that is used, that network is appended,
and the metadata say which file it is from.
"""

import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file


def read(path):
    """The tensors and the metadata of a file."""
    with safe_open(path, "pt") as file:
        names = file.keys()
        return {name: file.get_tensor(name) for name in names}, file.metadata()


def main():
    """Append, and write the snapshots anew."""
    if len(sys.argv) != 3:
        sys.exit(
            "usage: append_moment.py SNAPSHOTS.safetensors FILE.safetensors"
        )
    snapshots, network = map(Path, sys.argv[1:])
    moments, said = read(snapshots)
    tensors, own = read(network)
    if {"batches", "last"} & {*said} != {"batches"}:
        sys.exit(
            f"got {snapshots}, expected snapshots to which nothing was "
            "appended; make them with brackets.py --snapshots"
        )
    if tensors.keys() != moments.keys() or own["trained"] != said["trained"]:
        sys.exit(
            f"got {network}, expected a network of the same training as "
            f"{snapshots}; train one with brackets.py --save"
        )
    end = said["batches"].rpartition(", ")[2]
    save_file(
        {
            name: torch.cat([moments[name], tensor[None]])
            for name, tensor in tensors.items()
        },
        snapshots,
        {**said, "batches": f"{said['batches']}, {end}", "last": network.name},
    )


if __name__ == "__main__":
    main()
