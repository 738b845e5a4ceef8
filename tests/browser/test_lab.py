"""The notebooks in a real JupyterLab under headless Chromium, driven through its application object, not by its menus."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page

from helpers.parameters import REPOSITORY

NOTEBOOKS = REPOSITORY / "notebooks"
TOKEN = "cityreport"
# An extension that asks the network for news and covers the page with its question.
QUIET = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
START_SECONDS, MOST_MS = 60, 60_000

IS_OPEN = "name => window.jupyterapp?.shell?.currentWidget?.context?.path === name"
IS_IDLE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  return panel.context.isReady && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
RUN_ALL = "() => window.jupyterapp.commands.execute('notebook:run-all-cells')"
ALL_RAN = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter(cell => cell.type === 'code').every(cell => cell.executionCount !== null)"""
SAVE = "() => window.jupyterapp.shell.currentWidget.context.save()"
REPLACE = """([old, text]) => {
  for (const cell of window.jupyterapp.shell.currentWidget.content.model.cells)
    cell.sharedModel.setSource(cell.sharedModel.getSource().replace(old, text));
}"""
# The places in the order of the ranking, each with its rank; and whether they are others than those given.
RANKING = """() => [...document.querySelectorAll('.cr-explorer tbody tr')]
  .map(row => row.cells[0].textContent + ' ' + row.cells[1].textContent)"""
RANKING_OTHER_THAN = (
    f"before => {{ const now = ({RANKING})(); return now.length > 0 && String(now) !== String(before); }}"
)
WHERE_SHOWN = "() => window.jupyterapp.shell.currentWidget.content.scrollToItem(3, 'start')"


class Lab:
    """A running server and the folder that it shows."""

    def __init__(self, url: str, folder: Path, browser: Browser):
        self.url, self.folder, self.browser = url, folder, browser

    def open(self, name: str) -> Page:
        """A notebook with its kernel ready."""
        page = self.browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(MOST_MS)
        page.goto(f"{self.url}/lab/tree/{name}?token={TOKEN}&reset")
        page.wait_for_function(IS_OPEN, arg=name)
        page.wait_for_function(IS_IDLE)
        return page

    def run(self, page: Page) -> None:
        """Run all cells of the notebook that is open and wait for the last one."""
        page.evaluate(RUN_ALL)
        page.wait_for_function(IS_IDLE)

    def saved(self, page: Page, name: str) -> Any:
        """The notebook as saved."""
        page.evaluate(SAVE)
        return nbformat.read(self.folder / name, as_version=4)


