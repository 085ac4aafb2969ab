"""Run a program in a terminal of this many columns, and print what it writes there: terminal.py COLUMNS PROGRAM ARGS…"""

import fcntl
import os
import pty
import struct
import sys
import termios

columns, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    # Before anything is written: the size of this process's own terminal.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(columns), 0, 0))
    os.execvpe(command[0], command, {**os.environ, "TERM": "xterm"})
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:  # Linux: the program has closed its end
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
