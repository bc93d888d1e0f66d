"""How dates are typed, where Django knows no Japanese way."""