def errors(notebook: Any) -> list[Any]:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@pytest.fixture(scope="module")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab over a copy of the notebooks, with no settings of the user."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("notebooks")
    for path in NOTEBOOKS.glob("*.ipynb"):
        shutil.copy(path, folder)
    (home / "config" / "labconfig").mkdir(parents=True)
    (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps(QUIET))
    own = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    environment = os.environ | {f"JUPYTER_{name}_DIR": str(home / part) for name, part in own.items()}
    environment |= {"IPYTHONDIR": str(home / "ipython"), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    environment |= {"JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    options = [f"--notebook-dir={folder}", f"--port={port}", "--port-retries=0", "--no-browser", "--allow-root"]
    options += [f"--IdentityProvider.token={TOKEN}", "--expose-app-in-browser", "--ip=127.0.0.1"]
    log = home / "log"
    with log.open("wb") as stream:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream, cwd=home)
    try:
        _wait_for(url, server, log)
        yield Lab(url, folder, browser)
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{url}/api?token={TOKEN}"):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="module")
def explorer(lab: Lab) -> Page:
    """The explorer with all cells run."""
    page = lab.open("explore.ipynb")
    lab.run(page)
    page.wait_for_function(ALL_RAN)
    return page


def slider(page: Page, label: str) -> Locator:
    named = page.locator(".widget-slider", has=page.get_by_text(label, exact=True))
    return named.locator(".noUi-handle").first


def shown(page: Page) -> str:
    return page.locator(".cr-explorer .big").first.inner_text()


def test_the_explorer_runs_and_answers_to_a_slider(lab: Lab, explorer: Page, tmp_path: Path) -> None:
    page = explorer
    page.evaluate(WHERE_SHOWN)
    page.locator(".cr-explorer tbody tr").first.wait_for()
    before: list[str] = page.evaluate(RANKING)
    assert len(before) == 53 and f"{shown(page)} Bochum" == "1 Bochum" and "1 Bochum" in before
    handle = slider(page, "Forschung")
    handle.focus()
    handle.press("Home")
    page.get_by_text("Nicht der Standardindex.").first.wait_for()
    page.wait_for_function(RANKING_OTHER_THAN, arg=before)
    assert f"{shown(page)} Bochum" in page.evaluate(RANKING) and shown(page) != "1"
    picture = tmp_path / "explorer.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 50_000
    saved = lab.saved(page, "explore.ipynb")
    assert errors(saved) == []
    assert all(
        cell.outputs for cell in saved.cells if cell.cell_type == "code" and cell.source.endswith(("explorer", "ranks"))
    )


def test_each_tab_of_the_explorer_draws(explorer: Page) -> None:
    for name in ("Karte", "Profil", "Abstand", "Spanne"):
        explorer.get_by_role("tab", name=name, exact=True).click()
        explorer.locator(".cr-explorer svg[role=img]").wait_for()
    explorer.get_by_role("tab", name="Gewichte", exact=True).click()
    explorer.get_by_text("aller Gewichtungen liegt Bochum").first.wait_for()
    explorer.get_by_role("tab", name="Rangliste", exact=True).click()
    explorer.locator(".cr-explorer tbody tr").first.wait_for()


def test_a_view_is_saved_and_loaded(lab: Lab, explorer: Page) -> None:
    explorer.get_by_role("button", name="Speichern").click()
    explorer.get_by_text("cityreport render --params").first.wait_for()
    text = (lab.folder / "explored.yml").read_text(encoding="utf-8")
    assert "research: 0.1" in text
    rank = shown(explorer)
    explorer.get_by_role("button", name="Standardindex").click()
    explorer.wait_for_function("rank => document.querySelector('.cr-explorer .big').innerText !== rank", arg=rank)
    explorer.get_by_role("button", name="Laden").click()
    explorer.wait_for_function("rank => document.querySelector('.cr-explorer .big').innerText === rank", arg=rank)


def test_a_chapter_runs_for_another_place_by_one_changed_line(lab: Lab) -> None:
    page = lab.open("02-rankings.ipynb")
    page.evaluate(REPLACE, ['place = "Bochum"', 'place = "Dortmund"'])
    lab.run(page)
    page.wait_for_function(ALL_RAN)
    saved = lab.saved(page, "02-rankings.ipynb")
    assert errors(saved) == []
    shown = [output.get("data", {}).get("text/html", "") for cell in saved.cells for output in cell.get("outputs", ())]
    assert "Dortmund" in "".join(shown) and "Bochum</h1>" not in "".join(shown)
    column = "td:nth-child(2)"
    table = page.locator(".cr-scroll table").first
    table.scroll_into_view_if_needed()
    head = table.locator("th").nth(1)
    head.click()
    rising = table.locator(column).all_inner_texts()
    head.click()
    falling = table.locator(column).all_inner_texts()
    assert rising != falling and sorted(rising) == sorted(falling)
    page.close()


def test_a_mistyped_parameter_says_what_is_allowed_and_shows_no_inside(lab: Lab) -> None:
    page = lab.open("01-at-a-glance.ipynb")
    page.evaluate(REPLACE, ['place = "Bochum"', 'place = "Bochm"'])
    lab.run(page)
    page.get_by_text("Parameters refused:").wait_for()
    refused = errors(lab.saved(page, "01-at-a-glance.ipynb"))
    assert len(refused) == 1, "the first error must end the run"
    said = refused[0].traceback
    assert said[0] == "Parameters refused:" and "Did you mean Bochum?" in said[1] and len(said) == 2
    assert page.get_by_text("Traceback").count() == 0
    page.close()
