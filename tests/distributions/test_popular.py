"""No false alarm: wheels and sdists that everybody installs must pass."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from pypi_simple import PyPISimple

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.distributions.judge import judge

LIST = Path(__file__).with_name("popular.txt")


def listed() -> dict[str, list[str]]:
    """Return the file names by project."""
    projects: dict[str, list[str]] = {}
    for line in LIST.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            parse = parse_wheel_filename if line.endswith(".whl") else parse_sdist_filename
            projects.setdefault(str(parse(line)[0]), []).append(line)
    return projects


def test_the_list_is_long_enough() -> None:
    names = [name for names in listed().values() for name in names]
    assert len(names) == len(set(names)) >= 300
    assert sum(name.endswith(".whl") for name in names) >= 100
    assert sum(not name.endswith(".whl") for name in names) >= 100


@pytest.mark.full
@pytest.mark.filterwarnings("default")
def test_every_popular_file_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Path("/etc/ssl/certs/ca-certificates.crt")  # what a machine behind a proxy trusts
    if certificates.exists():
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates))

    def check(project: str, names: list[str]) -> list[str]:
        alarms = []
        with PyPISimple() as index:
            page = index.get_project_page(project)
            for package in page.packages:
                if package.filename in names:
                    path = tmp_path / package.filename
                    index.download_package(package, path, verify=False)
                    verdict = judge(path)
                    path.unlink()
                    if isinstance(verdict, Refusal):
                        alarms.append(f"{path.name}: {verdict.reason} {verdict.detail}")
                    names.remove(package.filename)
        return alarms + [f"{name}: not on the index any more" for name in names]

    with ThreadPoolExecutor(4) as pool:
        found = [
            alarm for alarms in pool.map(lambda item: check(*item), listed().items()) for alarm in alarms
        ]
    assert found == []
