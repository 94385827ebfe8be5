DESCRIPTION_CLAUSES = (
    "the rows of the weights and biases are stored gate by gate, "
    "{c.shape[-1]} for each, in the order i, f, g, o",
    "unit {unit} owns rows {*[k * c.shape[-1] + unit for k in range(4)]}",
)
