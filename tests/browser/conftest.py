"""A real browser for the HTML edition: Debian's Chromium, driven by Playwright, and pages as it opens them."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat.v4
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from publish.conftest import bundle, evidence, glance, press

from helpers.parameters import Parameters, register
from helpers.publish.meta import ReportMeta
from helpers.publish.report import PAGE, publish_report

COMMAND = Path(sys.executable).with_name("cityreport")
AXE = Path(__file__).resolve().parent / "node_modules" / "axe-core" / "axe.min.js"
# The reports behind the pages: most figures and tables, and most places; few draws, since only the page counts.
REPORTS = {
    "de": ("Bochum", "--universe", "ruhr", "--language", "de", "--draws", "200"),
    "en": ("13075", "--universe", "districts", "--language", "en", "--draws", "200"),
}
v4: Any = nbformat.v4

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window; skips where there is none."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core; skips where it is not installed."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/browser")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """`open_page(path, width=…, scheme=…, script=…)` opens a file; any fault in the console fails the test."""
    faults: list[str] = []
    contexts = []

    def open_file(path: Path, *, width: int = 1280, scheme: Any = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.append(request.url) if _is_outside(request.url, path) else None)
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert faults == []


def _is_outside(url: str, path: Path) -> bool:
    """True for whatever is loaded beyond the file itself and what it holds."""
    return not url.startswith(("data:", "blob:", path.as_uri()))


@pytest.fixture(scope="module")
def reports(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of two real reports by language, made side by side."""
    out = {language: tmp_path_factory.mktemp(language) for language in REPORTS}
    runs = [
        subprocess.Popen([COMMAND, "render", *REPORTS[language], "--out", folder], stderr=subprocess.PIPE, text=True)
        for language, folder in out.items()
    ]
    for run in runs:
        _, errors = run.communicate()
        assert run.returncode == 0, errors
    return {language: next(folder.rglob(PAGE)) for language, folder in out.items()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small page with every kind of block."""
    folder = tmp_path_factory.mktemp("small")
    notebooks = []
    for name, emits in (("01-glance", glance()), ("02-evidence", evidence()), ("03-press", press())):
        outputs = [v4.new_output("display_data", data=bundle(emit)) for emit in emits]
        cells = [v4.new_code_cell(f"block({i})", id=f"c{i}", outputs=[one]) for i, one in enumerate(outputs)]
        notebooks.append(folder / f"{name}.ipynb")
        notebooks[-1].write_text(v4.writes(v4.new_notebook(cells=cells)), encoding="utf-8")
    parameters = Parameters.check(place="Bochum")
    publish_report(notebooks, ReportMeta(parameters, register()[parameters.place], "2026-04-22", "ab" * 32), folder)
    return folder / PAGE
