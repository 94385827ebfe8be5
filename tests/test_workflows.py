"""The workflows: pinned actions and few permissions."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = sorted(ROOT.glob(".github/workflows/*.yml"))
WRITE_PERMISSIONS = {
    "pages": {"deploy": {"pages": "write", "id-token": "write"}},
    "release": {"publish": {"id-token": "write"}},
}
"""The only jobs with write permissions, and which."""


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def workflow(request):
    return request.param


def steps(path):
    for job in read(path)["jobs"].values():
        yield from job.get("steps", ())


def test_every_action_is_pinned_to_a_commit(workflow):
    text = workflow.read_text("utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for action in used:
        if action.startswith("./"):  # a workflow of the same commit
            assert ROOT / action in FILES
        else:
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40} # v[\d.]+", action)


def test_a_job_may_do_no_more_than_it_has_to(workflow):
    parsed = read(workflow)
    assert parsed["permissions"] == {"contents": "read"}
    for name, job in parsed["jobs"].items():
        granted = job.get("permissions", {})
        written = {k: v for k, v in granted.items() if v == "write"}
        assert written == WRITE_PERMISSIONS.get(workflow.stem, {}).get(name, {})


def test_every_script_that_runs_is_there(workflow):
    scripts = {
        word for step in steps(workflow) for word in re.findall(r"scripts/\w+", step.get("run", ""))
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
    config = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert "site_url: !ENV [SITE_URL, " in config


def test_no_command_finds_the_token_that_the_checkout_had(workflow):
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


RELEASE = ROOT / ".github/workflows/release.yml"


def test_nothing_is_published_before_the_whole_suite_has_passed():
    jobs = read(RELEASE)["jobs"]
    (tested,) = (
        name for name, job in jobs.items() if job.get("uses") == "./.github/workflows/test.yml"
    )
    assert {*jobs["publish"]["needs"]} == {"build", tested}
    # `if: always()` would publish after a failure.
    assert not any({"if", "continue-on-error"} & {*job} for job in jobs.values())
    # YAML reads `on` as true.
    suite = read(RELEASE.with_name("test.yml"))
    assert "workflow_call" in suite[True]
    assert "|| github.ref_type == 'tag'" in suite["env"]["ALL"]
    job = suite["jobs"]["test"]
    (step,) = (s for s in job["steps"] if s.get("run") == "scripts/test --all")
    assert step["if"] == "${{ !cancelled() && env.ALL == 'true' }}"
    assert not any("continue-on-error" in part for part in [job, *job["steps"]])


def test_nothing_is_built_for_a_tag_beside_main(tmp_path):
    checkout, refuse, *_, build, _ = read(RELEASE)["jobs"]["build"]["steps"]
    assert checkout["with"]["fetch-depth"] == 0
    assert build["run"].startswith("scripts/release")
    script = """
    git init --quiet --initial-branch main there
    cd there
    git config user.name nobody
    git config user.email nobody@example.org
    save() { git commit --quiet --allow-empty --message "$1"; git tag "$1"; }
    save old; save new
    git checkout --quiet -b beside old
    save beside-main
    git clone --quiet . ../here
    """
    subprocess.run(["sh", "-ec", script], cwd=tmp_path, check=True)
    for tag, code in (("old", 0), ("new", 0), ("beside-main", 1)):
        command = f"git checkout -q {tag}\n{refuse['run']}"
        done = subprocess.run(
            ["sh", "-ec", command],
            cwd=tmp_path / "here",
            env={**os.environ, "GITHUB_REF_NAME": tag},
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr
        assert ("expected one that is" in done.stdout) == (code == 1)
