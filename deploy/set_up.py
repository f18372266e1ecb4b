"""Sets up this folder, step by step: `set_up.py run` to serve, `set_up.py test` to test and check as well,
`set_up.py oracles` to compare the counting rules with reference libraries.

Each step leaves a stamp with the digest of what it was made from, and is done again only when that has changed.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import vendor

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "set-up"

# The reference libraries are heavy, and some are GPL: nothing of the product shares an environment with them but to be tested.
ORACLES = ROOT / ".oracles"

LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock", "oracles": "requirements-oracles.lock"}
MEGABYTES = {"run": 570, "test": 820, "oracles": 2200}
NODE_MEGABYTES = 250
OLDEST_NODE = 18

# What pip and npm say when nobody answers.
UNREACHABLE = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "ERR_SOCKET_TIMEOUT",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
)


class Stop(Exception):
    """Set-up can't go on. The message is a sentence for the person at the terminal."""


def main(purpose: str) -> None:
    """Bring everything that `purpose` needs up to date."""
    if not os.access(ROOT, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(ROOT))
    wait_for_another_set_up()
    environment()
    if purpose == "oracles":
        oracles()
        return
    packages(purpose)
    program()
    browser_packages()
    browser_files()
    translations()


def wait_for_another_set_up() -> None:
    """Be the only set-up of this folder, from here until this process ends."""
    folder = os.open(ROOT, os.O_RDONLY)  # Left open: the lock lasts as long as this process.
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another set-up of this folder to finish…")
        fcntl.flock(folder, fcntl.LOCK_EX)


def environment() -> None:
    """See to it that .venv is there, whole and made for this folder."""
    # The interpreter comes first and pip last, so that without pip the making was interrupted.
    if Path(sys.prefix) == VENV and (VENV / "bin" / "pip").exists() and not has_moved():
        return
    need_space(MEGABYTES["run"])
    say("Making a Python environment in .venv…")
    run("Python could not make an environment in .venv", sys.executable, "-m", "venv", "--clear", VENV)


def has_moved() -> bool:
    """Whether .venv was made elsewhere: its commands then still name the old place."""
    made_by = [line for line in (VENV / "pyvenv.cfg").read_text().splitlines() if line.startswith("command")]
    return bool(made_by) and not made_by[0].endswith(str(VENV))


def packages(purpose: str) -> None:
    """See to it that .venv holds the Python packages of this purpose's lock."""
    # The lock for tests holds every line of the other, so one who has tested needs nothing more to serve.
    if purpose == "run" and is_fresh("packages-test", made_from(ROOT / LOCKS["test"], sys.version)):
        return
    lock = ROOT / LOCKS[purpose]

    def install() -> None:
        need_space(MEGABYTES[purpose])
        say("Installing Python packages (about half a minute the first time)…")
        pip("The Python packages could not be installed", "--require-hashes", "-r", lock)

    step(f"packages-{purpose}", made_from(lock, sys.version), install)


def oracles() -> None:
    """See to it that .oracles holds the libraries that the counting rules are compared with."""
    lock = ROOT / LOCKS["oracles"]

    def install() -> None:
        need_space(MEGABYTES["oracles"])
        say("Installing the reference libraries into .oracles (some minutes the first time)…")
        run("Python could not make an environment in .oracles", sys.executable, "-m", "venv", "--clear", ORACLES)
        pip("The reference libraries could not be installed", "--require-hashes", "-r", lock, into=ORACLES)

    step("oracles", made_from(lock, sys.version), install, makes=[ORACLES / "bin" / "pip"])


def program() -> None:
    """See to it that .venv knows the `campaign` command."""

    def install() -> None:
        pip("The campaign command could not be installed", "--no-deps", "--no-build-isolation", "-e", ROOT)

    step("program", made_from(ROOT / "pyproject.toml"), install, makes=[VENV / "bin" / "campaign"])


def browser_packages() -> None:
    """See to it that node_modules holds the packages of package-lock.json, none of whose scripts has run."""

    def install() -> None:
        say("Installing browser packages…")
        run(
            "The browser packages could not be installed",
            npm(),
            *(
                "ci",
                "--ignore-scripts",
                "--loglevel=error",
                "--fetch-retries=1",
                "--fetch-retry-mintimeout=1000",
            ),
            f"--prefix={ROOT}",
        )

    made = made_from(ROOT / "package.json", ROOT / "package-lock.json")
    step("browser-packages", made, install, makes=[ROOT / "node_modules" / ".package-lock.json"])


