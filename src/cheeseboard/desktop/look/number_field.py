"""A field for one whole number within bounds."""

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit

WIDTH = 110
HEIGHT = 34


def number_field(name: str, least: int, most: int, width: int = WIDTH) -> QLineEdit:
    """Return the field; what is out of bounds is never taken."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setValidator(QIntValidator(least, most, field))
    field.setFixedWidth(width)
    field.setMinimumHeight(HEIGHT)
    field.setTextMargins(8, 0, 8, 0)
    return field
