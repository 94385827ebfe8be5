"""Files that are damaged, or nonsense."""

from hypothesis import strategies as st

from tests.fuzz.properties import Property
from tests.load import saving
from tests.load import test_damaged as damaged

edits = st.lists(
    st.tuples(st.floats(0, 0.9999), st.integers(0, 9), st.binary(max_size=9)),
    min_size=1,
    max_size=4,
).map(tuple)


def is_survived(damage: damaged.Damage) -> None:
    """No traceback of a damaged file, under its own suffix."""
    suffix = "pt" if damage.member else damage.way.rpartition(".")[2]
    damaged.is_survived(damage.make(), suffix)


PROPERTIES = [
    Property(is_survived, {"damage": st.builds(damaged.Damage, ways, edits, member)}, share=2)
    for ways, member in (
        (st.sampled_from(sorted(saving.WAYS)), st.none()),
        (st.sampled_from(damaged.ARCHIVES), st.integers(0, 20)),
    )
] + [
    Property(
        damaged.is_survived,
        {
            "data": st.builds(
                bytes.__add__, st.sampled_from(damaged.STARTS), st.binary(max_size=300)
            ),
            "suffix": st.sampled_from(damaged.SUFFIXES),
        },
    ),
    Property(
        damaged.input_is_survived,
        {"data": st.binary(max_size=200), "suffix": st.sampled_from(damaged.INPUTS)},
    ),
]
