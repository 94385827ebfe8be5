"""Print a call as Python that can be copied into a test."""

from dataclasses import MISSING, fields, is_dataclass


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
            if getattr(value, field.name) != _default(field)
        ]
        return f"{kind.__name__}({', '.join(arguments)})"
    if isinstance(value, float) and value != value:
        return 'float("nan")'
    if isinstance(value, float) and abs(value) == float("inf"):
        return f'float("{value}")'
    if type(value) is tuple:
        inside = ", ".join(_expression(item, names) for item in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if type(value) is list:
        return f"[{', '.join(_expression(item, names) for item in value)}]"
    return repr(value)


def _default(field):
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
