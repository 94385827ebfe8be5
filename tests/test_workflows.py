"""Workflows use what cannot change under them, and do no more than needed."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted(ROOT.glob(".github/workflows/*.yml"))
WRITES = {
    "pages": {"deploy": {"pages": "write", "id-token": "write"}},
    "release": {"publish": {"id-token": "write"}},
}
"""The only jobs that may change something, and what."""


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def workflow(request):
    return request.param


def steps(path):
    for job in read(path)["jobs"].values():
        yield from job["steps"]


def test_there_are_workflows():
    assert {path.stem for path in FILES} == {"pages", "release", "test"}


def test_every_action_is_pinned_to_a_commit(workflow):
    text = workflow.read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for one in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v[\d.]+", one)


def test_a_job_may_do_no_more_than_it_has_to(workflow):
    found = read(workflow)
    assert found["permissions"] == {"contents": "read"}
    for name, job in found["jobs"].items():
        granted = job.get("permissions", {})
        written = {k: v for k, v in granted.items() if v == "write"}
        assert written == WRITES.get(workflow.stem, {}).get(name, {})


def test_every_script_that_runs_is_there(workflow):
    scripts = {
        word
        for step in steps(workflow)
        for word in re.findall(r"scripts/\w+", step.get("run", ""))
    }
    assert scripts
    for script in scripts:
        assert (ROOT / script).stat().st_mode & 0o111


def test_no_text_from_outside_stands_in_a_command(workflow):
    for step in steps(workflow):
        assert "${{" not in step.get("run", "")


def test_a_site_knows_the_address_that_it_is_deployed_at():
    (build,) = (
        step
        for step in steps(ROOT / ".github/workflows/pages.yml")
        if step.get("run") == "scripts/build"
    )
    assert "base_url" in build["env"]["SITE_URL"]
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "site_url: !ENV [SITE_URL, " in config
