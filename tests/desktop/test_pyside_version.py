"""PySide6 6.12.0 on Python 3.11 drops references to None until the process aborts (DESIGN.md)."""

import os
import subprocess
import sys
from importlib.metadata import version

from packaging.version import Version

CALLS = """
import sys
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter

application = QGuiApplication(sys.argv[:1])
image = QImage(8, 8, QImage.Format.Format_ARGB32)
painter = QPainter(image)
before = sys.getrefcount(None)
for _ in range(20_000):
    painter.save()
    painter.setOpacity(0.5)
    painter.fillRect(QRect(0, 0, 4, 4), 0)
    painter.restore()
    image.fill(0)
painter.end()
lost = before - sys.getrefcount(None)
print(lost)
"""


def test_on_python_before_3_12_pyside_is_older_than_6_12() -> None:
    installed = Version(version("PySide6_Essentials"))

    assert sys.version_info >= (3, 12) or installed < Version("6.12")


def test_thousands_of_painter_calls_leave_none_alive() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", CALLS],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 100
