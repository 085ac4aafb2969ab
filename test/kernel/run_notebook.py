"""Run the cells given as a JSON list on stdin with nbclient: run_notebook.py FOLDER [allow-errors]

Writes JSON: the outputs of each cell, and the text of the CellExecutionError if there was one.
"""

import json
import sys

sys.modules["rfc3987_syntax"] = None  # see scripts/quick_start.py
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

notebook = nbformat.v4.new_notebook()
notebook.cells = [nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)]
client = NotebookClient(
    notebook,
    kernel_name="tslab",
    timeout=60,
    allow_errors="allow-errors" in sys.argv,
    resources={"metadata": {"path": sys.argv[1]}},
)
error = None
try:
    client.execute()
except CellExecutionError as exception:
    error = str(exception)
nbformat.validate(notebook)
json.dump(
    {"outputs": [cell.outputs for cell in notebook.cells], "error": error, "metadata": notebook.metadata},
    sys.stdout,
)
