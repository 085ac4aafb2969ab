"""A kernel for kernel_client.ts, started as Jupyter starts it: driver.py NODE FOLDER

Takes commands as lines of JSON on stdin; writes every message of the kernel, and the results of commands, as lines of
JSON on stdout.
"""

import base64
import json
import os
import signal
import sys

import zmq
from jupyter_client import KernelManager


def write(**what):
    print(json.dumps(what, default=str), flush=True)


def send(manager, client, channel, type, id, content, metadata={}, parent=None, buffers=()):
    message = client.session.msg(type, content, parent=parent, metadata=metadata)
    message["header"]["msg_id"] = message["msg_id"] = id
    socket = getattr(client, f"{channel}_channel").socket
    client.session.send(socket, message, buffers=[base64.b64decode(buffer) for buffer in buffers])


def obey(manager, client, op, **details):
    if op == "send":
        return send(manager, client, **details)
    if op == "interrupt":
        manager.interrupt_kernel()
    elif op == "signal":
        manager.signal_kernel(signal.SIGINT)
    elif op == "restart":
        manager.restart_kernel()
    elif op == "shutdown":
        manager.shutdown_kernel(now=details["now"])
    write(done=op, alive=manager.is_alive(), pid=manager.provisioner.pid)


def main(node, folder):
    manager = KernelManager(kernel_name="tslab")
    manager.kernel_spec.argv[0] = node
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels(hb=False)
    sockets = {
        getattr(client, f"{name}_channel").socket: name for name in ("iopub", "shell", "control", "stdin")
    }
    poller = zmq.Poller()
    for source in (sys.stdin.fileno(), *sockets):
        poller.register(source, zmq.POLLIN)
    write(done="start", alive=True, pid=manager.provisioner.pid)
    commands = b""
    while True:
        for source, _ in poller.poll():
            if source in sockets:
                _, message = client.session.recv(source, zmq.NOBLOCK)
                if message:
                    buffers = [base64.b64encode(buffer).decode() for buffer in message["buffers"]]
                    write(**{**message, "channel": sockets[source], "buffers": buffers})
                continue
            data = os.read(source, 1 << 16)
            if not data:  # the test is over
                return manager.shutdown_kernel(now=True)
            commands += data
            *lines, commands = commands.split(b"\n")
            for line in lines:
                obey(manager, client, **json.loads(line))


main(*sys.argv[1:])
