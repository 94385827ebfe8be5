"""Install the requirements of parts of the project into its environment, once.

`scripts/setup` runs it with a Python without packages.
"""

import os
import platform
import subprocess
import sys
import venv
from hashlib import sha256
from pathlib import Path

SIZES = {"site": 1030, "checks": 100, "tests": 1340, "fuzz": 10}
"""Part, which is an extra of the package -> MB that it adds to the parts before
it, with torch's build for CPUs.
"""

GPU_LIBRARIES_MB = 4600
"""How much larger torch's build for graphics cards is than the one for CPUs, in
MB, as of torch 2.15.
"""

CPU_BUILDS = "https://download.pytorch.org/whl/cpu"


def needs_gpu_libraries(report: str) -> bool:
    """Whether pip would install libraries for graphics cards.

    Its report for torch lists them for every system, but only Linux installs them.
    """
    return platform.system() == "Linux" and '"nvidia-' in report


def install(folder: Path, parts: list[str], torch: str) -> None:
    """Install missing parts into an environment, and print their size first."""
    state = sha256(Path("pyproject.toml").read_bytes()).hexdigest()
    marks = {part: folder / f"has-{part}" for part in parts}
    missing = [p for p, mark in marks.items() if not mark.exists() or mark.read_text() != state]
    if not missing:
        return
    python = folder / "bin" / "python"
    if not (folder / "bin" / "pip").exists():
        try:
            venv.create(folder, with_pip=True)
        except (OSError, subprocess.CalledProcessError):
            sys.exit(
                "scripts/setup: no environment could be made; install what "
                "makes them, on Debian: apt install python3-venv"
            )
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    size = sum(SIZES[part] for part in missing)
    if "site" in missing:
        report = subprocess.run(
            [*pip, "install", "--dry-run", "--no-deps", "--report", "-", torch],
            capture_output=True,
            encoding="utf-8",
        )
        # If pip fails here, it prints the reason when it installs.
        if report.returncode == 0 and needs_gpu_libraries(report.stdout):
            size += GPU_LIBRARIES_MB
            print(
                "Of torch, pip takes the build for graphics cards here. The "
                f"one for CPUs is {GPU_LIBRARIES_MB / 1000:.1f} GB smaller, and all "
                "that this project needs: to get it, press Ctrl+C and set "
                f"PIP_EXTRA_INDEX_URL={CPU_BUILDS} first."
            )
    print(
        f"Installing into {folder} what these need: {', '.join(missing)}. It "
        f"takes some minutes and about {size / 1000:.1f} GB.",
        flush=True,
    )
    extras = ",".join(["torch", *missing])
    command = [*pip, "install", "--editable", f".[{extras}]", torch]
    if subprocess.run(command).returncode:
        sys.exit("scripts/setup: pip could not install the packages; its message above says why")
    for part in missing:
        marks[part].write_text(state)


def main() -> None:
    """Install the parts given as arguments."""
    release = os.environ.get("TORCH", "")
    folder, torch = Path(".venv"), "torch"
    if release:
        folder, torch = Path(f".venv-torch-{release}"), f"torch=={release}"
    try:
        install(folder, sys.argv[1:], torch)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
