"""What a notebook that runs in a shell shows there: what its cells print, and that it is alive.

A terminal has one more line at the bottom, redrawn in place: how long the cell has been running, and its progress.
A file gets the same as a line of its own, now and then, and no control characters.
"""

import os
import re
import shutil
import threading
import time
import unicodedata

# Seconds without any output after which a file gets a line.
QUIET = 10
# Seconds from one line of progress in a file to the next, even when other lines are printed.
PROGRESS_INTERVAL = 30
# Seconds from one redrawing in a terminal to the next, when nothing new is known: the clock must be seen to move.
TICK = 0.5

COLOUR = r"\x1b\[[0-9;]*m"
# ECMA-48: CSI sequences, then OSC sequences such as links, then all other escapes.
ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")
OTHER_ESCAPE = re.compile(rf"(?!{COLOUR})(?:{ESCAPE.pattern})")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f]")


def clean(line, colours=False):
    """A line as it looks in the end: what a carriage return overwrites is gone, as are all other control characters."""
    line = line.rstrip("\r").rsplit("\r", 1)[-1]
    text = CONTROL.sub("", (OTHER_ESCAPE if colours else ESCAPE).sub("", line))
    return text if colours else text.replace("\x1b", "")


def cut(text, columns):
    """The text in at most so many columns of a terminal; wide characters take two, combining ones none."""
    widths = [width(character) for character in text]
    if sum(widths) <= columns:
        return text
    used = 0
    for i, each in enumerate(widths):
        if used + each > columns - 1:
            return f"{text[:i]}…"
        used += each
    return text


def width(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Screen:
    """Use it as a context; in it a thread shows that the notebook runs, also while this process waits."""

    def __init__(self, stream, now=time.monotonic):
        self.stream = stream
        self.terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.now = now  # seconds, from any start
        self.lock = threading.RLock()
        self.closed = threading.Event()
        self.unfinished = ""  # the start of a line whose end is not printed yet
        self.printed = now()
        self.begin("starting")

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.closed.set()
        self.thread.join()
        self.begin("")

    def begin(self, activity):
        """Something else is running now, and its clock starts."""
        with self.lock:
            if self.unfinished:
                self.write("\n")
            self.activity, self.progress, self.news = activity, None, None
            self.start = self.shown = self.now()
            self.draw(erase=True)

    def write(self, text):
        """What a cell prints, in pieces of any length."""
        with self.lock:
            *lines, self.unfinished = (self.unfinished + text).split("\n")
            self.news = clean(self.unfinished) or self.progress
            if lines:
                self.print_lines(clean(line, colours=self.terminal) for line in lines)
            self.draw()

    def update(self, progress):
        """How far it has come, or None: the text of an output that changes."""
        with self.lock:
            self.progress = self.news = clean(progress.strip().split("\n")[0]) if progress else None
            self.draw()

    def print_lines(self, lines):
        self.stream.write("\r\x1b[K" if self.terminal else "")
        self.stream.write("".join(f"{line}\n" for line in lines))
        self.stream.flush()
        self.printed = self.now()

    def draw(self, erase=False):
        """The line at the bottom of a terminal."""
        if not self.terminal:
            return
        text = "" if erase else f"{clock(self.now() - self.start)}  {self.news or self.activity}"
        # One column stays free: a terminal may wrap a line that fills it.
        self.stream.write(f"\r\x1b[K{cut(text, shutil.get_terminal_size().columns - 1)}")
        self.stream.flush()

    def watch(self):
        while not self.closed.wait(TICK):
            self.tick()

    def tick(self):
        """Show that it is alive, if it is time to."""
        with self.lock:
            now = self.now()
            due = self.progress and now >= self.shown + PROGRESS_INTERVAL
            if self.terminal:
                self.draw()
            elif due or now >= self.printed + QUIET:
                self.print_lines([f"[{self.activity}, {clock(now - self.start)}] {self.news or 'running'}"])
                self.shown = now
