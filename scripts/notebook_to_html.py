"""Make web pages of executed notebooks that need no network: everything a page uses is in its file.

    .venv/bin/python scripts/notebook_to_html.py FOLDER NOTEBOOK.ipynb [NOTEBOOK.ipynb ...]

Each becomes FOLDER/NOTEBOOK.html, and their links to each other lead from page to page. Charts are interactive
(plotly.js, once), equations were drawn by MathJax, and the page is light or dark as the reader's system is. The rest
is nbconvert's own page; what differs is in the template scripts/html/page and in page_content.py.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

import quick_start  # noqa: F401, before the next lines
import nbformat
from bs4 import BeautifulSoup
from page_content import PageExporter, draw_equations, fix_links, remove_scripts

PLOTLY = "application/vnd.plotly.v1+json"
# The richest first. Widgets are missing: they are nothing without a kernel, and would be loaded from the network.
SHOWN = [PLOTLY, "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain"]

SCRIPTS = Path(__file__).resolve().parent
# The kinds of traces that have two axes. With all kinds it would be three times as large.
PLOTLY_JS = SCRIPTS.parent / "node_modules" / "plotly.js-cartesian-dist-min" / "plotly-cartesian.min.js"
PAGE_JS = SCRIPTS / "html" / "page" / "page.js"


class UserError(Exception):
    """Something that the user can fix."""


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


def read_scripts():
    try:
        return [file.read_text(encoding="utf-8") for file in (PLOTLY_JS, PAGE_JS)]
    except FileNotFoundError as error:
        raise UserError(f"Expected {error.filename}, found no such file: run `npm run setup`") from None


def policy_of(scripts):
    """A Content-Security-Policy by which only these scripts run, and nothing is loaded from anywhere."""
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    sources = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {sources}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def page_of(notebook, pages, scripts):
    """:param pages: the names of all notebooks that become pages in the same folder"""
    exporter = PageExporter(
        template_name="page",
        extra_template_basedirs=[str(SCRIPTS / "html")],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.config.NbConvertBase.display_data_priority = SHOWN
    page, _ = exporter.from_notebook_node(notebook, resources={"policy": policy_of(scripts)})
    soup = BeautifulSoup(page, "html.parser")
    for link in soup.select("a.anchor-link"):  # nbconvert hides them; without them headings would have no ids
        link.decompose()
    for element in soup.select("main [tabindex]"):  # page.js decides
        del element["tabindex"]
    remove_scripts(soup)
    fix_links(soup, pages)
    draw_equations(soup)
    content, end = str(soup).rsplit("</body>", 1)
    return content + "".join(f"<script>{script}</script>\n" for script in scripts) + "</body>" + end


def main():
    if len(sys.argv) < 3:
        raise UserError("Expected a folder and notebooks: python scripts/notebook_to_html.py FOLDER NOTEBOOK.ipynb ...")
    folder, *sources = map(Path, sys.argv[1:])
    pages = [source.stem for source in sources]
    twice = [name for name in pages if pages.count(name) > 1]
    if twice:
        raise UserError(f"Expected notebooks with different names, found {twice[0]} twice")
    scripts = read_scripts()
    for source in sources:
        page = page_of(read_notebook(source), pages, scripts)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{source.stem}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        sys.exit(str(error))
