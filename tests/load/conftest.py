import pytest


@pytest.fixture(autouse=True)
def folder(folder):
    """Run each test in a folder of its own."""
    return folder
