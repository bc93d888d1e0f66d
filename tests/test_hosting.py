"""The examples for systemd, nginx and Windows: they are read by their own programs, and name what exists."""

import re
import shutil
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from kadoma_plan.environment import _known
from tests.served import ROOT

HOSTING = ROOT / "kadoma_plan" / "hosting"
FILES = sorted(one for one in HOSTING.rglob("*") if one.is_file())
UNITS = sorted((HOSTING / "systemd").iterdir())
NGINX, SYSTEMD = shutil.which("nginx"), shutil.which("systemd-analyze")


def texts():
    return {str(one.relative_to(HOSTING)): one.read_text(encoding="utf-8") for one in FILES}


def test_every_setting_that_an_example_names_is_one_of_ours():
    named = {name for text in texts().values() for name in re.findall(r"KADOMA_[A-Z_]+", text)}
    assert {"KADOMA_DATA_DIR", "KADOMA_SUBPATH", "KADOMA_HTTPS"} <= named
    assert named - _known == set()


def test_every_command_and_option_that_an_example_names_exists():
    found = set()
    for text in texts().values():
        for command, rest in re.findall(
            r"(?:manage\.py|kadoma-plan\.cmd) ([a-z_]+)([^\n<]*)", text
        ):
            if command == "daily":  # a part of the file itself
                continue
            parser = load_command_class(get_commands()[command], command).create_parser("", command)
            known = {option for one in parser._actions for option in one.option_strings}
            assert set(re.findall(r"--[a-z-]+", rest)) <= known, command
            found.add(command)
    assert found >= {"serve", "backup", "remind", "quickstart"}


def test_nginx_takes_as_large_a_body_as_the_product():
    (size,) = re.findall(r"client_max_body_size (\d+)m;", texts()["nginx/kadoma-plan.conf"])
    assert int(size) * 1024 * 1024 == settings.LARGEST_BODY


def test_no_place_of_nginx_loses_the_headers_that_stand_above_it():
    # One proxy_set_header within a location takes the place of all those outside.
    text = texts()["nginx/kadoma-plan.conf"]
    assert text.count("proxy_set_header Host $host;") == 1
    locations = re.findall(r"location [^{]*(?:\{[^{}]*\})", text)
    assert len(locations) == 3
    assert [one for one in locations if "proxy_set_header" in one] == []


def test_the_examples_agree_on_where_the_site_listens():
    for name in ("systemd/kadoma-plan.service", "windows/kadoma-plan.xml"):
        assert "serve --host 127.0.0.1 --port 8000" in texts()[name]
    assert "server 127.0.0.1:8000;" in texts()["nginx/kadoma-plan.conf"]


def test_the_windows_service_is_well_formed():
    service = ElementTree.fromstring(texts()["windows/kadoma-plan.xml"])  # noqa: S314 (our own)
    assert service.tag == "service"
    assert service.findtext("executable").endswith("python.exe")
    variables = {one.get("name"): one.get("value") for one in service.iter("env")}
    assert variables["KADOMA_HTTPS"] == "1"


@pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path):
    for unit in UNITS:
        here = unit.read_text().replace("/opt/kadoma-plan/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(here)
    done = subprocess.run(
        [SYSTEMD, "verify", *sorted(str(one) for one in tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "kadoma" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(
    NGINX is None or shutil.which("openssl") is None, reason="nginx or openssl is not installed"
)
def test_nginx_takes_the_configuration(tmp_path):
    text = texts()["nginx/kadoma-plan.conf"]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    pair = ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=plan.example.lg.jp"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *pair]
    subprocess.run(new, check=True, capture_output=True)
    text = text.replace("/etc/ssl/certs/plan.example.lg.jp.pem", str(certificate))
    text = text.replace("/etc/ssl/private/plan.example.lg.jp.key", str(key))
    text = text.replace("/var/cache/nginx/kadoma-plan", str(tmp_path / "cache"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{one}_temp_path {tmp_path / one};\n" for one in kinds)
    main = tmp_path / "nginx.conf"
    head = f"pid {tmp_path / 'pid'};\nerror_log stderr;\nevents {{}}\n"
    main.write_text(f"{head}http {{\naccess_log off;\n{places}{text}}}\n")
    done = subprocess.run(
        [NGINX, "-t", "-c", str(main)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
