TENSOR_AXES = {
    "x_first": ("sample", "step", "input"),
    "x_one": ("step", "input"),
    "x_batch": ("sample", "input"),
    "output_first": ("sample", "step", "feature"),
    "output_one": ("step", "feature"),
    **dict.fromkeys(("h_n_first", "c_n_first"), ("part", "sample", "unit")),
    **dict.fromkeys(("h_n_batch", "c_n_batch"), ("sample", "unit")),
    **dict.fromkeys(("h_n_one", "c_n_one"), ("part", "unit")),
}

_STATE_CLAUSES = (
    f"{name} (layer, batch, unit) is ({{*list({name}.shape)}})" for name in ("h_n", "c_n")
)

DESCRIPTION_CLAUSES = (
    "batch_first =‹False|True›",
    "without a batch",
    "a batch",
    "input (time, batch, input) is ({*list(x.shape)})",
    "input (batch, time, input) is ({*list(x_first.shape)})",
    "input (time, input) is ({*list(x_one.shape)})",
    "output (time, batch, unit) is ({*list(output.shape)})",
    "output (batch, time, unit) is ({*list(output_first.shape)})",
    "output (time, unit) is ({*list(output_one.shape)})",
    *_STATE_CLAUSES,
    *(f"{name} (layer, unit) is ({{*list({name}_one.shape)}})" for name in ("h_n", "c_n")),
    *(
        f"{label} (batch, {last}) is ({{*list({name}_batch.shape)}})"
        for label, name, last in (
            ("input", "x", "input"),
            ("h_n", "h_n", "unit"),
            ("c_n", "c_n", "unit"),
        )
    ),
    *(
        f"{label} ({last}) is ({{*list({name}_one.shape)}})"
        for label, name, last in (
            ("input", "x", "input"),
            ("h_n", "h_n", "unit"),
            ("c_n", "c_n", "unit"),
        )
    ),
)
