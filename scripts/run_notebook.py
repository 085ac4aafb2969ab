"""Run a notebook from first to last cell: run_notebook.py IN.ipynb OUT.ipynb

What the cells print appears here as they print it. The executed notebook is written in any case, also when a cell
fails; then the status is 1. Ctrl-C ends the kernel as well; then the status is 130.
"""

import asyncio
import contextlib
import pathlib
import re
import signal
import sys

import quick_start  # noqa: F401, before the next lines
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from notebook_screen import Screen, clean

# An output with one of these shows a result rather than progress.
RESULTS = {"application/vnd.plotly.v1+json", "image/svg+xml", "image/png"}


class PrintingClient(NotebookClient):
    """Shows on a screen what the cells print, a line for each section that begins, and progress.

    Progress is the text of an output that is updated, until a chart takes its place.
    """

    screen = None
    heading = None
    stopped = False

    async def async_start_new_kernel(self, **arguments):
        # Instead of nbclient's handlers, which pull the kernel away from under the cell and end in its own errors.
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop():
            self.stopped = True
            task.cancel()

        with contextlib.suppress(NotImplementedError, AttributeError):  # Windows has no such handlers
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(number, stop)
        return await super().async_start_new_kernel(**arguments)

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        if msg["msg_type"] == "stream":
            self.screen.write(content["text"])
        elif content.get("transient", {}).get("display_id"):
            data = content["data"]
            self.screen.update(None if RESULTS & data.keys() else data.get("text/plain"))
        return super().process_message(msg, cell, cell_index)

    async def async_execute_cell(self, cell, cell_index, **arguments):
        place = f"cell {cell_index + 1} of {len(self.nb.cells)}"
        if cell.cell_type == "markdown":
            headings = re.findall(r"^#+ +(.*)$", cell.source, re.MULTILINE)
            self.heading = headings[-1] if headings else self.heading
        elif self.heading:
            self.screen.write(f"[{place}] {self.heading}\n")
            self.heading = None
        self.screen.begin(place)
        return await super().async_execute_cell(cell, cell_index, **arguments)


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
        with Screen(sys.stdout) as client.screen:
            client.screen.begin("notebook kernel")
            client.execute()
    except (asyncio.CancelledError, DeadKernelError):  # nbclient takes the one for the other
        if client.stopped:
            sys.exit(130)
        raise
    finally:
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        run(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        sys.exit("\n" + "\n".join(clean(line, colours=sys.stderr.isatty()) for line in str(error).split("\n")))
    except (OSError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        sys.exit(f"Expected a notebook in {sys.argv[1]}: {error}")
