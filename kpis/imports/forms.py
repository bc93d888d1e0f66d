"""The forms that take an uploaded workbook, and the word that confirms one."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kpis.entry import clean_text
from kpis.imports.archive import ENTRY, Bounds, UploadError, check_archive, too_large
from kpis.imports.planbook import BOOK


class _ExcelField(forms.FileField):
    """One Excel file; what is no plain workbook is refused here and not kept."""

    def __init__(self, bounds: Bounds) -> None:
        """Ask for a file within the bounds."""
        self.bounds = bounds
        super().__init__(
            label="Excelファイル（.xlsx）",
            allow_empty_file=True,  # we say more about an empty file than Django does
            help_text=f"{bounds.file // 1024 // 1024}MBまで。パスワードの付いていないファイル。",
            error_messages={"required": "ファイルを選んでください。"},
            widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        )

    def clean(self, data: object, initial: object = None) -> UploadedFile:
        """Return the file. Raises ValidationError, before reading it, for one that is too large."""
        file: UploadedFile = super().clean(data, initial)
        try:
            if said := too_large(file.size or 0, self.bounds):
                raise UploadError(said)
            check_archive(file.read(), self.bounds)
        except UploadError as error:
            raise forms.ValidationError(str(error)) from None
        file.seek(0)
        return file


class UploadForm(forms.Form):
    """A period's entry workbook."""

    file = _ExcelField(ENTRY)


class PlanBookForm(forms.Form):
    """A plan book."""

    file = _ExcelField(BOOK)
    delete_missing = forms.BooleanField(
        label="ブックにない行を削除する",
        required=False,
        help_text=(
            "ふつうは選びません。選ばなければ、ブックに書かれていない指標や目標などは、そのまま残ります。"
            "選ぶと、ブックにあるシートの分だけ、書かれていない行を登録済みの計画から削除します。"
            "削除される行は、次の画面で確かめられます。"
        ),
    )


class ReasonForm(forms.Form):
    """Why a previewed plan book is taken in; whether it must be said depends on what it does."""

    reason = forms.CharField(
        label="変更の理由",
        help_text="ファイル名とともに変更履歴に残ります。",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"max_length": "1,000字以内で入力してください。"},
    )
    fingerprint = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_reason(self) -> str:
        """Return the reason as texts are stored."""
        return clean_text(self.cleaned_data["reason"])
