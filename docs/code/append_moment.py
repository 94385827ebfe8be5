"""Append a trained network to snapshots of its training, as the last one.

Repeating a training does not end in the same numbers on every machine. So the
network that is in use is appended to the snapshots, and their metadata name
its file.
"""

import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file


def read(path):
    """The tensors and metadata of a safetensors file."""
    with safe_open(path, "pt") as file:
        names = file.keys()
        return {name: file.get_tensor(name) for name in names}, file.metadata()


def main():
    """Append the network, and overwrite the snapshots."""
    if len(sys.argv) != 3:
        sys.exit(
            "usage: append_moment.py SNAPSHOTS.safetensors FILE.safetensors"
        )
    snapshots, network = map(Path, sys.argv[1:])
    moments, metadata = read(snapshots)
    tensors, network_metadata = read(network)
    if {"batches", "last"} & {*metadata} != {"batches"}:
        sys.exit(
            f"got {snapshots}, expected snapshots to which nothing was "
            "appended; make them with brackets.py --snapshots"
        )
    if (
        tensors.keys() != moments.keys()
        or network_metadata["trained"] != metadata["trained"]
    ):
        sys.exit(
            f"got {network}, expected a network of the same training as "
            f"{snapshots}; train one with brackets.py --save"
        )
    end = metadata["batches"].rpartition(", ")[2]
    save_file(
        {
            name: torch.cat([moments[name], tensor[None]])
            for name, tensor in tensors.items()
        },
        snapshots,
        {
            **metadata,
            "batches": f"{metadata['batches']}, {end}",
            "last": network.name,
        },
    )


if __name__ == "__main__":
    main()
