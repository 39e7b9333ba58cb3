"""Loads the window's language: English is in the source, others lie in ``resources/translations``."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from cheeseboard.locations import resource


def install_translations(application: QCoreApplication, locale: QLocale) -> list[QTranslator]:
    """Translate from now on into the first of the user's languages that we have.

    Returns:
        The translators; keep them as long as the application lives.
    """
    if wants_english(locale):
        return []
    ours, qts = QTranslator(application), QTranslator(application)
    folder = str(resource("translations"))
    if not ours.load(locale, "cheeseboard", "_", folder):
        return []
    application.installTranslator(ours)
    # Qt's own words (dialog buttons, the text fields' menu)
    if qts.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qts)
    return [ours, qts]


def wants_english(locale: QLocale) -> bool:
    """Tell whether English comes before every other language that the user reads."""
    return next(iter(locale.uiLanguages()), "en").startswith(("en", "C"))
