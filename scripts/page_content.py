"""How a notebook's page differs from nbconvert's: drawn equations, no scripts, and links that lead somewhere."""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from jinja2 import pass_context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

DRAW_EQUATIONS = Path(__file__).resolve().parent / "html" / "equations.js"


class PageRenderer(IPythonRenderer):
    """Leaves an empty element with the TeX in place of each equation, for `draw_equations`."""

    def block_math(self, body):
        return f"<p>{self.equation(body, display=True)}</p>"

    def inline_math(self, body):
        return self.equation(body, display=False)

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def equation(self, tex, display):
        element = BeautifulSoup("", "html.parser").new_tag("span")
        element["data-tex"] = tex
        element["data-display"] = json.dumps(display)
        return str(element)


class PageExporter(HTMLExporter):
    """nbconvert's exporter with the renderer above."""

    @pass_context
    def markdown2html(self, context, source):
        attachments = context.get("cell", {}).get("attachments", {})
        renderer = PageRenderer(escape=False, attachments=attachments, **self.lexer_options)
        return MarkdownWithMath(renderer=renderer).render(source)


def draw_equations(soup):
    """Put a drawing in the place of each equation. All are drawn by MathJax, in one Node process."""
    elements = soup.select("[data-tex]")
    if not elements:
        return
    asked = [{"tex": e["data-tex"], "display": e["data-display"] == "true"} for e in elements]
    node = shutil.which("node") or "node"
    result = subprocess.run([node, str(DRAW_EQUATIONS)], input=json.dumps(asked), capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"MathJax did not draw the equations: {result.stderr}")
    drawn = json.loads(result.stdout)
    for element, html in zip(elements, drawn["html"], strict=True):
        element.replace_with(BeautifulSoup(html, "html.parser"))
    style = soup.new_tag("style")
    style.string = drawn["css"]
    soup.head.append(style)


def remove_scripts(soup):
    """What the page's policy would not run, or load, anyway: without it no reader's browser is asked to."""
    for element in soup.select("main script:not([type='application/json']), iframe, object, embed, base, form"):
        element.decompose()
    for element in soup.select("main *"):
        for name in [name for name in element.attrs if name.lower().startswith("on")]:
            del element[name]


def fix_links(soup, pages):
    """Links to other notebooks lead to their pages; those to what is not beside the page become plain text.

    :param pages: the names of the notebooks that become pages: `01-tutorial`
    """
    ids = {element["id"] for element in soup.select("[id]")}
    for link in soup.select("main [href]"):
        target = target_of(link["href"], ids, pages)
        if target is None:
            link.unwrap()
        else:
            link["href"] = target


def target_of(address, ids, pages):
    try:
        url = urlsplit(address)
    except ValueError:
        return None
    if url.scheme in ("http", "https", "mailto"):
        return address
    if url.scheme or url.netloc:
        return None
    path, name = unquote(url.path), unquote(url.path).removesuffix(".ipynb")
    fragment = f"#{url.fragment}" if url.fragment else ""
    if path == "":
        return address if {url.fragment, unquote(url.fragment)} & ids else None
    return f"{name}.html{fragment}" if path.endswith(".ipynb") and name in pages else None
