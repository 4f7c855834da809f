"""Every error this project raises on purpose, drawn in one place.

    AskError
    ├── SettingError          an environment variable or flag has a value we cannot use
    ├── ArticleError          an article file cannot be read as an article
    ├── QuestionFileError     a bank, golden or batch file has a broken line
    ├── DatasetError          an evaluation data set is not in the form it should have
    ├── ModelError            a model's weights are missing, altered or unusable
    ├── CalibrationError      thresholds are missing or belong to another ranking
    ├── BelowTarget           an evaluation fell short of a figure demanded of it
    └── IndexFolderError      the index folder cannot be used
        ├── IndexMissing      there is none
        ├── IndexStale        it was built from something else
        ├── IndexDamaged      a file in it was truncated or altered
        └── IndexBusy         another build is writing it

Each message is one line holding what was found, what was wanted, and the remedy. They are caught
once, at the edge (`corpus.common.cli`), where they become exit code 2.
"""


class AskError(Exception):
    """Base of all errors whose message is meant for the person at the keyboard."""


class SettingError(AskError):
    """A setting has a value outside what is allowed."""


class ArticleError(AskError):
    """An article file cannot be read as an article."""


class QuestionFileError(AskError):
    """A question bank, golden set or batch file has a broken line."""


class DatasetError(AskError):
    """An evaluation data set is not in its documented form."""


class ModelError(AskError):
    """A model's weights are missing, altered or cannot be used."""


class CalibrationError(AskError):
    """Thresholds are missing or were chosen for another model or ranking."""


class BelowTarget(AskError):
    """An evaluation fell short of a figure demanded with --fail-under."""


class IndexFolderError(AskError):
    """The index folder cannot be used."""


class IndexMissing(IndexFolderError):
    """There is no index at that place."""


class IndexStale(IndexFolderError):
    """The index was built from other articles, another model or another version."""


class IndexDamaged(IndexFolderError):
    """A file of the index was truncated, altered or removed."""


class IndexBusy(IndexFolderError):
    """Another build is writing this index folder."""
