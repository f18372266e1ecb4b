"""What the log tells of what broke: where, and nobody's words."""

import subprocess
import sys

BREAK = """
import wsgi, structlog
def fall(secret):
    raise RuntimeError("too late")
try:
    fall("somebody" + "@example.org")
except RuntimeError:
    structlog.get_logger().exception("broken")
"""


def test_a_traceback_tells_no_local_variable():
    told = subprocess.run([sys.executable, "-c", BREAK], capture_output=True, text=True, check=True).stdout
    assert "RuntimeError: too late" in told
    assert "somebody" not in told.replace('fall("somebody"', "")
    assert len(told) < 1500


def test_a_log_that_is_no_terminal_has_no_colour_codes():
    told = subprocess.run([sys.executable, "-c", BREAK], capture_output=True, text=True, check=True).stdout
    assert "\x1b" not in told
