"""What distributions are given: the entry that a desktop shows, and what a software centre says."""

import configparser
import xml.etree.ElementTree as ET
from pathlib import Path

from cheeseboard.locations import resource

LINUX = Path(__file__).parents[1] / "packaging/linux"


def test_the_desktop_entry_starts_the_window_with_files_dropped_on_it() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(LINUX / "cheeseboard.desktop", encoding="utf-8")
    entry = parser["Desktop Entry"]
    assert entry["Exec"] == "cheeseboard %F"
    assert resource(f"icons/{entry['Icon']}.svg").is_file()


def test_the_software_centre_is_told_of_the_same_program() -> None:
    root = ET.parse(LINUX / "cheeseboard.metainfo.xml").getroot()
    launchable = root.find("launchable")
    assert launchable is not None
    assert launchable.text == "cheeseboard.desktop"
    assert (LINUX / launchable.text).is_file()
    assert root.findtext("provides/binary") == "cheeseboard"
    assert root.findtext("project_license") == "MIT"
