"""The options for weights and input, and the trace that they describe."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from ..errors import ShapeError, UnknownName, UsageError
from ..model.arguments import ModuleArguments
from ..model.lstm import run
from ..model.origin import Origin, Statement, joined_statements
from ..model.tensors import Array, Direction, Trace
from ..names import quoted_name
from ..proof.literals import first_state
from .alphabet import check_text
from .edits import RunInputs, read_edits
from .edits import setup as edits_setup
from .loaded import LoadedModule
from .sample import sampled

SEQ_LEN, BATCH_SIZE, SEED = 4, 1, 0
"""The sizes of an input, and its seed, if none are given."""

NetworkName = Literal["example", "brackets", "brackets-16", "plain"]
"""A network that ships with the package."""

READERS = ("brackets", "brackets-16", "plain")
"""The networks that read characters."""


@dataclass(frozen=True)
class Source:
    """The options for weights and input.

    Attributes:
        input_size: With `hidden_size`, the sizes of a seeded module.
        hidden_size: See `input_size`.
        seed: The seed for a module and its input, or for the input of a module
            from a file; 0 by default.
        input: A file with the input, `.npy`, `.json` or `.safetensors`.
        seq_len: The number of steps; 4 by default.
        batch_size: The number of sequences; 1 by default.
        weights: A weights file.
        earlier: Files of earlier checkpoints of the same module, oldest first.
        program: A function that makes a model, `FILE.py:FUNCTION`, to run it.
        call_index: The only call of its LSTM to take, counted from 0; all by
            default.
        module: The name of the module in the weights file or the model; None
            for the only one.
        layer: The layer that figures show; 0 by default.
        reverse: Whether they show its reverse direction.
        num_layers: The layers of a seeded module; 1 by default.
        bidirectional: Whether a seeded module has two directions.
        proj_size: The size of h after projection in a seeded module; no
            projection by default.
        no_bias: Whether a seeded module has no bias.
        dtype: The type of a seeded module, `float32` or `float64`.
        network: A network that ships with the package; the example by default.
        after: The number of training batches after which the network is shown.
        text: The text that the network reads, if it has an alphabet.
        tokens: A `.json` file with the tokens of the steps.
        step_seconds: The duration of a step in seconds.
        labels: A `.json` file with labels.
        sample: The index of the only sequence to run; all by default, and
            figures of one sequence show the first.
        set: Edits, `NAME[INDEX]=VALUE` each; see `edits`.

    Raises:
        UsageError: If the options contradict each other.
    """

    input_size: int | None = None
    hidden_size: int | None = None
    seed: int | None = None
    input: str | None = None
    seq_len: int | None = None
    batch_size: int | None = None
    weights: str | None = None
    program: str | None = None
    call_index: int | None = None
    module: str | None = None
    layer: int | None = None
    reverse: bool = False
    num_layers: int | None = None
    bidirectional: bool = False
    proj_size: int | None = None
    no_bias: bool = False
    dtype: Literal["float32", "float64"] | None = None
    network: NetworkName | None = None
    after: int | None = None
    text: str | None = None
    tokens: str | None = None
    step_seconds: float | None = None
    labels: str | None = None
    sample: int | None = None
    set: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # Edits are checked, and kept in one spelling.
        object.__setattr__(self, "set", tuple(map(str, read_edits(self.set))))
        for problem in self._problems():
            raise UsageError(problem)

    def _problems(self) -> Iterator[str]:
        """Errors about options that contradict each other."""
        yield from self._network_problems()
        yield from self._text_problems()
        yield from self._program_problems()
        if self.step_seconds is not None and self.tokens is not None:
            yield (
                "got --step-seconds with --tokens, expected one of them; steps have an axis of "
                "time or tokens, so leave one out"
            )
        if self.weights is not None:
            if self.input_size is not None or self.hidden_size is not None:
                yield (
                    "got --weights with sizes, expected one of them; the file determines the sizes"
                )
            if self.seed is not None and self.input is not None:
                yield (
                    "got --seed with --weights and --input, expected no seed if both come from "
                    "files; leave --seed out"
                )
        else:
            if self.module is not None and self.program is None:
                yield (
                    "got --module without --weights, expected a weights file as well; add "
                    "--weights FILE"
                )
            if (self.input_size is None) != (self.hidden_size is None):
                flags = ("--hidden-size", "--input-size")
                got, missing = flags if self.input_size is None else flags[::-1]
                yield (f"got {got} without {missing}, expected both or neither; add {missing}")
            if self.seed is not None and self.input_size is None:
                yield (
                    "got --seed without sizes, expected --input-size and --hidden-size, or "
                    "--weights, with it; add them, or leave --seed out"
                )
        if self.input_size is None:
            for flag, value in (
                ("--num-layers", self.num_layers),
                ("--bidirectional", self.bidirectional),
                ("--proj-size", self.proj_size),
                ("--no-bias", self.no_bias),
                ("--dtype", self.dtype),
            ):
                if value:
                    yield (
                        f"got {flag} without sizes, expected --input-size and --hidden-size "
                        f"with it; add them, or leave {flag} out"
                    )
        for flag, value in (("--seq-len", self.seq_len), ("--batch-size", self.batch_size)):
            if self.input is not None and value is not None:
                yield (
                    f"got --input with {flag}, expected one of them; the shape of the file "
                    "determines it"
                )

    def _network_problems(self) -> Iterator[str]:
        """Errors about options that contradict `network`."""
        known = get_args(NetworkName)
        if self.network is not None and self.network not in known:
            raise UnknownName("network", self.network, known)
        if self.network is not None and not self.is_named:
            other = "--weights" if self.weights is not None else "sizes"
            yield (f"got --network with {other}, expected one of them; leave --network out")
        if self.after is not None and self.network != "brackets":
            yield (
                f"got --after {self.after} without --network brackets, expected the network "
                "whose training is recorded; add --network brackets, or leave --after out"
            )

        if self.network != "plain":
            return
        for flag, value in (
            ("--seq-len", self.seq_len),
            ("--batch-size", self.batch_size),
            ("--input", self.input),
            ("--tokens", self.tokens),
            ("--step-seconds", self.step_seconds),
            ("--labels", self.labels),
            ("--sample", self.sample),
            ("--layer", self.layer),
            ("--reverse", self.reverse or None),
            ("--set", self.set or None),
        ):
            if value is not None:
                yield (
                    f"got {flag} with --network plain, which reads only text, expected --text "
                    f"alone; leave {flag} out"
                )

    def _text_problems(self) -> Iterator[str]:
        """Errors about options that contradict `text` or `tokens`."""
        if self.text is None:
            return
        if self.is_named and self.network not in READERS:
            yield (
                "got --text for the example network, which has no alphabet, "
                "expected a network that reads characters; add --network "
                "brackets"
            )
        if self.input_size is not None or self.hidden_size is not None:
            yield (
                "got --text with sizes, expected a network that reads characters; use "
                "--network brackets instead of the sizes"
            )
        for flag, value in (
            ("--input", self.input),
            ("--seq-len", self.seq_len),
            ("--batch-size", self.batch_size),
            ("--seed", self.seed),
            ("--tokens", self.tokens),
            ("--step-seconds", self.step_seconds),
        ):
            if value is not None:
                yield (
                    f"got --text with {flag}, expected one of them; each "
                    "character of the text is a step, so leave one out"
                )
        check_text(self.text)

    def _program_problems(self) -> Iterator[str]:
        """Errors about options that contradict `program`."""
        if self.program is None:
            if self.call_index is not None:
                yield (
                    f"got --call-index {self.call_index} without --run, expected a function "
                    "whose model calls its LSTM; add --run FILE.py:FUNCTION"
                )
            return
        from .program import read_program

        read_program(self.program)
        for flag, value in (
            ("--weights", self.weights),
            ("--input-size", self.input_size),
            ("--hidden-size", self.hidden_size),
            ("--seed", self.seed),
            ("--network", self.network),
            ("--input", self.input),
            ("--text", self.text),
            ("--seq-len", self.seq_len),
            ("--batch-size", self.batch_size),
        ):
            if value is not None:
                yield (
                    f"got {flag} with --run, expected one of them; the function makes the "
                    f"model and its input, so leave {flag} out"
                )

    @property
    def is_named(self) -> bool:
        """Whether the network ships with the package."""
        sources = (self.weights, self.program, self.input_size, self.hidden_size)
        return all(value is None for value in sources)

    @property
    def keeps_training(self) -> bool:
        """Whether the network has stored moments of its training, and reads a text."""
        reads_text = self.network == "brackets" and self.input is None
        return reads_text and self.after is None and not self.set

    @property
    def reads_noise(self) -> bool:
        """Whether the user's weights get random input."""
        return self.weights is not None and self.input is self.text is None

    @property
    def direction(self) -> Direction:
        """The direction that figures show."""
        return "reverse" if self.reverse else "forward"

    def arguments(self) -> tuple[str, ...]:
        """The options on a command line."""
        # A network that reads characters reads its whole text by default.
        seq_len = None if self.network in READERS else SEQ_LEN
        pairs = (
            ("--input-size", self.input_size, None),
            ("--hidden-size", self.hidden_size, None),
            ("--num-layers", self.num_layers, 1),
            ("--proj-size", self.proj_size, 0),
            ("--dtype", self.dtype, "float32"),
            *(("--weights", name, None) for name in (*self.earlier, self.weights)),
            ("--run", self.program, None),
            ("--call-index", self.call_index, None),
            ("--module", self.module, None),
            ("--network", self.network, None),
            ("--after", self.after, None),
            ("--layer", self.layer, 0),
            ("--seed", self.seed, SEED),
            ("--input", self.input, None),
            ("--text", self.text, None),
            ("--seq-len", self.seq_len, seq_len),
            ("--batch-size", self.batch_size, BATCH_SIZE),
            ("--tokens", self.tokens, None),
            ("--step-seconds", self.step_seconds, None),
            ("--labels", self.labels, None),
            ("--sample", self.sample, None),
        )
        words = [
            word
            for option, value, default in pairs
            if value is not None and value != default
            # Otherwise argparse would take a file that begins with - for an option.
            for word in (
                (f"{option}={value}",) if str(value).startswith("-") else (option, str(value))
            )
        ]
        flags = (
            ("--bidirectional", self.bidirectional),
            ("--no-bias", self.no_bias),
            ("--reverse", self.reverse),
        )
        words += [word for edit in self.set for word in ("--set", edit)]
        return (*words, *(flag for flag, is_set in flags if is_set))

    def files(self) -> tuple[str, ...]:
        """The files that are read."""
        program = self.program and self.program.rpartition(":")[0]
        paths = (*self.earlier, self.weights, program, self.input, self.tokens, self.labels)
        return tuple(name for name in paths if name is not None)

    def trace(self) -> Trace:
        """Make or read the tensors, and run them.

        Raises:
            InputError: If a file cannot be read.
            MissingTool: If torch is needed and not installed.
            ShapeError: If shapes contradict each other.
            UsageError: If the module, its layer or direction does not exist,
                or memory does not suffice for it.
        """
        try:
            return self._trace()
        except MemoryError as error:
            raise UsageError(
                "this machine has too little memory for the module and its run, expected "
                "enough for both; choose smaller sizes, fewer steps or fewer sequences"
            ) from error

    def _trace(self) -> Trace:
        """Run the module on its input, after all edits."""
        module = self._loaded_module()
        x, input_setup = self._input(module) or (module.x, module.input_setup)
        edits = read_edits(self.set)
        h_0, c_0 = module.state or (
            np.zeros((len(module.stack), x.shape[1], size), x.dtype)
            for size in (module.stack[0].size, module.stack[0].hidden_size)
        )
        inputs = RunInputs(
            stack=module.stack, kind=module.kind, x=x, h_0=h_0, c_0=c_0, readout=module.readout
        )
        before = inputs.parameters() if edits else {}
        inputs = inputs.with_edits(edits) if edits else inputs
        trace = run(inputs.stack, inputs.x, inputs.h_0, inputs.c_0, module.batch_sizes)
        trace = replace(trace, kind=module.kind)
        trace.index(self.layer or 0, self.direction)
        state_setup = first_state(h_0, c_0) if module.state is None else ""
        setup = [module.setup, input_setup, state_setup, edits_setup(edits)]
        answering = [module.answering, edits_setup(edits, of_readout=True)]
        labels = [
            module.label,
            module.input_label if self.input is None else Statement("input from a file"),
            Statement("torch {}", ((module.torch, ""),)) if module.torch else None,
        ]
        label = joined_statements(filter(None, labels), ", ")
        origin = Origin(
            label._replace(template=f"{label.template}."),
            setup="\n".join(filter(None, setup)),
            command=self.arguments(),
            torch=module.torch,
            example=self.is_named and self.network not in READERS,
            untrained=self.weights is self.program is None and self.network not in READERS,
            network="brackets" if self.network in ("brackets", "brackets-16") else "",
            after_batches=module.after,
            name=module.name,
            file=self.weights or "",
            text="" if self.input is not None else module.text,
            readout=inputs.readout,
            readout_setup="\n".join(filter(None, answering)),
            edited=bool(edits),
            original_parameters=before,
            training=None if edits else module.training,
        )
        trace = replace(trace, origin=origin)
        if self.sample is not None:
            trace = sampled(trace, self.sample)
            origin = trace.origin._replace(command=self.arguments())
            trace = replace(trace, origin=origin)
        trace = trace.named(self._tokens(origin.text), is_text=self.tokens is None)
        if self.step_seconds is not None:
            trace = replace(trace.timed(self.step_seconds), tokens=())
        if self.network == "plain":
            from .trained import without_gates

            return without_gates(trace)
        if self.labels is not None:
            from .labels import read_labels, with_labels

            trace = with_labels(trace, read_labels(self.labels, trace.step_count))
        return replace(trace, earlier=tuple(self._earlier(trace)))

    def _earlier(self, last: Trace) -> Iterator[Trace]:
        """The runs of earlier checkpoints.

        Raises:
            UsageError: If one is of a different module, or is given twice.
        """
        for name in self.earlier:
            if (*self.earlier, self.weights).count(name) > 1:
                raise UsageError(
                    f"got --weights {quoted_name(name)} twice, expected different checkpoints; "
                    "leave one out"
                )
            trace = replace(self, weights=name, earlier=(), labels=None).trace()
            if trace.module != last.module:
                raise UsageError(
                    f"got {trace.module} in {quoted_name(name)} and {last.module} in "
                    f"{quoted_name(self.weights or '')}, expected checkpoints of one module; "
                    "leave one out"
                )
            yield trace

    def _tokens(self, text: str) -> tuple[str, ...]:
        """The tokens of the steps."""
        if self.tokens is None:
            return tuple(text)
        from .inputs import read_tokens

        return read_tokens(self.tokens)

    def _loaded_module(self) -> LoadedModule:
        """The module and its own input, without edits."""
        seq_len, batch_size = (self.seq_len or SEQ_LEN, self.batch_size or BATCH_SIZE)
        seed = SEED if self.seed is None else self.seed
        if self.program is not None:
            from .program import from_program

            return from_program(self.program, self.module, self.call_index)
        if self.weights is not None:
            from .weights_file import from_file

            return from_file(self.weights, self.module, seed, seq_len, batch_size, self.text)
        if self.input_size is not None and self.hidden_size is not None:
            from .seeded import seeded

            module = ModuleArguments(
                input_size=self.input_size,
                hidden_size=self.hidden_size,
                num_layers=self.num_layers or 1,
                bidirectional=self.bidirectional,
                proj_size=self.proj_size or 0,
                bias=not self.no_bias,
                dtype=self.dtype or "float32",
            )
            return seeded(module, seed, seq_len, batch_size)
        if self.network in READERS:
            from .trained import trained

            return trained(self.network, self.text, self.seq_len, self.batch_size, self.after)
        from .example import example

        return example(seq_len, batch_size)

    def _input(self, module: LoadedModule) -> tuple[Array, str] | None:
        """The array of the input file, and the Python that reads it."""
        if self.input is None:
            return None
        from .inputs import read_input

        x, setup = read_input(self.input)
        input_size = module.stack[0].input_size
        if x.ndim not in (2, 3) or 0 in x.shape or x.shape[-1] != input_size:
            # A model for words takes ids, but its LSTM takes vectors. Ids are whole numbers;
            # if none is above 1, they may as well be features.
            are_ids = x.size and (x == abs(x.round())).all() and x.max() > 1
            advice = (
                "if these are ids, pass their embeddings"
                if are_ids
                else "reshape it, or choose a module for it"
            )
            raise ShapeError(
                f"--input {quoted_name(self.input)} has shape {x.shape}, expected "
                f"(seq_len, {input_size}) or (seq_len, batch, {input_size}), "
                f"none of them 0; {advice}"
            )
        if x.ndim == 2:
            x, setup = x[:, None], f"{setup}[:, None]"
        return x, setup
