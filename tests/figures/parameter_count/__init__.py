TENSOR_AXES = {"kernel": ("input", "row"), "recurrent_kernel": ("column", "row")}
SYMBOLS = {"recurrent_kernel": ("recurrent",)}

_PYTORCH = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
_KERAS = ("kernel", "recurrent_kernel", "bias")
_WEIGHTS = "kernel.numel() + recurrent_kernel.numel()"
_BIAS = "kernel.shape[-1] * ('bias' in globals())"
_PROJECTION = "recurrent_kernel.numel() // 4 * (4 * recurrent_kernel.shape[0] < kernel.shape[-1])"

DESCRIPTION_CLAUSES = (
    *(f"PyTorch: {name} has {{p('{name}').numel()}}" for name in _PYTORCH),
    *(f"{name} has {{p('{name}').numel()}}" for name in _PYTORCH),
    *(f"Keras: {name} has {{{name}.numel()}}" for name in _KERAS),
    *(f"{name} has {{{name}.numel()}}" for name in _KERAS),
    f"all of PyTorch is {{{_WEIGHTS} + 2 * {_BIAS} + {_PROJECTION}}}",
    f"all of Keras is {{{_WEIGHTS} + {_BIAS}}}",
    "all layers and directions: {sum(q.numel() for q in lstm.parameters())}",
)
