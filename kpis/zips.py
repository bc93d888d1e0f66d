"""What zipfile raises, in one place for all who read an archive that somebody else made."""

import zipfile
import zlib

# For bytes that are no whole archive, or not one that can be unpacked here.
DAMAGED_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
