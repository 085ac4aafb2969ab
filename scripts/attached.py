"""Run a Python module or program that ends with the process that started it: attached.py (-m MODULE | PROGRAM) ARG...

Nobody tells a program that its parent was killed. The parent holds the other end of the pipe that is file descriptor 3
here; when it is gone, however it went, the pipe ends. Then this process ends as on SIGTERM, which JupyterLab answers by
shutting down its kernels; or after ten seconds in any case.
"""

import os
import runpy
import signal
import sys
import threading
import time

import quick_start  # noqa: F401

PIPE = 3
PATIENCE = 10  # seconds


def watch():
    try:
        while os.read(PIPE, 1):
            pass
    except OSError:
        return  # nothing is attached
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


threading.Thread(target=watch, daemon=True).start()
if sys.argv[1] == "-m":
    module = sys.argv[2]
    sys.argv[:3] = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
else:
    program = sys.argv[1]
    del sys.argv[0]
    sys.path[0] = os.path.dirname(os.path.abspath(program))
    runpy.run_path(program, run_name="__main__")
