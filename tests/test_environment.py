"""environment.yml and the locks say the same as pyproject.toml."""

import re
import tomllib
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-cluster.lock")

# What conda-forge calls otherwise than PyPI.
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
# Taken from PyPI because the conda package of the name is another thing.
PYPI_ONLY = {"typst"}
# What the environment needs beyond pyproject.toml: conda does not bring pip along by itself.
INSTALLERS = {"pip"}

Bounds = frozenset[str]


@dataclass
class Environment:
    """The packages of environment.yml under their PyPI names with their bounds, and what is wrong with them."""

    conda: dict[str, Bounds] = field(default_factory=dict)
    pip: dict[str, Bounds] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def bounds(text: str) -> Bounds:
    return frozenset(str(specifier) for specifier in SpecifierSet(text))


def read_environment(text: str) -> Environment:
    content = yaml.safe_load(text)
    environment = Environment()
    for entry in content["dependencies"]:
        if isinstance(entry, dict):
            for line in entry["pip"]:
                requirement = Requirement(line)
                _add(environment, environment.pip, canonicalize_name(requirement.name), str(requirement.specifier))
            continue
        try:
            spec = MatchSpec(entry, strict=True)
        except InvalidMatchSpecError as error:
            environment.faults.append(f"{entry}: {error}")
            continue
        name = re.split(r"[ <>=!~]", entry)[0]
        _add(environment, environment.conda, CONDA_NAMES.get(name, name), spec.version or "")
        if spec.build or spec.channel:
            environment.faults.append(f"{entry}: a build or a channel is pinned")
    return environment


def _add(environment: Environment, section: dict[str, Bounds], name: str, version: str) -> None:
    if name in environment.conda or name in environment.pip:
        environment.faults.append(f"{name} is there twice")
    section[name] = bounds(version)


def declared(group: str | None = None) -> dict[str, Requirement]:
    lines = PYPROJECT["dependency-groups"][group] if group else PYPROJECT["project"]["dependencies"]
    included = [line["include-group"] for line in lines if isinstance(line, dict)]
    lines = [line for one in (lines, *(PYPROJECT["dependency-groups"][name] for name in included)) for line in one]
    lines = [line for line in lines if isinstance(line, str)]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def differences(text: str) -> list[str]:
    """Where environment.yml and pyproject.toml say different things; empty if nowhere."""
    environment = read_environment(text)
    wanted = {name: bounds(str(requirement.specifier)) for name, requirement in declared().items()}
    wanted["python"] = bounds(PYPROJECT["project"]["requires-python"])
    given = {**environment.conda, **environment.pip}
    faults = list(environment.faults)
    faults += [f"{name} is missing" for name in sorted(wanted.keys() - given.keys())]
    faults += [f"{name} is surplus" for name in sorted(given.keys() - wanted.keys() - INSTALLERS)]
    faults += [
        f"{name} has other bounds" for name in sorted(wanted.keys() & given.keys()) if wanted[name] != given[name]
    ]
    faults += [f"{name} belongs under pip:" for name in sorted(PYPI_ONLY & environment.conda.keys())]
    faults += [f"{name} does not belong under pip:" for name in sorted(environment.pip.keys() - PYPI_ONLY)]
    if environment.pip and "pip" not in environment.conda:
        faults.append("pip is needed for the section pip:")
    return faults


def test_environment_says_what_pyproject_says() -> None:
    assert differences(ENVIRONMENT) == []


def test_environment_takes_packages_from_conda_forge_only() -> None:
    content: dict[str, Any] = yaml.safe_load(ENVIRONMENT)
    assert content["channels"] == ["conda-forge", "nodefaults"]
    assert content["name"] == PYPROJECT["project"]["name"]


