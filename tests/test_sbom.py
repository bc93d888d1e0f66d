"""The software bill of materials: whole, true and the same each time."""

import json
import re
from importlib.metadata import version

import pytest
from django.core.management import call_command

from kpis.management.bom import pins
from tests.served import ROOT

REQUIREMENTS = (ROOT / "requirements.txt").read_text()
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)", REQUIREMENTS.replace("[binary]", ""), re.M))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    file = tmp_path_factory.mktemp("sbom") / "sbom.json"
    call_command("sbom", "-o", str(file))
    return file.read_bytes()


@pytest.fixture(scope="module")
def told(written):
    return json.loads(written)


def test_it_is_a_cyclonedx_document_with_a_component_for_every_pinned_package(told):
    assert (told["bomFormat"], told["specVersion"], told["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told["serialNumber"])
    assert len(PINNED) > 20
    found = {one["name"]: one for one in told["components"]}
    assert found.keys() == PINNED.keys() | {"plotly.js"}
    for name, pinned in PINNED.items():
        assert found[name]["purl"] == f"pkg:pypi/{name}@{pinned}"
        assert found[name]["type"] == "library"
    assert found["django"]["version"] == version("django")
    assert found["django"]["licenses"] == [{"expression": "BSD-3-Clause"}]


def test_every_installed_package_tells_its_licence_and_its_files(told):
    for one in told["components"]:
        if one.get("scope") != "optional":
            assert one.get("licenses"), one["name"]
        assert one.get("properties") or one.get("hashes"), one["name"]
    (digest,) = [one["hashes"] for one in told["components"] if one["name"] == "plotly.js"]
    assert re.fullmatch("[0-9a-f]{64}", digest[0]["content"])
    listed = [one["value"] for one in told["components"][0]["properties"]]
    assert listed
    assert all(f"sha256:{one}" in REQUIREMENTS for one in listed)


def test_the_graph_says_what_needs_what(told):
    refs = {one["bom-ref"] for one in told["components"]} | {"kadoma-plan"}
    graph = {one["ref"]: one["dependsOn"] for one in told["dependencies"]}
    assert graph.keys() == refs
    assert {below for one in graph.values() for below in one} == refs - {"kadoma-plan"}
    direct = {re.search(r"/([\w.-]+)@", one)[1] for one in graph["kadoma-plan"]}
    assert {"django", "granian", "openpyxl", "defusedxml", "plotly"} <= direct
    assert "sqlparse" not in direct
    django = graph[f"pkg:pypi/django@{PINNED['django']}"]
    assert f"pkg:pypi/sqlparse@{PINNED['sqlparse']}" in django


def test_the_same_parts_give_the_same_bytes(written, capsysbinary):
    call_command("sbom", "-o", "-")
    assert capsysbinary.readouterr().out == written


def test_a_package_keeps_its_own_hashes_and_who_needs_it():
    listed = (
        "a[x]==1.0 ; python_version < '4' \\\n"
        f"    --hash=sha256:{'0' * 64}\n"
        "    # via\n    #   -c (workspace)\n    #   b\n    #   c\n"
        f"b==2 \\\n    --hash=sha256:{'1' * 64}\n    # via product (pyproject.toml)\n"
    )
    assert [(one.name, one.version, one.hashes, one.needed_by) for one in pins(listed)] == [
        ("a", "1.0", ["0" * 64], ["b", "c"]),
        ("b", "2", ["1" * 64], ["product"]),
    ]
