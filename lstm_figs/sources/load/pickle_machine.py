"""What a pickle says, done with what is harmless alone.

`pickle.Unpickler` allocates its table, and looks up keys, as a pickle asks:
with a few bytes for a table of gigabytes, or for a key of tuples in tuples
that takes for ever. It also lets a pickle set attributes of what `find_class`
gives.
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
"""Instructions whose argument is the value that they make."""


class Inert:
    """Stands for an object of any class; does nothing."""

    def __init__(self, *_: Any):
        self.state: Any = None


_VALUES: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
    "EMPTY_TUPLE": tuple,
    "EMPTY_SET": Inert,
}
"""Instructions without an argument, by what they make."""


class Machine:
    """Runs a pickle.

    Attributes:
        opcodes: The instructions that it has followed, by their names in
            `pickletools`.
    """

    def __init__(self, find: Callable[[str, str], Any], stored: Callable[..., Any]):
        """Prepare to run.

        Args:
            find: Gives what stands for a class or function of a module.
            stored: Gives what stands for what is kept beside the pickle.
        """
        self._find, self._stored = find, stored
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []
        self._memo: dict[int, Any] = {}
        self.opcodes: set[str] = set()

    def run(self, data: bytes | IO[bytes]) -> Any:
        """What the pickle makes.

        Raises:
            Exception: If it is damaged, or has an instruction that is not
                known here.
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
        """Instructions about the stack and the table."""
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
        """Instructions that make or fill tuples, lists and dicts."""
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
        """Instructions about classes, functions and objects."""
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
            elif not isinstance(instance, dict):
                raise UnpicklingError("a tensor has a state")
        elif name == "BINPERSID":
            self._push(self._stored(*expect_type(tuple, self._stack.pop())))
        else:
            raise UnpicklingError(f"its pickle uses {name}")

    def _push(self, value: Any) -> None:
        # The stack is another after a mark has been reached.
        self._stack.append(value)

    def _marked(self) -> list[Any]:
        """What is on the stack above the last mark, which is taken away."""
        items, self._stack = self._stack, self._below.pop()
        return items


def filled_dict(mapping: dict[Any, Any], items: list[Any]) -> dict[Any, Any]:
    """A dict, with keys and values that follow one another."""
    for key, value in zip(items[::2], items[1::2], strict=True):
        if isinstance(key, tuple) and any(type(k) is tuple for k in key):
            raise UnpicklingError("a key is made of tuples")
        mapping[key] = value
    return mapping


Type = TypeVar("Type")


def expect_type(kind: type[Type], value: Any) -> Type:
    """A value that is known to be of a type.

    Raises:
        UnpicklingError: If it is not.
    """
    if not isinstance(value, kind):
        raise UnpicklingError(f"it has a {type(value).__name__} in the place of a {kind.__name__}")
    return value
