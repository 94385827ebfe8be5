"""Random damage to weights files and inputs."""

from hypothesis import strategies as st

from tests.fuzz.properties import Property
from tests.load import saving
from tests.load import test_damaged as damaged

edits = st.lists(
    st.tuples(st.floats(0, 0.9999), st.integers(0, 9), st.binary(max_size=9)),
    min_size=1,
    max_size=4,
).map(tuple)


def check_survival(damage):
    """Load a damaged file, under its own suffix, without a traceback."""
    suffix = "pt" if damage.member else damage.file.rpartition(".")[2]
    damaged.check_survival(damage.make(), suffix)


PROPERTIES = [
    Property(check_survival, {"damage": st.builds(damaged.Damage, savers, edits, member)}, share=2)
    for savers, member in (
        (st.sampled_from(sorted(saving.SAVERS)), st.none()),
        (st.sampled_from(damaged.ARCHIVES), st.integers(0, 20)),
    )
] + [
    Property(
        damaged.check_survival,
        {
            "data": st.builds(
                bytes.__add__, st.sampled_from(damaged.FILE_STARTS), st.binary(max_size=300)
            ),
            "suffix": st.sampled_from(damaged.SUFFIXES),
        },
    ),
    Property(
        damaged.check_input_survival,
        {"data": st.binary(max_size=200), "suffix": st.sampled_from(damaged.INPUTS)},
    ),
]
