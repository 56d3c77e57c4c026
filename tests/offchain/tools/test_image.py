"""The keeper's image without Docker: its build commands in an empty folder, its process as the user it names.

What the base images hold, and what Docker and compose make of their files, nothing here proves.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.offchain.keepers.sample_venue import ADDRESSES

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "operations"
NOBODY = 10_001
PATIENCE = 60.0


@dataclass(frozen=True)
class Image:
    """What the last stage leaves: where the environment and the data are, and what runs there."""

    keeper: Path
    data: Path
    settings: dict[str, str]
    entry: list[str]
    command: list[str]
    check: list[str]

    def start(self, *arguments: str, log: int | None = None) -> subprocess.Popen[bytes]:
        """Start its entry point as compose would: of this machine it has PATH and folder, and no right but its own."""
        env = {"PATH": f"{self.keeper / 'bin'}:/usr/bin:/bin", "TMPDIR": "/nowhere", **self.settings}
        other = os.getuid() == 0 and _is_for_all(self.keeper / "bin" / "python")
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if other else {}
        return subprocess.Popen(  # noqa: S603 - what the image runs
            [*self.entry, *(arguments or self.command)], cwd=self.data, env=env, stdout=log, stderr=log, **user
        )

    def run(self, *arguments: str) -> str:
        """Run it to its end; give what it says."""
        with tempfile.TemporaryFile() as log:
            process = self.start(*arguments, log=log.fileno())
            code = process.wait(timeout=PATIENCE)
            log.seek(0)
            said = log.read().decode()
        assert code == 0, said
        return said


def _lines() -> list[str]:
    """Read the Dockerfile, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", (FOLDER / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def _interpreter() -> str:
    """Find a Python that every user may run, as the base image's; where there is none, this one."""
    for name in ("python3.11", "python3.12", "python3"):
        path = f"/usr/bin/{name}"
        code = "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))"
        if Path(path).exists() and subprocess.run([path, "-c", code], check=False).returncode == 0:  # noqa: S603
            return path
    return sys.executable


def _is_for_all(path: Path) -> bool:
    """Tell whether other users may reach a file."""
    return all(parent.stat().st_mode & 1 for parent in path.resolve().parents)


def _of(name: str, lines: list[str]) -> list[str]:
    return [line.partition(" ")[2] for line in lines if line.startswith(name + " ")]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Give a folder that every user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="image-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def image(place) -> Image:
    """Carry out what the Dockerfile says, in folders of its own for / of both stages."""
    lines = _lines()
    second = [at for at, line in enumerate(lines) if line.startswith("FROM ")][1]
    build, last = lines[:second], lines[second:]
    source, keeper, data = place / "source", place / "keeper", place / "data"
    source.mkdir()
    for line in _of("COPY", build):
        *names, into = line.split()
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / into, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, source / into)
    tools = place / "tools"
    tools.mkdir()
    (tools / "uv").symlink_to(shutil.which("uv") or "")
    env = {"PATH": f"{tools}:/usr/bin:/bin", "UV_PYTHON": _interpreter(), "HOME": str(Path.home())}
    env |= {name: value for name, value in os.environ.items() if name.startswith(("UV_", "SSL_"))}
    for command in _of("RUN", build):
        if command.startswith("pip install"):
            continue
        here = re.sub(r"(?<=\s)/keeper", str(keeper), command).replace(" --no-cache", "")
        done = subprocess.run(  # noqa: S603 - the image's own commands
            ["/bin/bash", "-euc", here], cwd=source, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    shutil.rmtree(source)
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = yaml.safe_load((FOLDER / "compose.yml").read_text())["services"]["keeper"]["environment"]
    settings = {name: str(value).replace("/data", str(data)) for name, value in given.items()}
    settings |= {"KEEPER_DRY_RUN": "true", "KEEPER_SERVICE__METRICS_PORT": str(port)}
    (check,) = re.findall(r"CMD (\[.*\])", " ".join(_of("HEALTHCHECK", last)))
    return Image(
        keeper=keeper,
        data=data,
        settings=settings,
        entry=json.loads(_of("ENTRYPOINT", last)[0]),
        command=json.loads(_of("CMD", last)[0]),
        check=json.loads(check.replace("9464", str(port))),
    )


def test_image_is_built_and_runs(image, tmp_path):
    """From nothing but what is copied: key and configuration are made in it, it runs, is healthy, and stops."""
    assert image.run("--version").startswith("keeper, version ")
    contracts = {name: {"address": address, "block": 1} for name, address in ADDRESSES.items()}
    (image.data / "deployment.json").write_text(json.dumps({"chain_id": 31337, "contracts": contracts}))
    (image.data / "deployment.json").chmod(0o644)
    said = image.run("init", "--rpc-url", "http://127.0.0.1:9", "--deployment", "deployment.json")
    assert "is the signer" in said

    log = tmp_path / "log"
    with log.open("wb") as out:
        process = image.start(log=out.fileno())
    try:
        until = time.monotonic() + PATIENCE
        while not _healthy(image):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    assert "step_failed" in log.read_text(), "no node is there, and that is said"
    assert {path.name for path in image.data.iterdir()} >= {"keeper.db", "keeper.chain.db", "keeper.toml"}


def _healthy(image: Image) -> bool:
    """Ask as Docker does."""
    command = [str(image.keeper / "bin" / image.check[0]), *image.check[1:]]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - the image's own


def test_image_has_only_what_the_lock_names(image):
    """Each package in the version of the lock."""
    locked = dict(re.findall(r"^([a-z0-9][\w.-]*)==([^ ;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    listed = subprocess.run(  # noqa: S603 - uv
        [shutil.which("uv") or "", "pip", "list", "--format", "json", "--python", image.keeper / "bin" / "python"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = {one["name"]: one["version"] for one in json.loads(listed.stdout)}
    found.pop("crossmargin")
    assert {name: version for name, version in found.items() if locked.get(name) != version} == {}
    assert not {"eth-ape", "hypothesis", "matplotlib"} & found.keys()
