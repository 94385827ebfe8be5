import torch

from tests.site.facts.common import close, module, randn
from tests.site.facts_of_pages import page


def weights_read_the_short_h():
    lstm = module(3, 6, num_layers=2, proj_size=2)
    both = module(3, 6, num_layers=2, proj_size=2, bidirectional=True)
    read = lstm.weight_hh_l0, lstm.weight_ih_l1, both.weight_ih_l1
    return [weight.shape[1] for weight in read] == [2, 2, 2 * 2]


def h_is_projected_at_every_step():
    lstm, x = module(3, 6, proj_size=2), randn(4, 1, 3)
    output, (h_n, c_n) = lstm(x)
    _, (h, c) = lstm(x[:3])
    z = x[3] @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + lstm.bias_hh_l0
    i, f, g, o = (z + h[0] @ lstm.weight_hh_l0.T).chunk(4, dim=1)
    c = f.sigmoid() * c[0] + i.sigmoid() * g.tanh()
    projected = (o.sigmoid() * c.tanh()) @ lstm.weight_hr_l0.T
    return close(projected, output[3]) and close(c, c_n[0]) and torch.equal(output[3], h_n[0])


NAMES = {
    **{24: "4 * hidden_size", 6: "hidden_size", 3: "input_size", 2: "proj_size"},
    **{5: "seq_len", 7: "batch"},
}
"""The sizes of `shaped` by their names, no two of which are equal."""


def shaped(tensor, names):
    """The shape of what a module has or returns, with names for sizes."""
    lstm = module(3, 6, proj_size=2)
    output, (h_n, c_n) = lstm(randn(5, 7, 3))
    has = {**lstm.state_dict(), "output": output, "h_n": h_n, "c_n": c_n}
    sizes = [str(names.get(size, size)) for size in has[tensor].shape]
    return f"({', '.join(sizes)}{',' * (len(sizes) == 1)})"


def table_is_right():
    rows = [line.replace("`", "").split(" | ") for line in page("projection").text.splitlines()]
    shapes = {n: row[1:] for row in rows if len(row) == 3 for n in row[0].strip("| ").split(", ")}
    tensors = "output", "h_n", "c_n", *module(3, 6, proj_size=2).state_dict()
    return all(
        shapes[name] == [shaped(name, NAMES), f"{shaped(name, {7: 1})} |"] for name in tensors
    )
