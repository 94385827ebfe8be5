"""What `onnx-export` quotes."""

from tests.site.facts.common import listed
from tests.site.quoting import network

FACTS = network(
    "cell",
    (
        "{:Word} layers are exported with their states",
        listed(r"num_layers=(\d)", "code/export_onnx.py"),
    ),
)
