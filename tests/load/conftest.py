import pytest


@pytest.fixture(autouse=True)
def folder(folder):
    return folder
