"""Run a notebook from first to last cell: run_notebook.py IN.ipynb OUT.ipynb

What the cells print appears here as they print it. The executed notebook is written in any case, also when a cell
fails; then the status is 1.
"""

import pathlib
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


class PrintingClient(NotebookClient):
    """Prints streams as they come, and a line for each section that begins.

    A terminal also sees progress: the text of an output that is updated, in one line that changes in place.
    """

    heading = None
    progress = None

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream":
            self.draw(None)
            print(content["text"], end="", flush=True)
            self.draw(self.progress)
        elif msg["msg_type"] == "update_display_data":
            self.progress = content["data"].get("text/plain")
            self.draw(self.progress)
        return super().process_message(msg, cell, cell_index)

    def draw(self, text):
        if sys.stdout.isatty():
            print(f"\r\x1b[K{text or ''}", end="", flush=True)

    async def async_execute_cell(self, cell, cell_index, **arguments):
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ +(.*)$", cell.source, re.MULTILINE)
            self.heading = headings[-1] if headings else self.heading
        elif self.heading:
            print(f"[cell {cell_index + 1} of {len(self.nb.cells)}] {self.heading}", flush=True)
            self.heading = None
        try:
            return await super().async_execute_cell(cell, cell_index, **arguments)
        finally:
            self.draw(None)
            self.progress = None


def run(source: pathlib.Path, target: pathlib.Path) -> None:
    notebook = nbformat.read(source, as_version=4)
    folder = str(source.resolve().parent)
    client = PrintingClient(
        notebook,
        timeout=None,
        kernel_name="tslab",
        coalesce_streams=True,
        record_timing=False,  # times of day would change the file at every run
        resources={"metadata": {"path": folder}},
    )
    try:
        client.execute()
    finally:
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        run(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        sys.exit(f"\n{error}")
    except (OSError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        sys.exit(f"Expected a notebook in {sys.argv[1]}: {error}")
