"""Addresses that lead from public pages to the records behind them."""

from django.urls import path

from kpis.views.records import open_record

app_name = "records"

urlpatterns = [
    path("<slug:page>/<slug:slug>/", open_record, name="open"),
    path("<slug:page>/<slug:slug>/<slug:key>/", open_record, name="open"),
]
