"""What the program is made of, as CycloneDX tells it: from requirements.txt and what is installed."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

_PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^\]]*\])?==(?P<version>[^ ;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^ +#(?: via)? +(?!-c |via$)(?P<name>\S+)")
_LICENSE = "License :: "
_SHORTEST_TEXT = 100  # a licence that is no name but its whole text


@dataclass(slots=True)
class Pin:
    """A package as requirements.txt pins it; ``needed_by`` names who asks for it."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list)
    needed_by: list[str] = field(default_factory=list)


def pins(requirements: str) -> list[Pin]:
    """Return the packages of a requirements.txt as uv writes it, in its order."""
    found: list[Pin] = []
    for line in requirements.splitlines():
        if pin := _PIN.match(line):
            found.append(Pin(pin["name"], pin["version"]))
        elif found:
            found[-1].hashes += _HASH.findall(line)
            if via := _VIA.match(line):
                found[-1].needed_by.append(via["name"])
    return found


def bill(product: str, version: str, requirements: str, bundle: Path) -> dict[str, Any]:
    """Return the bill of materials; the same parts give the same bill.

    The bundle is plotly.js, which its Python package carries.
    """
    parts = pins(requirements)
    component = {one.name: _component(one) for one in parts}
    component["plotly.js"] = _script(bundle)
    root = {"type": "application", "bom-ref": product, "name": product, "version": version}
    needs: dict[str, list[str]] = {product: [], **{name: [] for name in component}}
    for one in parts:
        for who in one.needed_by:
            needs[who].append(one.name)
    needs["plotly"].append("plotly.js")
    refs = {product: product, **{name: one["bom-ref"] for name, one in component.items()}}
    told: dict[str, Any] = {
        "metadata": {"component": root},
        "components": list(component.values()),
        "dependencies": [
            {"ref": refs[name], "dependsOn": sorted(refs[one] for one in below)}
            for name, below in needs.items()
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(told, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1}
    return {**head, "serialNumber": f"urn:uuid:{serial}", **told}


def _component(pin: Pin) -> dict[str, Any]:
    """Return the package as it is installed; as it is pinned where this system needs none."""
    try:
        installed = distribution(pin.name)
    except PackageNotFoundError:
        return _described(pin, pin.version) | {"scope": "optional"}
    return _described(pin, installed.version) | _licences(installed)


def _described(pin: Pin, version: str) -> dict[str, Any]:
    address = f"pkg:pypi/{pin.name}@{version}"
    told: dict[str, Any] = {"type": "library", "bom-ref": address, "name": pin.name}
    told |= {"version": version, "purl": address}
    if version == pin.version:
        # Of the files from which it may have been installed, one for each kind of system.
        told["properties"] = [{"name": "file:sha256", "value": one} for one in pin.hashes]
    return told


def _licences(installed: Distribution) -> dict[str, Any]:
    told = installed.metadata
    if expressions := told.get_all("License-Expression"):
        return {"licenses": [{"expression": expressions[0]}]}
    classes = told.get_all("Classifier") or []
    names = [one.rpartition(" :: ")[2] for one in classes if one.startswith(_LICENSE)]
    (stated, *_) = told.get_all("License") or [""]
    if not names and stated and len(stated) < _SHORTEST_TEXT:
        names = [stated.strip()]
    return {"licenses": [{"license": {"name": one}} for one in names]} if names else {}


def _script(bundle: Path) -> dict[str, Any]:
    content = bundle.read_bytes()
    (version,) = re.findall(rb"plotly\.js v([\d.]+)", content[:300])
    address = f"pkg:npm/plotly.js@{version.decode()}"
    digest = hashlib.sha256(content).hexdigest()
    return {
        "type": "library",
        "bom-ref": address,
        "name": "plotly.js",
        "version": version.decode(),
        "purl": address,
        "licenses": [{"license": {"id": "MIT"}}],
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }
