"""Faults of `reading`."""

HEARD = {
    "reading": {
        "another number": ("c becomes 1.90", "c becomes 1.91"),
        "another step": ("step 13 ", "step 14 "),
        "another token": ('step 8 (")', "step 8 (()"),
        "another unit": ("Unit 1:", "Unit 0:"),
        "another word": ("c becomes", "h becomes"),
        "another title": ("Unit 0 counts", "Unit 1 counts"),
    },
}
