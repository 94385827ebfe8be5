"""The README, citation and package metadata name one site and version."""

import re
import runpy
import tomllib

import yaml

from lstm_figs.version import VERSION
from tests.doc_scripts import source
from tests.site.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SITE = PROJECT["urls"]["Homepage"]
LINK = re.compile(r"\]\(([^)]+)\)")


def test_the_address_of_the_site_is_that_of_its_builder():
    (line,) = re.findall(r"^site_url:.*$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert SITE in line


def test_every_link_of_the_readme_works_where_the_package_is_found(site):
    links = LINK.findall((ROOT / "README.md").read_text("utf-8"))
    assert len(links) > 5
    for link in (*links, *PROJECT["urls"].values()):
        assert link.startswith((SITE, PROJECT["urls"]["Source"])), link
        if link.startswith(SITE):
            path = site / link.removeprefix(SITE)
            assert path.is_file() or (path / "index.html").is_file(), link


def test_the_citation_is_of_this_version_and_site():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cited["version"] == VERSION
    assert cited["url"] == SITE
    assert cited["repository-code"] == PROJECT["urls"]["Source"]
    day = re.search(rf"^## {re.escape(VERSION)} - (\S+)$", source("changelog"), re.M)[1]
    assert str(cited["date-released"]) == day


def test_the_table_of_libraries_has_each_with_the_oldest_that_is_asked_for():
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| `([\d.]+)` \| `", source("contributing"), re.M)
    script = runpy.run_path(str(ROOT / "scripts" / "oldest.py"))
    requirements = map(script["oldest"], script["requirements"](ROOT / "pyproject.toml"))
    assert sorted(f"{name}=={release}.*" for name, release in rows) == sorted(requirements)


def test_the_workflow_tries_the_oldest_torch_and_every_python_claimed():
    file = ROOT / ".github" / "workflows" / "test.yml"
    job = yaml.safe_load(file.read_text())["jobs"]["test"]
    tried = job["strategy"]["matrix"]["include"]
    claimed = [c.rpartition(" :: ")[2] for c in PROJECT["classifiers"]]
    assert {c for c in claimed if re.fullmatch(r"3\.\d+", c)} <= {run["python"] for run in tried}
    (torch,) = PROJECT["optional-dependencies"]["torch"]
    # One run asks for the oldest torch, such as `2.4.1`.
    oldest = [run["torch"] for run in tried if "torch" in run]
    assert [torch] == [f"torch>={v.rpartition('.')[0]}" for v in oldest]
