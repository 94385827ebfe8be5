"""Deliberate faults of `reading`, which its tests must find."""

DESCRIPTION_FAULTS = {
    "reading": {
        "another number": ("c becomes 1.90", "c becomes 1.91"),
        "another part that is kept": ("keeps 0.004 of", "keeps 0.005 of"),
        "another step": ("step 13 ", "step 14 "),
        "another token": ('step 8 (")', "step 8 (()"),
        "another unit": ("Unit 1:", "Unit 0:"),
        "another word": ("c becomes", "h becomes"),
        "another title": ("Unit 0 counts", "Unit 1 counts"),
        "another weight": ("unit 0 is −10.6", "unit 1 is −10.6"),
        "what would not be": ("it would be 0.88", "it would be 0.98"),
    }
}
