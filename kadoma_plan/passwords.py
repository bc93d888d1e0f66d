"""The longest password: long sentences are welcome, files are not."""

from django.core.exceptions import ValidationError

_MOST = 128


class LongestPassword:
    """Refuses what nobody types."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password that is too long."""
        if len(password) > _MOST:
            raise ValidationError(
                f"このパスワードは長すぎます。{_MOST}文字以下にしてください。", "password_too_long"
            )

    def get_help_text(self) -> str:
        """Return what people are told beforehand."""
        return f"パスワードは{_MOST}文字以下にしてください。単語を並べた文でも構いません。"
