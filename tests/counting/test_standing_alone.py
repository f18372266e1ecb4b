"""A recount needs Python and nothing else."""

import subprocess
import sys

from campaign.settings import ROOT

# `campaign` itself brings the web with it, so an empty package stands in for it, as it would in a copy of the folder.
ALONE = """
import importlib, pathlib, sys, types
campaign = sys.modules["campaign"] = types.ModuleType("campaign")
campaign.__path__ = [sys.argv[1]]
for file in sorted(pathlib.Path(sys.argv[1], "counting").glob("*.py")):
    importlib.import_module("campaign.counting." + file.stem)
foreign = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"campaign", "__main__"}
print(sorted(foreign), sorted(name for name in sys.modules if name.startswith("campaign.") and "counting" not in name))
"""


def test_the_rules_run_where_nothing_is_installed():
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, str(ROOT / "campaign")], capture_output=True, text=True, check=False
    )
    assert (said.stdout, said.stderr) == ("[] []\n", "")
