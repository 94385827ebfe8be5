"""A new working folder for each test."""

import pytest


@pytest.fixture(autouse=True)
def folder(folder):
    return folder
