"""Settings are typed, survive a round trip, and leave what is not ours alone."""

from pathlib import Path

import pytest

from cheeseboard.errors import SettingsError
from cheeseboard.settings import RetentionRule, Settings, change, read_settings, write_settings


def test_a_missing_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == Settings()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    settings = Settings(
        folder="/srv/packages", port=9443, ports={"/a b": 8444}, upload_ports={"/a b": 0}, theme="dark"
    )
    write_settings(path, settings)
    assert read_settings(path) == settings


def test_comments_and_keys_of_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\nport = 9000 # because\nfuture = "kept"\n')
    write_settings(path, change(read_settings(path), theme="light"))
    assert path.read_text() == '# mine\nport = 9000 # because\nfuture = "kept"\ntheme = "light"\n'


@pytest.mark.parametrize(
    "content",
    [
        'port = "many"',
        "port = 0",
        "port = 70000",
        'theme = "pink"',
        "not toml at all",
        "[ports]\na = 0",
        "[upload_ports]\na = -1",
    ],
)
def test_a_wrong_value_is_told_and_names_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"settings\.toml"):
        read_settings(path)


def test_an_undecodable_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError):
        read_settings(path)


def test_retention_rules_come_back_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    rules = {"/packages": (RetentionRule("acme-*", 5), RetentionRule("*", prerelease_days=30))}
    write_settings(path, Settings(retention=rules))
    assert read_settings(path).retention == rules
    for wrong in ("keep_releases = 0", "keep = 3", 'keep_releases = "3"', "keep_releases = true", ""):
        path.write_text(f'[[retention."/packages"]]\nprojects = "*"\n{wrong}\n')
        with pytest.raises(SettingsError, match="wrong value"):
            read_settings(path)


def test_the_folders_whose_owner_was_told_come_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    write_settings(path, Settings(network_explained=("/srv/a", "/srv/b")))
    assert read_settings(path).network_explained == ("/srv/a", "/srv/b")
