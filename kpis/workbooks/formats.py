"""Number formats: a cell holds the number itself, and Excel shows it as the city prints it."""

from decimal import Decimal

from kpis.numerals import MINUS, plain


def number_format(decimals: int, mark: str = "") -> str:
    """Return the format of a figure with so many decimals, ▲ for minus, and a mark behind it."""
    digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    after = f'"{mark}"' if mark else ""
    return f'{digits}{after};"{MINUS}"{digits}{after}'


def figure_format(figure: Decimal, mark: str = "") -> str:
    """Return the format that shows the figure with the decimals that it has."""
    return number_format(len(plain(figure).partition(".")[2]), mark)


def shown_rate(display: str) -> Decimal | None:
    """Return the rate as the number that its printed form is, 0.586 for 58.6%; None for 「—」.

    The unrounded rate would not do: Excel rounds half up where the city truncates.
    """
    digits = display.removesuffix("%").replace(MINUS, "-")
    return Decimal(digits).scaleb(-2) if digits != display else None


def rate_format(display: str, *, bracketed: bool = False) -> str:
    """Return the format that shows such a rate exactly as printed: 58.6%, or (58.6%) in brackets."""
    decimals = len(display.removesuffix("%").partition(".")[2])
    digits = f"0.{'0' * decimals}%" if decimals else "0%"
    if bracketed:
        return f'"("{digits}")";"({MINUS}"{digits}")"'
    return f'{digits};"{MINUS}"{digits}'


def signed_format(decimals: int, after: str = "") -> str:
    """Return the format of a difference that shows its sign: +3.3, ▲3.3, 0.0."""
    digits = f"0.{'0' * decimals}" if decimals else "0"
    tail = f'"{after}"' if after else ""
    return f'"+"{digits}{tail};"{MINUS}"{digits}{tail};{digits}{tail}'
