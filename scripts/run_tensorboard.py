"""TensorBoard as its own command starts it, without its two notes at every start: that TensorFlow's Python side is not
installed, which Scanline does not need, and that a fast way of loading is used.
"""

import contextlib
import importlib
import io
import sys

from absl import app
from tensorboard import default, main_lib
from tensorboard.plugins import base_plugin

with contextlib.redirect_stderr(io.StringIO()):
    main_lib.global_init()
program = importlib.import_module("tensorboard.program")  # what tensorboard itself exports is a stand-in
program._DATA_SERVER_ADVISORY_MESSAGE = ""
server = program.TensorBoard(plugins=default.get_plugins())
try:
    app.run(server.main, flags_parser=server.configure)
except base_plugin.FlagsError as error:
    sys.exit(f"Error: {error}")
