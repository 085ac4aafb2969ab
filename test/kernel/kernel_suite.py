"""The protocol as front ends in Python use it, with jupyter_client: kernel_suite.py NODE FOLDER

Each message that comes in is held against message_schemas.py.
"""

import sys
import unittest
from queue import Empty

from jupyter_client import KernelManager
from message_schemas import validate

# Seconds that an answer may take: a limit, not a measurement.
limit = 60
node, folder = sys.argv[1:3]
kernel_api = "(globalThis as any)[Symbol.for('scanline.kernel')]"


class Protocol(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager = KernelManager(kernel_name="tslab")
        cls.manager.kernel_spec.argv[0] = node
        cls.manager.start_kernel(cwd=folder)
        cls.client = cls.manager.client()
        cls.client.start_channels()
        cls.client.wait_for_ready(timeout=limit)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def setUp(self):
        """Nothing of the tests before is left."""
        for channel in (self.client.shell_channel, self.client.iopub_channel):
            try:
                while True:
                    channel.get_msg(timeout=0.05)
            except Empty:
                pass

    def reply(self, request_id, kind):
        message = self.client.get_shell_msg(timeout=limit)
        self.assertEqual(message["msg_type"], kind)
        validate(message, request_id)
        return message["content"]

    def published(self, request_id):
        """What is published for a request between "busy" and "idle"."""
        found = []
        while True:
            message = self.client.get_iopub_msg(timeout=limit)
            validate(message, request_id)
            found.append((message["msg_type"], message["content"]))
            if found[-1] == ("status", {"execution_state": "idle"}):
                break
        self.assertEqual(found[0], ("status", {"execution_state": "busy"}))
        return found[1:-1]

    def execute(self, code, **options):
        request_id = self.client.execute(code, **options)
        reply = self.reply(request_id, "execute_reply")
        return reply, self.published(request_id)

    def outputs(self, code, **options):
        """Those of a cell that succeeds."""
        reply, messages = self.execute(code, **options)
        self.assertEqual(reply["status"], "ok")
        self.assertEqual(reply["payload"], [], "a payload opens a pager, which notebooks do not have")
        return [message for message in messages if message[0] != "execute_input"]

    def ask(self, kind, *arguments, **options):
        request_id = getattr(self.client, kind)(*arguments, **options)
        reply = self.reply(request_id, f"{kind}_reply")
        self.assertEqual(self.published(request_id), [])
        return reply

    def shown(self, code):
        """A result as text, however it is shown."""
        ((kind, content),) = self.outputs(code)
        return content["text"].rstrip("\n") if kind == "stream" else content["data"]["text/plain"]

    def test_kernel_info(self):
        info = self.ask("kernel_info")
        self.assertEqual(info["language_info"]["name"], "typescript")
        self.assertEqual(info["language_info"]["file_extension"], ".ts")

    def test_streams(self):
        for name, method in (("stdout", "log"), ("stderr", "error")):
            self.assertEqual(
                self.outputs(f"console.{method}('hello, world');"),
                [("stream", {"name": name, "text": "hello, world\n"})],
            )

    def test_cell_is_announced(self):
        reply, messages = self.execute("const announced = 1;")
        self.assertEqual(
            messages,
            [
                (
                    "execute_input",
                    {"code": "const announced = 1;", "execution_count": reply["execution_count"]},
                )
            ],
        )

    def test_result(self):
        self.assertEqual(self.shown("6 * 7"), "42")
        self.assertEqual(self.shown("[1, 2].map(x => 2 * x)"), "[ 2, 4 ]")

    def test_display_data(self):
        for kind, mime in (("html", "text/html"), ("svg", "image/svg+xml"), ("markdown", "text/markdown")):
            ((name, content),) = self.outputs(
                f"import {{ display }} from 'tslab';\ndisplay.{kind}('<b>3</b>');"
            )
            self.assertEqual((name, content["data"]), ("display_data", {mime: "<b>3</b>"}))

    def test_clear_output(self):
        self.assertEqual(self.outputs(f"{kernel_api}.clearOutput(true);"), [("clear_output", {"wait": True})])

    def test_errors(self):
        for code, name in (
            ("throw new RangeError('far');", "RangeError"),
            ("const n: number = 'one';", "TypeScriptError"),
        ):
            reply, messages = self.execute(code)
            self.assertEqual((reply["status"], reply["ename"]), ("error", name))
            ((kind, content),) = [message for message in messages if message[0] != "execute_input"]
            self.assertEqual(kind, "error")
            self.assertEqual(content, {key: reply[key] for key in ("ename", "evalue", "traceback")})

    def test_cells_after_an_error(self):
        first = self.client.execute("throw new Error('first');", stop_on_error=False)
        second = self.client.execute("console.log('second');")
        self.assertEqual(self.reply(first, "execute_reply")["status"], "error")
        self.assertEqual(self.reply(second, "execute_reply")["status"], "ok")

    def test_silent(self):
        before, _ = self.execute("1")
        reply, messages = self.execute("2", silent=True)
        self.assertEqual(messages, [])
        self.assertEqual(reply["execution_count"], before["execution_count"])

    def test_store_history(self):
        before, _ = self.execute("1")
        reply, _ = self.execute("'not to be kept'", store_history=False)
        self.assertEqual(reply["execution_count"], before["execution_count"])
        ((_, _, code),) = self.ask("history", hist_access_type="tail", n=1)["history"]
        self.assertEqual(code, "1")

    def test_user_expressions(self):
        reply, _ = self.execute(
            "const width = 28;", user_expressions={"area": "width ** 2", "wrong": "widht"}
        )
        values = reply["user_expressions"]
        self.assertEqual(values["area"]["data"], {"text/plain": "784"})
        self.assertEqual(values["wrong"]["status"], "error")
        self.assertIn("widht", values["wrong"]["evalue"])

    def test_history(self):
        codes = ["100 + 1", "100 + 2", "100 + 1"]
        for code in codes:
            self.execute(code)
        tail = self.ask("history", hist_access_type="tail", n=3)["history"]
        self.assertEqual([code for _, _, code in tail], codes)
        with_output = self.ask("history", hist_access_type="tail", n=3, output=True)["history"]
        self.assertEqual(
            [pair for _, _, pair in with_output], [[codes[0], "101"], [codes[1], "102"], [codes[2], "101"]]
        )
        session, line, _ = tail[1]
        found = self.ask("history", hist_access_type="range", session=session, start=line, stop=line + 1)[
            "history"
        ]
        self.assertEqual(found, [tail[1]])
        self.assertEqual(
            self.ask("history", hist_access_type="range", session=session + 1, start=1)["history"], []
        )
        search = {"hist_access_type": "search", "pattern": "100 + ?"}
        self.assertEqual(self.ask("history", **search)["history"], tail)
        self.assertEqual(self.ask("history", **search, n=1)["history"], tail[2:])
        self.assertEqual(self.ask("history", **search, unique=True)["history"], tail[1:])

    def test_is_complete(self):
        samples = {
            "complete": ["const x = 1;", "if (x) { y(); }", "await f()", "`a ${b}`"],
            "incomplete": [
                "function f() {",
                "`one line",
                "/* note",
                "const f = () =>",
                "1 +",
                "f(1,",
                "if (x)",
            ],
            "invalid": ["const = 1", ")", "x y", "'text"],
        }
        for status, codes in samples.items():
            for code in codes:
                self.assertEqual(self.ask("is_complete", code)["status"], status, code)

    def test_complete(self):
        self.execute("const firstLayer = { units: 200 };")
        for code, match in (
            ("firstL", "firstLayer"),
            ("firstLayer.un", "units"),
            ("import fs from 'node:f", "node:fs"),
        ):
            reply = self.ask("complete", code)
            self.assertIn(match, reply["matches"])
            self.assertEqual(reply["cursor_end"], len(code))
            self.assertTrue(match.startswith(code[reply["cursor_start"] :]))
        self.assertEqual(self.ask("complete", "noSuchNameAnywhere")["matches"], [])

    def test_inspect(self):
        self.execute("/** Times two. */\nfunction twice(x: number) { return 2 * x; }")
        reply = self.ask("inspect", "twice(3)", 3)
        self.assertTrue(reply["found"])
        self.assertIn("Times two.", reply["data"]["text/plain"])
        self.assertIn("return 2 * x", self.ask("inspect", "twice(3)", 3, 1)["data"]["text/plain"])
        for code in ("thrice", "const", "'text'", "123"):
            self.assertFalse(self.ask("inspect", code, 2)["found"], code)

    def test_comm_info(self):
        self.assertEqual(self.ask("comm_info")["comms"], {})

    def test_input(self):
        request_id = self.client.execute(f"console.log(await {kernel_api}.input('Name?'));", allow_stdin=True)
        question = self.client.get_stdin_msg(timeout=limit)
        validate(question, request_id)
        self.assertEqual(question["content"], {"prompt": "Name?", "password": False})
        self.client.input("Ada")
        self.assertEqual(self.reply(request_id, "execute_reply")["status"], "ok")
        self.assertIn(("stream", {"name": "stdout", "text": "Ada\n"}), self.published(request_id))

    def test_zz_shutdown(self):
        """Comes last."""
        request_id = self.client.shutdown()
        message = self.client.get_control_msg(timeout=limit)
        validate(message, request_id)
        self.assertEqual(message["msg_type"], "shutdown_reply")


unittest.main(argv=sys.argv[:1])
