"""Runs every test. Brings a browser where it may, and otherwise says what is passed over and how to get it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = 360  # seconds; a measure for people, which nothing fails by
PACKAGES = ["chromium", "fonts-dejavu"]
INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]


def bring_browser() -> None:
    if shutil.which("chromium"):
        return
    line = f"apt-get update && {' '.join(INSTALL)}"
    if not shutil.which("apt-get") or os.geteuid() != 0:
        print(f"No Chromium here: the tests in a browser are passed over. To run them: {line}", flush=True)
        return
    print(f"Chromium is missing: {line}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], INSTALL):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            print(f"`{' '.join(command)}` failed: the tests in a browser are passed over.", flush=True)
            return


def main() -> int:
    bring_browser()
    os.chdir(ROOT)
    # One more than there are cores: for a third of its time a test waits, for a browser, a kernel or a command it started.
    workers = str(min(os.cpu_count() or 1, 4) + 1)
    arguments = [
        "-q",
        "-p",
        "tests.light",
        "-n",
        workers,
        "--no-loadscope-reorder",
        "--nbval-lax",
        "--nbval-current-env",
    ]
    if os.environ.get("CI"):
        arguments.append("--durations=25")
    begun = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments, *sys.argv[1:]], check=False).returncode
    print(f"{time.monotonic() - begun:.0f} s; everything should take {TARGET} s on two quiet cores.", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
