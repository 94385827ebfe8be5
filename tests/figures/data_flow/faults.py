"""Faults of `data-flow`."""

HEARD = {
    "data-flow": {
        "another number": ("z_g is 1.17", "z_g is 1.18"),
        "two sums exchanged": ("z_g is 1.17", "z_o is 1.17"),
    },
}
