"""The result of a batch as JUnit XML, which every build server reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from helpers.run.staging import write_whole

# What XML 1.0 cannot hold, and colours of a terminal.
_FORBIDDEN = re.compile("\x1b\\[[0-9;]*m|[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """A report as a test: its status (made, unchanged, failed, stopped, left), the seconds it took, why it failed."""

    name: str
    group: str
    status: str
    seconds: float
    words: str = ""


def write_junit(path: Path, suite: str, cases: Sequence[Case], seconds: float) -> None:
    """Write the cases as one suite; those stopped or left count as skipped."""
    failed = sum(case.status == "failed" for case in cases)
    skipped = sum(case.status in ("stopped", "left") for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": str(skipped)}
    root = ElementTree.Element("testsuite", {"name": suite, **counts, "time": f"{seconds:.3f}"})
    for case in cases:
        told = {"classname": f"cityreport.{case.group}", "name": case.name, "time": f"{case.seconds:.3f}"}
        element = ElementTree.SubElement(root, "testcase", told)
        words = _FORBIDDEN.sub("", case.words)
        if case.status == "failed":
            first = words.splitlines()[0] if words else ""
            ElementTree.SubElement(element, "failure", {"message": first}).text = words
        elif case.status in ("stopped", "left"):
            ElementTree.SubElement(element, "skipped", {"message": case.status})
        else:
            ElementTree.SubElement(element, "system-out").text = case.status
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode", xml_declaration=False)
    write_whole(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')
