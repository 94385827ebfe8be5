"""A new working folder for each test."""

import pytest


@pytest.fixture(autouse=True)
def folder(folder):
    """The fixture of all tests, here used without being named."""
    return folder
