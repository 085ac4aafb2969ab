"""Make a web page of an executed notebook that needs no network: everything it uses is in the file.

    .venv/bin/python scripts/notebook_to_html.py IN.ipynb OUT.html

Charts are interactive (plotly.js, once), equations are set by MathJax, and the page is light or dark as the
reader's system is. The rest is nbconvert's own page; what differs is in the template scripts/html/page.
"""

import json
import sys
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

PLOTLY = "application/vnd.plotly.v1+json"
# The richest first. Widgets are missing: they are nothing without a kernel, and would be loaded from the network.
SHOWN = [PLOTLY, "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain"]

SCRIPTS = Path(__file__).resolve().parent
LIBRARIES = {
    "plotly_js": "plotly.js-dist/plotly.js",
    "mathjax_js": "mathjax/es5/tex-svg-full.js",
}


class UserError(Exception):
    """Something that the user can mend."""


def read_notebook(path):
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except OSError as error:
        raise UserError(f"Expected a notebook in {path}, found: {error.strerror}") from None
    except ValueError as error:
        raise UserError(f"Expected a notebook in {path}, found no JSON: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list) or content.get("nbformat") != 4:
        raise UserError(f"Expected a notebook of format 4 in {path}, found other JSON")
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except nbformat.ValidationError as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"Expected a notebook of format 4 in {path}, found a mistake in it: {reason}") from None
    notebook.metadata.pop("widgets", None)
    notebook.metadata.setdefault("language_info", {"name": "typescript"})
    notebook.metadata.title = title_of(notebook) or path.stem
    return notebook


def title_of(notebook):
    """The notebook's first heading."""
    for cell in notebook.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("# "):
                return line[2:].strip()
    return None


def read_libraries():
    folder = SCRIPTS.parent / "node_modules"
    try:
        return {name: (folder / file).read_text(encoding="utf-8") for name, file in LIBRARIES.items()}
    except FileNotFoundError as error:
        raise UserError(f"Expected {error.filename}, found no such file: run `npm run setup`") from None


def page_of(notebook):
    exporter = HTMLExporter(
        template_name="page",
        extra_template_basedirs=[str(SCRIPTS / "html")],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    exporter.config.NbConvertBase.display_data_priority = SHOWN
    page, _ = exporter.from_notebook_node(notebook, resources=read_libraries())
    return page


def main():
    if len(sys.argv) != 3:
        raise UserError("Expected two arguments: python scripts/notebook_to_html.py IN.ipynb OUT.html")
    source, target = map(Path, sys.argv[1:])
    page = page_of(read_notebook(source))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        sys.exit(str(error))
