"""What comes from npm is pinned and hashed, and no lock names a host."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return content


def test_every_package_is_pinned_and_hashed() -> None:
    wanted = read("package.json")["devDependencies"]
    locked = {
        path.removeprefix("node_modules/"): one for path, one in read("package-lock.json")["packages"].items() if path
    }
    assert {name: one["version"] for name, one in locked.items()} == wanted
    assert all(one["integrity"].startswith("sha512-") for one in locked.values())


def test_the_lock_names_no_host() -> None:
    assert "://" not in (HERE / "package-lock.json").read_text(encoding="utf-8")
