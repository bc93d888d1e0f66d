"""Pictures of the product for its guides."""

import struct
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def picture(name: str, told: str) -> SafeString:
    """Return a picture of the product with its size, so that nothing jumps when it comes.

    It leads to itself: on a telephone it is looked at alone. ``told`` is what is to be seen on it.
    """
    width, height = _size(name)
    address = static(f"img/guide/{name}.png")
    return format_html(
        '<p class="picture"><a href="{0}">'
        '<img src="{0}" width="{1}" height="{2}" alt="{3}" loading="lazy"></a></p>',
        address,
        width,
        height,
        told,
    )


@cache
def _size(name: str) -> tuple[int, int]:
    """Return width and height as the head of the PNG file says. Raises FileNotFoundError."""
    found = finders.find(f"img/guide/{name}.png")
    if found is None:
        raise FileNotFoundError(f"static/img/guide/{name}.png")
    with Path(found).open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    return width, height
