"""The browser's scripts are what a browser can read."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from campaign.settings import ROOT

# Where the machine has no Node, set-up brought one into the environment.
NODE = shutil.which("node", path=os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)]))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_can_be_read(script):
    checked = subprocess.run([NODE, "--check", script], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
