"""What goes on inside a network while it reads one image: states, gates, answers after each step, attributions.

Whole networks in NumPy: cells on top of each other, read in one direction or in both, pooled, with an output layer. The
cells are written from Cho et al. 2014, Hochreiter & Schmidhuber 1997 with the peepholes of Gers & Schmidhuber 2000, and
Kalchbrenner et al. 2015 as tensorflow/contrib/rnn has it; integrated gradients from Sundararajan et al. 2017.
"""

import numpy as np

from .common import central_differences, concat, draw, sigmoid, split, tensor

CLASSES, UNITS = 3, 3


def gru(w, x, h, **_):
    r, u = split(sigmoid(concat(x, h) @ w["gates/kernel"] + w["gates/bias"]), 2)
    c = np.tanh(concat(x, r * h) @ w["candidate/kernel"] + w["candidate/bias"])
    h = u * h + (1 - u) * c
    return h, h, {"h": h}, {"r": r, "u": u, "c": c}


def lstm(w, x, state, forget_bias=1.0):
    i, j, f, o = split(concat(x, state["h"]) @ w["kernel"] + w["bias"], 4)
    old = state["c"]
    if "w_f" in w:
        f, i = f + w["w_f"] * old, i + w["w_i"] * old
    i, j, f = sigmoid(i), np.tanh(j), sigmoid(f + forget_bias)
    c = f * old + i * j
    if "w_o" in w:
        o = o + w["w_o"] * c
    o = sigmoid(o)
    state = {"c": c, "h": o * np.tanh(c)}
    return state["h"], state, state, {"i": i, "j": j, "f": f, "o": o}


def grid_lstm(w, x, state, size=2, forget_bias=1.0):
    c_frequency = np.zeros_like(state[0]["c"])
    h_frequency = np.zeros_like(state[0]["h"])
    outputs, new_state, named, gates = [], [], {}, {}
    for k, old in enumerate(state):
        z = concat(x[:, k * size : (k + 1) * size], old["h"], h_frequency)
        new = {}
        for letter, lstm_name, own in [("F", "frequency", c_frequency), ("T", "time", old["c"])]:
            i, j, f, o = split(z @ w[f"{lstm_name}/kernel"] + w[f"{lstm_name}/bias"], 4)
            i, j, f, o = sigmoid(i), np.tanh(j), sigmoid(f + forget_bias), sigmoid(o)
            c = f * own + i * j
            new[letter] = (c, o * np.tanh(c))
            gates |= {f"{k}.{letter}.{name}": gate for name, gate in [("i", i), ("j", j), ("f", f), ("o", o)]}
        c_frequency, h_frequency = new["F"]
        c, h = new["T"]
        new_state.append({"c": c, "h": h})
        named |= {f"{k}.c": c, f"{k}.h": h}
        outputs += [h, h_frequency]
    return concat(*outputs), new_state, named, gates


def gru_weights(features):
    return {
        "gates/kernel": draw(features + UNITS, 2 * UNITS),
        "gates/bias": draw(2 * UNITS),
        "candidate/kernel": draw(features + UNITS, UNITS),
        "candidate/bias": draw(UNITS),
    }


def lstm_weights(features, peepholes=False):
    names = ["w_f", "w_i", "w_o"] if peepholes else []
    return {
        "kernel": draw(features + UNITS, 4 * UNITS),
        "bias": draw(4 * UNITS),
        **{name: draw(UNITS) for name in names},
    }


def grid_weights(features, size=2):
    return {
        f"{name}/{part}": draw(*shape)
        for name in ["frequency", "time"]
        for part, shape in [("kernel", (size + 2 * UNITS, 4 * UNITS)), ("bias", (4 * UNITS,))]
    }


def zeros(features=0):
    return np.zeros((1, UNITS))


def lstm_zeros(features=0):
    return {"c": zeros(), "h": zeros()}


