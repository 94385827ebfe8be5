"""What the description of `hidden-size` says."""

CLAUSES = (
    "unit {unit} owns rows {*[k * c.shape[-1] + unit for k in range(4)]}",
)
