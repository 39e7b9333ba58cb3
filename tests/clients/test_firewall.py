"""A firewall between an installer and us, a real one, in a network namespace of its own: it is named."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cheeseboard.clients.proof import Cause

URL = "https://10.77.0.1:8443/simple/"

PROVE = """
import json, os, sys
from cheeseboard.clients.installers import Installers
from cheeseboard.clients.plan import Mode
from pathlib import Path
proofs = Installers(Path(sys.argv[1]), dict(os.environ)).prove(sys.argv[2], url=sys.argv[3], mode=Mode.ONLY)
print(json.dumps([[proof.cause, proof.sentence, proof.action, proof.transcript] for proof in proofs]))
"""
ADDRESS = "ip addr add 10.77.0.1/32 dev lo"
RULES = "nft add table inet wall && nft add chain inet wall out '{ type filter hook output priority 0; }'"
REJECT = "tcp dport 8443 reject with icmpx type admin-prohibited"
WALLS = {
    "drops": f"{ADDRESS} && {RULES} && nft add rule inet wall out tcp dport 8443 drop",
    "rejects": f"{ADDRESS} && {RULES} && nft add rule inet wall out {REJECT}",
    "no route": "true",
    "unreachable route": "ip route add unreachable 10.77.0.0/24",
    "prohibited route": "ip route add prohibit 10.77.0.0/24",
    "blackhole route": "ip route add blackhole 10.77.0.0/24",
}


@pytest.fixture
def behind(
    need_tool: Callable[[str], str], environ: dict[str, str], tmp_path: Path, own_home: Path
) -> Callable[[str, str], list[str]]:
    """Return a function that lets a tool prove it behind a wall; it gives cause, sentence and action."""
    directory = tmp_path / "bin"
    directory.mkdir()
    (directory / "uv").symlink_to(str(shutil.which("uv", path=str(Path(sys.executable).parent))))
    conf = own_home / ".config" / "pip" / "pip.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text(f"[global]\nindex-url = {URL}\n")
    uv_toml = own_home / ".config" / "uv" / "uv.toml"
    uv_toml.parent.mkdir(parents=True)
    uv_toml.write_text(f'[[index]]\nname = "cheeseboard"\nurl = "{URL}"\ndefault = true\n')

    def prove(name: str, tool: str) -> list[str]:
        unshare, ip, nft = (need_tool(name) for name in ("unshare", "ip", "nft"))
        wall = WALLS[name].replace("ip ", f"{ip} ").replace("nft ", f"{nft} ")
        line = f'{ip} link set lo up && {wall} && exec "$@"'
        inner = [sys.executable, "-c", PROVE, str(tmp_path / "clients"), tool, URL]
        done = subprocess.run(
            [unshare, "--map-root-user", "--net", "/bin/sh", "-c", line, "sh", *inner],
            env={
                **environ,
                "PATH": f"{directory}:{environ['PATH']}",
                "UV_PYTHON": sys.executable,
                "UV_HTTP_TIMEOUT": "5",
            },
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found: list[list[str]] = json.loads(done.stdout)
        return found[0]

    return prove


@pytest.mark.parametrize("tool", ["pip", "uv"])
@pytest.mark.parametrize(
    "wall",
    [name if name == "rejects" else pytest.param(name, marks=pytest.mark.full) for name in WALLS],
)
def test_a_wall_is_named_with_what_to_do(
    behind: Callable[[str, str], list[str]], wall: str, tool: str
) -> None:
    cause, sentence, action, transcript = behind(wall, tool)
    assert cause == Cause.UNREACHABLE, transcript
    assert sentence == "10.77.0.1, port 8443, does not answer."
    assert "firewall" in action
