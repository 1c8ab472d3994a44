"""Why a file cannot be read as a sheet."""

from foundation.refusals import Refusal


class EmptyFile(Refusal):
    """There is nothing in the file, or in none of its sheets."""


class FileTooLarge(Refusal):
    """The file, or what it unpacks to, is larger than the limit."""


class TooManyRows(Refusal):
    """More rows than one import may hold."""


class EncryptedWorkbook(Refusal):
    """The workbook is protected by a password."""


class OldWorkbook(Refusal):
    """An .xls file from before 2007."""


class NotASheet(Refusal):
    """A picture, a PDF, an archive, a programme."""


class BrokenWorkbook(Refusal):
    """A workbook that no reader could open."""


class BrokenEncoding(Refusal):
    """Text in none of the encodings that we know."""


class BrokenText(Refusal):
    """A CSV file whose quotes do not close."""


class NoHeaderRow(Refusal):
    """The first row does not name the columns."""


class DuplicateHeader(Refusal):
    """Two columns have one name, so nobody can tell which is meant."""
