"""Write the golden numbers of the cells that TensorFlow no longer has, one file for each family.

Run by `npm run golden`, or from the folder above as `python -m reference [family ...]`.
"""

import importlib
import json
import pathlib
import sys

import numpy as np

from . import common

FAMILIES = ["gated", "simple", "wrappers", "grid", "grid_rnn", "options", "bands", "grids", "wrapper_options"]
OTHERS = ["sequences", "momentum", "inside", "imported"]  # no cells by themselves: their numbers stand in the folder above

for family in sys.argv[1:] or FAMILIES + OTHERS:
    common.start()  # so that a family's numbers do not depend on the others
    cases = importlib.import_module(f"reference.{family}").cases()
    folder = pathlib.Path(__file__).parent
    path = (folder.parent if family in OTHERS else folder) / f"{family}.json"
    path.write_text(json.dumps({"numpy": np.__version__, "cases": cases}) + "\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")
