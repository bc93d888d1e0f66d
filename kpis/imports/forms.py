"""The form that takes an uploaded workbook."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kpis.imports.archive import LARGEST_FILE, UploadError, check_archive, too_large


class UploadForm(forms.Form):
    """One Excel file; what is no plain workbook is refused here and not kept."""

    file = forms.FileField(
        label="Excelファイル（.xlsx）",
        allow_empty_file=True,  # we say more about an empty file than Django does
        help_text=f"{LARGEST_FILE // 1024 // 1024}MBまで。パスワードの付いていないファイル。",
        error_messages={"required": "ファイルを選んでください。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        """Return the file. Raises ValidationError, before reading it, for one that is too large."""
        file: UploadedFile = self.cleaned_data["file"]
        try:
            if said := too_large(file.size or 0):
                raise UploadError(said)
            check_archive(file.read())
        except UploadError as error:
            raise forms.ValidationError(str(error)) from None
        file.seek(0)
        return file
