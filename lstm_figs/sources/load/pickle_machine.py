"""A virtual machine for pickles with only harmless instructions.

`pickle.Unpickler` is unsafe even with a restricted `find_class`. A few bytes can
make it allocate a table of gigabytes, or hash nested tuples forever. They can
also set attributes of the objects that `find_class` returns.
"""

import pickletools
import re
from collections.abc import Callable
from pickle import UnpicklingError
from typing import IO, Any, TypeVar

_CONSTANTS = frozenset(
    opcode.name
    for opcode in pickletools.opcodes
    if re.fullmatch(
        r"(BIN)?INT[12]?|LONG[14]?|(BIN)?FLOAT|(SHORT_)?BIN(UNICODE|BYTES)"
        r"|UNICODE|(SHORT_)?(BIN)?STRING",
        opcode.name,
    )
)
"""Instructions that push their argument."""


class Inert:
    """A placeholder for an object of any class; it does nothing."""

    def __init__(self, *_: Any):
        self.state: Any = None


_VALUES: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
    "EMPTY_SET": Inert,  # A set has no names for tensors.
}
"""Instructions without an argument, each with a function that makes its value."""


class Machine:
    """Runs a pickle.

    Attributes:
        opcodes: The names in `pickletools` of the instructions that were run.
    """

    def __init__(self, find: Callable[[str, str], Any], stored: Callable[..., Any]):
        """Make a machine.

        Args:
            find: Returns the substitute for a class or function of a module.
            stored: Returns the substitute for a persistent object, which is
                stored outside the pickle.
        """
        self._find, self._stored = find, stored
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        self.opcodes: set[str] = set()

    def run(self, data: bytes | IO[bytes]) -> Any:
        """The object that a pickle makes.

        Raises:
            Exception: If it is damaged, or has an unsupported instruction.
        """
        for opcode, argument, _ in pickletools.genops(data):
            self.opcodes.add(opcode.name)
            if opcode.name in _CONSTANTS:
                self._stack.append(argument)
            elif opcode.name in _VALUES:
                self._stack.append(_VALUES[opcode.name]())
            else:
                self._remember(opcode.name, argument)
        return self._stack.pop()

    def _remember(self, name: str, argument: Any) -> None:
        """Run an instruction for the stack or the memo."""
        if name.endswith("PUT"):
            self._memo[argument] = self._stack[-1]
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = self._stack[-1]
        elif name.endswith("GET"):
            self._stack.append(self._memo[argument])
        elif name == "MARK":
            self._below.append(self._stack)
            self._stack = []
        elif name not in ("PROTO", "FRAME", "STOP"):
            self._fill(name, argument)

    def _fill(self, name: str, argument: Any) -> None:
        """Run an instruction that makes or fills a tuple, list or dict."""
        if name == "TUPLE":
            self._push(tuple(self._marked()))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            self._stack[-count:] = [tuple(self._stack[-count:])]
        elif name == "LIST":
            self._push(self._marked())
        elif name == "DICT":
            self._push(filled_dict({}, self._marked()))
        elif name == "APPEND":
            item = self._stack.pop()
            expect_type(list, self._stack[-1]).append(item)
        elif name == "APPENDS":
            items = self._marked()
            expect_type(list, self._stack[-1]).extend(items)
        elif name == "SETITEM":
            value, key = self._stack.pop(), self._stack.pop()
            filled_dict(expect_type(dict, self._stack[-1]), [key, value])
        elif name == "SETITEMS":
            items = self._marked()
            filled_dict(expect_type(dict, self._stack[-1]), items)
        else:
            self._call(name, argument)

    def _call(self, name: str, argument: Any) -> None:
        """Run an instruction for classes, functions or objects."""
        if name in ("GLOBAL", "INST"):
            target = self._find(*argument.split(" ", 1))
            self._push(target if name == "GLOBAL" else target(*self._marked()))
        elif name == "STACK_GLOBAL":
            target = expect_type(str, self._stack.pop())
            self._push(self._find(expect_type(str, self._stack.pop()), target))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments = expect_type(tuple, self._stack.pop())
            self._push(self._stack.pop()(*arguments))
        elif name == "BUILD":
            state, instance = self._stack.pop(), self._stack[-1]
            if isinstance(instance, Inert):
                instance.state = state
            # The state of a dict, its attributes, has no tensors.
            elif not isinstance(instance, dict):
                raise UnpicklingError("a tensor has a state")
        elif name == "BINPERSID":
            self._push(self._stored(*expect_type(tuple, self._stack.pop())))
        else:
            raise UnpicklingError(f"its pickle uses {name}")

    def _push(self, value: Any) -> None:
        # Not cached, because marks replace the stack.
        self._stack.append(value)

    def _marked(self) -> list[Any]:
        """Pop everything above the last mark, and the mark."""
        items, self._stack = self._stack, self._below.pop()
        return items


def filled_dict(mapping: dict[Any, Any], items: list[Any]) -> dict[Any, Any]:
    """Fill a dict from alternating keys and values."""
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, tuple) and any(type(k) is tuple for k in key):
            raise UnpicklingError("a key is made of tuples")
        mapping[key] = value
    return mapping


Type = TypeVar("Type")


def expect_type(kind: type[Type], value: Any) -> Type:
    """Check the type of a value, and return the value.

    Raises:
        UnpicklingError: If it is not.
    """
    if not isinstance(value, kind):
        raise UnpicklingError(f"it has a {type(value).__name__} instead of a {kind.__name__}")
    return value