def grid_zeros(features, size=2):
    return [lstm_zeros() for _ in range(features // size)]


CELLS = {
    # settings, step, weights, start state, width of the output
    "gru": ({"kind": "gru"}, gru, gru_weights, zeros, lambda features: UNITS),
    "lstm": ({"kind": "lstm"}, lstm, lstm_weights, lstm_zeros, lambda features: UNITS),
    "peepholes": (
        {"kind": "lstm", "peepholes": True, "forgetBias": 0.5},
        lambda w, x, state: lstm(w, x, state, 0.5),
        lambda features: lstm_weights(features, True),
        lstm_zeros,
        lambda features: UNITS,
    ),
    "grid": (
        {"kind": "gridLstm", "featureSize": 2, "frequencySkip": 2},
        grid_lstm,
        grid_weights,
        grid_zeros,
        lambda features: 2 * UNITS * (features // 2),
    ),
}


class Stack:
    """Layers of one kind of cell, in one direction."""

    def __init__(self, kind, features, layers, prefix):
        self.settings, self.step, weights, self.start, width = CELLS[kind]
        self.layers, self.features = [], []
        self.named = {}
        for layer in range(layers):
            own = weights(features)
            self.layers.append(own)
            self.features.append(features)
            self.named |= {f"{prefix}cell_{layer}/{name}": value for name, value in own.items()}
            features = width(features)
        self.width = features

    def read(self, steps):
        """Outputs of the top layer by step; for each layer the states and gates by name, each by step."""
        states = [self.start(features) for features in self.features]
        outputs, record = [], [({}, {}) for _ in self.layers]
        for x in steps:
            for layer, weights in enumerate(self.layers):
                x, states[layer], named, gates = self.step(weights, x, states[layer])
                for kept, new in zip(record[layer], [named, gates]):
                    for name, value in new.items():
                        kept.setdefault(name, []).append(value[0])
            outputs.append(x)
        return outputs, record


def inside_case(kind, rows, columns, layers=2, sequence="rows", bidirectional=False, pooling="last"):
    features = {"rows": columns, "columns": rows}[sequence]
    ways = ["forward", "backward"] if bidirectional else ["forward"]
    stacks = [Stack(kind, features, layers, f"{way}/" if bidirectional else "") for way in ways]
    output = {"output/kernel": draw(sum(s.width for s in stacks), CLASSES), "output/bias": draw(CLASSES)}
    pixels = np.abs(draw(rows, columns, scale=100)).astype(int) % 256
    image = (pixels.astype(np.float32) * np.float32(1 / 255)).astype(np.float64)

    def steps_of(image):
        return [line[None, :] for line in (image if sequence == "rows" else image.T)]

    def logits(steps):
        """After the last of these steps."""
        read = [stacks[0].read(steps)[0]]
        if bidirectional:
            read.append(stacks[1].read(steps[::-1])[0][::-1])
        if pooling == "mean":
            pooled = concat(*[np.mean(outputs, axis=0) for outputs in read])
        else:  # what each direction says at its own end
            pooled = concat(*[outputs[-1] if way == 0 else outputs[0] for way, outputs in enumerate(read)])
        return (pooled @ output["output/kernel"] + output["output/bias"])[0]

    steps = steps_of(image)
    records = []
    for way, stack in zip(ways, stacks):
        _, record = stack.read(steps if way == "forward" else steps[::-1])
        for layer, (state, gates) in enumerate(record):
            in_time = lambda named: {
                name: tensor(np.stack(values if way == "forward" else values[::-1])) for name, values in named.items()
            }
            records.append({"direction": way, "layer": layer, "state": in_time(state), "gates": in_time(gates)})

    by_step = np.stack([logits(steps[: t + 1]) for t in range(len(steps))])
    target = int(np.argmin(by_step[-1]))

    def gradient(at):
        at = at.copy()
        return central_differences(lambda: logits(steps_of(at))[target], [at])[0]

    points = [(k + 0.5) / 64 for k in range(64)]
    occluded = np.zeros(rows)
    for row in range(rows):
        without = image.copy()
        without[row] = 0
        occluded[row] = by_step[-1][target] - logits(steps_of(without))[target]
    return {
        "settings": {
            "cell": stacks[0].settings,
            "numLayers": layers,
            "numHidden": UNITS,
            "sequence": {"kind": sequence},
            "bidirectional": bidirectional,
            "pooling": {"kind": pooling},
        },
        "numClasses": CLASSES,
        "weights": {name: tensor(value) for s in stacks for name, value in s.named.items()}
        | {name: tensor(value) for name, value in output.items()},
        "image": {"rows": rows, "columns": columns, "pixels": pixels.ravel().tolist()},
        "logits": tensor(by_step),
        "layers": records,
        "target": target,
        "gradientTimesInput": tensor(gradient(image) * image),
        "integratedGradients": tensor(np.mean([gradient(a * image) for a in points], axis=0) * image),
        "rowOcclusion": tensor(occluded),
    }


def cases():
    return [
        inside_case("gru", 4, 3),
        inside_case("lstm", 4, 3),
        inside_case("peepholes", 3, 3, layers=1),
        inside_case("grid", 3, 4),
        inside_case("gru", 3, 4, layers=1, sequence="columns", bidirectional=True),
        inside_case("lstm", 4, 2, layers=1, bidirectional=True, pooling="mean"),
    ]