def npm() -> str:
    """The machine's npm, or else one from a Python wheel."""
    if (found := shutil.which("npm")) and node_suits(shutil.which("node")):
        return found
    brought = VENV / "bin" / "npm"
    if not brought.exists():
        need_space(NODE_MEGABYTES)
        say("Bringing Node, which this machine lacks or has too old…")
        pip("Node could not be installed", "--require-hashes", "-r", ROOT / "requirements-node.lock")
    # npm's own scripts look for `node` there.
    os.environ["PATH"] = f"{brought.parent}{os.pathsep}{os.environ['PATH']}"
    return str(brought)


def node_suits(node: str | None) -> bool:
    """Whether this Node is there, and new enough."""
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def browser_files() -> None:
    """See to it that static/vendor holds what browsers load of those packages."""
    made = made_from(ROOT / "package-lock.json", ROOT / "static" / "icons.txt", Path(vendor.__file__))
    step("browser-files", made, vendor.copy, makes=[vendor.TO])


def translations() -> None:
    """See to it that every language's catalogue is compiled."""
    catalogues = sorted((ROOT / "campaign" / "translations").glob("*/LC_MESSAGES/*.po"))
    if not catalogues:
        return

    def compile_catalogues() -> None:
        run(
            "The translations could not be compiled",
            *(PYTHON, "-m", "babel.messages.frontend", "compile"),
            *("--directory", ROOT / "campaign" / "translations"),
        )

    makes = [catalogue.with_suffix(".mo") for catalogue in catalogues]
    step("translations", made_from(*catalogues), compile_catalogues, makes)


def step(name: str, made: str, do: Callable[[], None], makes: Iterable[Path] = ()) -> None:
    """Do a step unless its stamp says that it was made from the same, and all that it makes is there."""
    if is_fresh(name, made) and all(path.exists() for path in makes):
        return
    (STAMPS / name).unlink(missing_ok=True)
    do()
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(made)


def is_fresh(name: str, made: str) -> bool:
    """Whether a step was done from the same before."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == made


def made_from(*inputs: Path | str) -> str:
    """What stands for these files and words: another as soon as one of them changes."""
    digest = hashlib.sha256()
    for given in inputs:
        digest.update(given.read_bytes() if isinstance(given, Path) else given.encode())
    return digest.hexdigest()


def pip(failure: str, *arguments: str | Path, into: Path = VENV) -> None:
    """Install by the pip of an environment. If it fails, stop with the sentence, as `run` does."""
    run(failure, *(into / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input"), "--retries=2", *arguments)


def run(failure: str, *command: str | Path) -> None:
    """Run a command in silence. If it fails, stop with the sentence, the likely reason and its last words."""
    # A `user = true` in somebody's pip configuration would refuse to install into an environment.
    environment = os.environ | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return
    if any(word in done.stdout for word in UNREACHABLE):
        raise Stop(f"{failure}: the package registry did not answer. Check the connection and run make again.")
    if "No space left on device" in done.stdout or "ENOSPC" in done.stdout:
        raise Stop(f"{failure}: the disk is full. Free some space and run make again.")
    last_words = "\n".join(done.stdout.strip().splitlines()[-15:])
    raise Stop(f"{failure}. What was said last:\n{last_words}")


def need_space(megabytes: int) -> None:
    """Stop before anything is half done, where the disk has too little room for it."""
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < megabytes:
        raise Stop(
            f"Setting up needs about {megabytes} MB of disk space, and {ROOT} has {free} MB left: "
            "free some and run make again."
        )


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    print(line, flush=True)


def begin(purpose: str) -> None:
    """Set up, and leave with one sentence where that can't be done."""
    try:
        main(purpose)
    except (Stop, vendor.NoSuchIcon) as reason:
        sys.exit(str(reason))
    except PermissionError as refused:
        sys.exit(f"Set-up may not write {refused.filename}: make the folder yours and run make again.")
    except OSError as error:
        sys.exit(
            f"Set-up stopped at {error.filename or ROOT}: {error.strerror}. "
            "make clean and another make begin anew; instance/, with the data, stays."
        )
    except KeyboardInterrupt:
        sys.exit("\nSet-up was stopped; make goes on from there next time.")


if __name__ == "__main__":
    begin(sys.argv[1])
