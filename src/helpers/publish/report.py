"""From executed notebooks to a report folder: PDF, HTML, figures, tables, manifest."""

from pathlib import Path

from helpers.present.language import current, use
from helpers.publish.blocks import read_blocks
from helpers.publish.export import export_files
from helpers.publish.html import make_html
from helpers.publish.inputs import code_hash, code_inputs
from helpers.publish.manifest import write_manifest
from helpers.publish.meta import ReportMeta
from helpers.publish.pdf import make_pdf

REPORT, PAGE = "report.pdf", "report.html"


def publish_report(notebooks: list[Path], meta: ReportMeta, folder: Path) -> None:
    """Publish the blocks of `notebooks` (executed, in reading order) into `folder`.

    Writes report.pdf, report.html, figures/, tables/ and manifest.json, which also names the notebooks if they lie in
    `folder`.
    Raises PublishError if a block, the PDF or a drawing is refused.
    """
    before = current()
    use(meta.parameters.language)
    try:
        blocks = read_blocks(notebooks)
        inputs = code_inputs(notebooks)
        code = code_hash(inputs)
        pdf = make_pdf(blocks, meta, code)
        html = make_html(blocks, meta, code)
    finally:
        use(before)
    folder.mkdir(parents=True, exist_ok=True)
    report, page = folder / REPORT, folder / PAGE
    report.write_bytes(pdf)
    page.write_bytes(html.encode("utf-8"))
    own = [path for path in notebooks if path.is_relative_to(folder)]
    outputs = [report, page, *export_files(blocks, folder), *own]
    write_manifest(blocks, meta, inputs, outputs, folder)
