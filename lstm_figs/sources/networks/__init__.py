"""Networks that ship with the package, which have learned something.

`brackets.safetensors` is written by `docs/code/brackets.py`, the script that
trained it. Of 13 seeds, of which 11 were right on 99 % of fresh strings of 60
characters or more, it is the most readable. It does not know everything: of
1,000 strings of 200 characters it is right on 828, of 1,000 in which a `)`
closes nothing on 345, which some other seeds had learned.
`docs/code/brackets.json` has the numbers.

`brackets-16.safetensors` is a network of 16 units from the same script, for
figures that compare units.

`plain.safetensors` is an RNN of two units that the same script trained, with
seed 0: it is right on none of 1,000 such strings.

`brackets-training.safetensors` holds moments of its training, written by the
same script with `--snapshots`. They are of a repetition on a processor with
AVX2, which does not end in the same numbers: 3 of 70 agree, and the largest
difference is 0.099. So `docs/code/append_moment.py` appended the network that
ships as the last moment.

`brackets-learning.safetensors` is what `docs/code/measure_learning.py` noted
during the same repetition.
"""

import json
import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np

from ...model.origin import Moment, Readout, Seed, Training
from ...model.plain_rnn import Plain
from ...model.tensors import Array, Weights

BATCHES = 6000
"""The number of training batches of the bracket network."""


class Network(NamedTuple):
    """A trained network.

    Attributes:
        weights: The weights of its only layer.
        readout: The read-out from its output.
        alphabet: The characters that it reads, in the order of its inputs.
        other: The one that replaces all other characters.
        torch: The version of torch that trained it.
        after: The number of training batches up to this moment.
    """

    weights: Weights
    readout: Readout
    alphabet: str
    other: int
    torch: str
    after: int


@cache
def brackets() -> Network:
    """The network that was trained to keep track of brackets and quotes.

    >>> network = brackets()
    >>> network.weights.input_size, network.weights.hidden_size
    (4, 2)
    >>> network.readout.outputs
    ('inside quotes', 'all closed')
    """
    header, arrays = _file("brackets.safetensors")
    return _network(header, arrays, BATCHES)


@cache
def brackets_16() -> Network:
    """The same task, learned by sixteen units, for figures that compare units.

    >>> network = brackets_16()
    >>> network.weights.input_size, network.weights.hidden_size
    (4, 16)
    """
    header, arrays = _file("brackets-16.safetensors")
    return _network(header, arrays, BATCHES)


@cache
def moments() -> tuple[Network, ...]:
    """Moments of the bracket network's training, from its initial weights on.

    The last one is the network that ships. The end of the repetition, which
    precedes it in the file, is left out.

    >>> [network.after for network in moments()][:3], moments()[-1].after
    ([0, 9, 19], 6000)
    """
    header, arrays = _file("brackets-training.safetensors")
    networks = [
        _network(header, {name: stacked[k] for name, stacked in arrays.items()}, int(after))
        for k, after in enumerate(header["batches"].split(", "))
    ]
    # Only the last moment is fully trained, so the read-outs of others lose that note.
    return (
        *(
            network._replace(readout=replace(network.readout, trained=""))
            for network in networks[:-2]
        ),
        networks[-1],
    )


class PlainNetwork(NamedTuple):
    """A network without gates, trained in the same way as the bracket network.

    Attributes:
        layer: Its only layer.
        readout: The read-out from its output.
    """

    layer: Plain
    readout: Readout


@cache
def plain() -> PlainNetwork:
    """An RNN of two units, trained by the same script, seed 0.

    >>> sum(each.size for each in plain().layer.parameters().values())
    16
    """
    header, arrays = _file("plain.safetensors")
    names = Plain._fields
    layer = Plain(*(arrays[f"rnn.{name}_l0"] for name in names))
    return PlainNetwork(layer, _readout(header, arrays))


def moment(after: int) -> Network:
    """The last stored moment at or before a number of batches, 0 to `BATCHES`.

    >>> moment(460).after
    454
    """
    return [network for network in moments() if network.after <= after][-1]


@cache
def training() -> Training:
    """The moments, and the measurements during the training.

    >>> noted = training()
    >>> len(noted.moments), noted.right[450].item(), noted.strings
    (58, 0.0, 1000)
    """
    header, noted = _file("brackets-learning.safetensors")
    return Training(
        moments=tuple(
            Moment(network.after, network.weights.parameters(), network.readout)
            for network in moments()
        ),
        right=noted["right"] * 100,
        weight=noted["weight"],
        strings=int(header["strings"]),
        seed=int(header["seed"]),
        seeds=tuple(
            Seed(seed, inside, int(known) or None)
            for seed, (inside, known) in enumerate(
                zip(noted["inside"], noted["known"], strict=True)
            )
        ),
        known=100 * float(header["known"]),
    )


def _network(header: Mapping[str, str], arrays: Mapping[str, Array], after: int) -> Network:
    """The network with these arrays, which the metadata of their file describes."""
    return Network(
        weights=Weights(
            arrays["lstm.weight_ih_l0"],
            arrays["lstm.weight_hh_l0"],
            arrays["lstm.bias_ih_l0"],
            arrays["lstm.bias_hh_l0"],
        ),
        readout=_readout(header, arrays),
        alphabet=header["alphabet"],
        other=int(header["other"]),
        torch=header["torch"],
        after=after,
    )


def _readout(header: Mapping[str, str], arrays: Mapping[str, Array]) -> Readout:
    """The read-out of a shipped network."""
    return Readout(
        arrays["readout.weight"],
        arrays["readout.bias"],
        tuple(header["outputs"].split(", ")),
        header["truth"],
        header["trained"],
    )


def _file(name: str) -> tuple[dict[str, str], dict[str, Array]]:
    """The metadata and the arrays of a file that ships with the package."""
    # The package may be a wheel that is not unpacked.
    data = pkgutil.get_data(__name__, name)
    assert data is not None
    return _read(data)


def _read(data: bytes) -> tuple[dict[str, str], dict[str, Array]]:
    """The metadata and the arrays of a `.safetensors` file that we wrote.

    `sources.load` reads files of users, which may be large or damaged.
    """
    # The first 8 bytes are the length of the header, which the numbers follow.
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    metadata: dict[str, str] = header.pop("__metadata__")
    arrays = {
        name: np.frombuffer(data[begin:][slice(*entry["data_offsets"])], "<f4")
        .reshape(entry["shape"])
        .astype(np.float32)
        for name, entry in header.items()
    }
    return metadata, arrays
