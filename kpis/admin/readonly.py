"""Records that the product writes and staff only look at."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """For an admin page or inline: nobody adds, changes or deletes, whatever their rights."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False
