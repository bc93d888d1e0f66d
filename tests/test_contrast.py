"""Every pair of colours that stands on each other, read from the styles and worked out."""

import re
from pathlib import Path

import pytest

from kpis.figures import base
from kpis.vocabulary import Tone

CSS = Path(__file__).resolve().parent.parent / "static/css"
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))
TEXT, GRAPHICS = 4.5, 3.0

# Ink, and every ground on which it stands somewhere.
PAPER = ("paper",)
GROUNDS = ("paper", "soft", "head", "tint")
ON = {
    **dict.fromkeys(("ink", "muted", "link", "blue", "bad"), GROUNDS),
    **dict.fromkeys(("good", "neutral", "members"), GROUNDS),
    **dict.fromkeys(("fair", "weak", "active"), (*PAPER, "soft")),
    "warn-ink": ("warn-soft",),
    "weak-ink": ("weak-soft",),
    "done": ("done-soft",),
    "blue-dark": ("fair-soft", "tint"),
    "paper": ("blue", "blue-dark", "good", "fair", "weak", "bad", "neutral"),
}
NOTICES = ("warn-soft", "bad-soft", "weak-soft", "tint", "head", "focus")
ON["ink"] += NOTICES
ON["link"] += NOTICES
LINES = {"edge": PAPER, "warn": (*PAPER, "warn-soft"), "half": (), "blue": GROUNDS}


def luminance(colour):
    """Return the relative luminance as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_that_of_the_recommendation():
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("ink", ON)
def test_text_can_be_read_on_each_of_its_grounds(ink):
    low = {ground: contrast(TOKENS[ink], TOKENS[ground]) for ground in ON[ink]}
    assert {ground: one for ground, one in low.items() if one < TEXT} == {}


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_means_something_is_seen(line):
    low = {ground: contrast(TOKENS[line], TOKENS[ground]) for ground in LINES[line]}
    assert {ground: one for ground, one in low.items() if one < GRAPHICS} == {}


@pytest.mark.parametrize("tone", Tone)
def test_a_chart_shows_a_judgement_in_the_colour_of_the_pages(tone):
    assert base.TONES[tone] == TOKENS[tone.value]
    assert contrast(base.TONES[tone], "#ffffff") >= TEXT  # signs and numbers stand on it in white


def test_what_charts_draw_is_seen_on_white():
    drawn = {"year": base.YEAR, "target": base.TARGET, "comparator": base.COMPARATOR}
    drawn |= {"ink": base.INK, "muted": base.MUTED}
    assert {name: one for name, one in drawn.items() if contrast(one, "#ffffff") < TEXT} == {}
    assert contrast(base.HALF, base.YEAR) >= GRAPHICS  # the half-year beside the whole year


def test_the_styles_name_colours_by_tokens_only():
    # Black and white of the focus and of what is printed on a filled ground stand by themselves.
    own = {
        path.name: [
            one
            for one in re.findall(r"#[0-9a-f]{3,8}\b(?=[^{}]*;)", path.read_text())
            if one not in ("#000", "#fff", "#1a1a1a", "#4d4d4d")
        ]
        for path in CSS.glob("*.css")
        if path.name != "tokens.css"
    }
    assert {name: found for name, found in own.items() if found} == {}


def test_every_token_that_a_style_asks_for_is_there():
    declared = set(re.findall(r"--([\w-]+):", (CSS / "tokens.css").read_text()))
    for name in ("site", "figures", "actions", "meetings", "tree", "account", "print"):
        asked = set(re.findall(r"var\(--([\w-]+)\)", (CSS / f"{name}.css").read_text()))
        assert asked - declared == set(), name
