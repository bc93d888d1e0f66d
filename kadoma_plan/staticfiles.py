"""Static files as browsers get them: named by their content and compressed once, when they are collected."""

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The strongest level, 11, takes twenty times as long for a tenth less: half of the time for which
# whoever starts the product for the first time waits.
LEVEL = 9


class QuickCompressor(Compressor):  # type: ignore[misc]  # the package ships no types
    """WhiteNoise's compressor at a level that is worth its time."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """Return a file's bytes compressed for a browser that takes brotli."""
        compressed: bytes = brotli.compress(data, quality=LEVEL)
        return compressed


class CompressedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # nor here
    """The folder of collected files, each with its compressed copies beside it."""

    def create_compressor(self, **kwargs: object) -> Compressor:
        """Return what makes the compressed copies."""
        return QuickCompressor(**kwargs)
