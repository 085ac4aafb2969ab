"""A process of the benchmark in Python: does what it reads, one JSON line a command, and answers each with one.

bench/programs/worker.ts speaks the same language. A program is a class with build(size), step() and classify().
"""

import json
import sys
import time

import numpy as np


def read_idx(path, header):
    return np.fromfile(path, dtype=np.uint8)[header:]


class Mnist:
    """Training batches in a random order, and the test images; pixels 0..1, labels as numbers."""

    def __init__(self, folder):
        pixels = read_idx(f"{folder}/train-images-idx3-ubyte", 16).reshape(-1, 28, 28)[5000:]
        self.images = pixels
        self.labels = read_idx(f"{folder}/train-labels-idx1-ubyte", 8)[5000:].astype(np.int64)
        test = read_idx(f"{folder}/t10k-images-idx3-ubyte", 16).reshape(-1, 28, 28)
        self.test_images = test.astype(np.float32) / 255
        self.order = np.random.default_rng(0).permutation(len(self.images))
        self.position = 0

    def next_batch(self, size):
        if self.position + size > len(self.order):
            self.position = 0
        chosen = self.order[self.position : self.position + size]
        self.position += size
        return self.images[chosen].astype(np.float32) / 255, self.labels[chosen]


def obey(program, command):
    match command["do"]:
        case "build":
            program.build(command["numLayers"], command["numHidden"], command["batchSize"])
            return program.step()
        case "train":
            loss = None
            for _ in range(command["steps"]):
                loss = program.step()
            return loss
        case "classify":
            program.classify()
            return None


def serve(program):
    out = sys.stdout
    sys.stdout = sys.stderr  # what libraries print must not mix with the answers
    print(json.dumps({"seconds": 0}), file=out, flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        loss = obey(program, json.loads(line))
        print(json.dumps({"seconds": time.perf_counter() - start, "loss": loss}), file=out, flush=True)
