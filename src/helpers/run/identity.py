"""What a process makes reports from: data, code and libraries, told so that two processes can be compared.

A worker on another machine with other code would make a wrong report and publish it. It is therefore told what the batch is made
from, and refuses what it cannot make the same (making.py).
"""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

from helpers.run.fingerprint import Inputs, read_inputs

NAMED = 5  # differences that a refusal names before it counts the others

Identity = Mapping[str, str]


def identity(inputs: Inputs) -> Identity:
    """The sha256 of every file that reports are made from, and the versions of Python and of the libraries."""
    return inputs.files | _versions()


def refusal(wanted: Identity) -> str | None:
    """Why this process cannot make the reports of a batch made from `wanted`; None if it can.

    Files that have changed since this process first compared itself are a reason, too: its modules were loaded before.
    Raises DataError if the data cannot be read.
    """
    now, first = identity(read_inputs()), _first()
    if found := differences(wanted, now):
        return f"{here()} has other data, code or libraries than the batch: {_listed(found)}"
    if found := differences(wanted, first):
        return f"{here()} was started with other data or code, start it anew: {_listed(found)}"
    return None


def differences(wanted: Identity, found: Identity) -> list[str]:
    """In what `found` differs: paths of files, and versions in words."""
    differing = sorted(one for one in wanted.keys() | found.keys() if wanted.get(one) != found.get(one))
    return [one if _is_file(one) else _version_words(one, wanted, found) for one in differing]


def here() -> str:
    """This process in words."""
    return f"the worker on {socket.gethostname()} (process {os.getpid()})"


@cache
def _first() -> Identity:
    """The identity of this process when it was first asked for."""
    return identity(read_inputs())


@cache
def _versions() -> dict[str, str]:
    found = {"Python": f"{sys.version_info[0]}.{sys.version_info[1]}", "cityreport": version("cityreport")}
    for line in requires("cityreport") or ():
        name = re.split(r"[^A-Za-z0-9._-]", line)[0]
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _is_file(name: str) -> bool:
    return name not in _versions() and ("/" in name or "." in name)


def _version_words(name: str, wanted: Identity, found: Identity) -> str:
    return f"{name} {found.get(name, 'unknown')} instead of {wanted.get(name, 'unknown')}"


def _listed(found: list[str]) -> str:
    return ", ".join(found[:NAMED]) + (f" and {len(found) - NAMED} more" if len(found) > NAMED else "")
