"""Print a call as Python that can be copied into a test."""

from dataclasses import fields, is_dataclass
from math import isfinite


def call(search, case):
    names = {(search.test.__module__, search.test.__name__)}
    arguments = ", ".join(f"{k}={_expression(v, names)}" for k, v in case.items())
    lines = [f"from {module} import {name}" for module, name in sorted(names)]
    return "\n".join([*lines, f"{search.test.__name__}({arguments})"])


def _expression(value, names):
    """An expression for a value; the names to import are added to `names`."""
    if is_dataclass(value):
        kind = type(value)
        names.add((kind.__module__, kind.__name__))
        arguments = [
            f"{field.name}={_expression(getattr(value, field.name), names)}"
            for field in fields(value)
            if getattr(value, field.name) != field.default
        ]
        return f"{kind.__name__}({', '.join(arguments)})"
    if isinstance(value, float) and not isfinite(value):
        return f'float("{value}")'
    if type(value) in (tuple, list):
        inside = "".join(f"{_expression(item, names)}, " for item in value)
        return f"({inside})" if type(value) is tuple else f"[{inside}]"
    return repr(value)