def test_environment_does_not_pretend_to_have_been_solved() -> None:
    comment = " ".join(line.lstrip("# ") for line in ENVIRONMENT.splitlines() if line.startswith("#"))
    assert "not been solved against a channel" in comment
    assert "`dev`) are not included" in comment
    assert "pip install -e . --no-deps" in comment


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("  - numpy >=2.0\n", "", "numpy is missing"),
        ("      - typst>=0.14\n", "      - typing-extensions>=4\n", "typst is missing"),
        ("  - numpy >=2.0\n", "  - numpy >=2.0\n  - sympy >=1.14\n", "sympy is surplus"),
        ("  - numpy >=2.0\n", "  - numpy >=2.1\n", "numpy has other bounds"),
        ("  - numpy >=2.0\n", "  - numpy >=2.0,<3\n", "numpy has other bounds"),
        ("  - numpy >=2.0\n", "  - numpy\n", "numpy has other bounds"),
        ("  - numpy >=2.0\n", "  - numpy ==2.0\n", "numpy has other bounds"),
        ("  - python >=3.11\n", "  - python >=3.12\n", "python has other bounds"),
        ("  - python >=3.11\n", "", "python is missing"),
        ("typst>=0.14", "typst>=0.15", "typst has other bounds"),
        ("  - numpy >=2.0\n", "  - numpy >=2.0\n  - numpy >=2.0\n", "numpy is there twice"),
        ("  - matplotlib-base >=3.10\n", "  - matplotlib-base >=3.10\n  - matplotlib >=3.10\n", "matplotlib is there twice"),
        ("  - rich >=13.9\n", "  - rich >=13.9\n  - typst >=0.14\n", "typst belongs under pip:"),
        ("      - typst>=0.14\n", "      - typst>=0.14\n      - attrs\n", "attrs does not belong under pip:"),
        ("  - pip\n", "", "pip is needed for the section pip:"),
    ],
)  # fmt: skip
def test_a_difference_is_found(old: str, new: str, fault: str) -> None:
    assert ENVIRONMENT.count(old) == 1
    assert fault in differences(ENVIRONMENT.replace(old, new))


@pytest.mark.parametrize(
    "spec", ["numpy >>2.0", "numpy >=", "num py >=a b c", "@@", "numpy >=2.0 py311_0", "other::numpy"]
)
def test_a_bad_spec_is_found(spec: str) -> None:
    faults = differences(ENVIRONMENT.replace("  - numpy >=2.0\n", f'  - "{spec}"\n'))
    assert any(fault.startswith(spec) for fault in faults), faults


def read_lock(text: str) -> dict[str, list[tuple[Version, int]]]:
    """Name, pinned version and number of hashes of each entry; raises ValueError for a line of another form."""
    pinned: dict[str, list[tuple[Version, int]]] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        line = entry.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        head, *hashes = re.split(r"\s+--hash=", line)
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)(\s*;.*)?", head)
        if not match or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", item) for item in hashes):
            raise ValueError(f"not a pinned requirement: {line[:80]}")
        pinned.setdefault(canonicalize_name(match[1]), []).append((Version(match[2]), len(hashes)))
    return pinned


@pytest.fixture(scope="module", params=LOCKS)
def lock(request: pytest.FixtureRequest) -> str:
    file: str = request.param
    return (ROOT / file).read_text(encoding="utf-8")


def test_a_lock_names_no_host(lock: str) -> None:
    assert "://" not in lock
    assert not re.search(r"--(index-url|extra-index-url|find-links|trusted-host)|^-[if]\b", lock, re.MULTILINE)


def test_every_line_of_a_lock_is_pinned_and_hashed(lock: str) -> None:
    entries = read_lock(lock)
    assert len(entries) >= 20
    assert [name for name, pins in entries.items() if any(hashes == 0 for _, hashes in pins)] == []


@pytest.mark.parametrize("line", ["numpy>=2.0", "numpy==2.0 --hash=md5:00", "-e .", "numpy @ file:///tmp/numpy.whl"])
def test_a_line_that_pins_nothing_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not a pinned requirement"):
        read_lock(line)


@pytest.mark.parametrize(
    ("file", "group"),
    [
        ("requirements.lock", None),
        ("requirements.lock", "build"),
        ("requirements-dev.lock", "dev"),
        ("requirements-cluster.lock", "cluster"),
    ],
)
def test_every_dependency_is_locked_within_its_bounds(file: str, group: str | None) -> None:
    entries = read_lock((ROOT / file).read_text(encoding="utf-8"))
    for name, requirement in declared(group).items():
        assert name in entries, f"{name} is not in {file}"
        for version, _ in entries[name]:
            assert requirement.specifier.contains(version), f"{name}=={version} is outside {requirement.specifier}"


def test_the_locks_agree_on_what_they_share() -> None:
    locks = [read_lock((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS]
    for one, other in combinations(locks, 2):
        shared = one.keys() & other.keys()
        assert {name for name in shared if {v for v, _ in one[name]} != {v for v, _ in other[name]}} == set()
