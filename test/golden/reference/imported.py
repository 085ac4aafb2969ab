"""Networks in the layouts of PyTorch and Keras, computed by their own equations: what an import of weights must give.

Source of the equations and of the order of the gates: the documentation of torch.nn.GRU and torch.nn.LSTM, and
keras/src/layers/rnn/gru.py and lstm.py.
"""

import numpy as np

from .common import draw, sigmoid, split, tensor

FEATURES, UNITS, CLASSES, STEPS, BATCH = 3, 4, 3, 4, 2


def torch_gru(w, end, x, h):
    xr, xz, xn = split(x @ w[f"rnn.weight_ih_{end}"].T + w[f"rnn.bias_ih_{end}"], 3)
    hr, hz, hn = split(h @ w[f"rnn.weight_hh_{end}"].T + w[f"rnn.bias_hh_{end}"], 3)
    r, z = sigmoid(xr + hr), sigmoid(xz + hz)
    n = np.tanh(xn + r * hn)
    return ((1 - z) * n + z * h,)


def torch_lstm(w, end, x, h, c):
    gates = x @ w[f"rnn.weight_ih_{end}"].T + w[f"rnn.bias_ih_{end}"]
    gates = gates + h @ w[f"rnn.weight_hh_{end}"].T + w[f"rnn.bias_hh_{end}"]
    i, f, g, o = split(gates, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def keras_gru(w, cell, x, h):
    kernel, recurrent, bias = (w[f"{cell}/{name}"] for name in ["kernel", "recurrent_kernel", "bias"])
    if bias.ndim == 2:  # reset_after
        xz, xr, xh = split(x @ kernel + bias[0], 3)
        hz, hr, hh = split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(xz + hz), sigmoid(xr + hr)
        candidate = np.tanh(xh + r * hh)
    else:
        xz, xr, xh = split(x @ kernel + bias, 3)
        rz, rr, rh = split(recurrent, 3)
        z, r = sigmoid(xz + h @ rz), sigmoid(xr + h @ rr)
        candidate = np.tanh(xh + (r * h) @ rh)
    return (z * h + (1 - z) * candidate,)


def keras_lstm(w, cell, x, h, c):
    gates = x @ w[f"{cell}/kernel"] + h @ w[f"{cell}/recurrent_kernel"] + w[f"{cell}/bias"]
    i, f, g, o = split(gates, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def read(step, w, name, xs, states):
    """The outputs of a layer, one for each step."""
    state = [np.zeros((BATCH, UNITS)) for _ in range(states)]
    outputs = []
    for x in xs:
        state = step(w, name, x, *state)
        outputs.append(state[0])
    return outputs


def golden(name, settings, step, weights, layers, output, transposed, gates_states):
    images = np.abs(draw(BATCH, STEPS, FEATURES))
    xs = [images[:, t] for t in range(STEPS)]
    if settings.get("bidirectional"):
        lasts = [read(step, weights, layer, xs[::way], gates_states)[-1] for layer, way in zip(layers, [1, -1])]
        last = np.concatenate(lasts, axis=1)
    else:
        for layer in layers:
            xs = read(step, weights, layer, xs, gates_states)
        last = xs[-1]
    kernel = weights[output[0]].T if transposed else weights[output[0]]
    return {
        "name": name,
        "settings": {"numHidden": UNITS, "numLayers": 1 if settings.get("bidirectional") else len(layers), **settings},
        "weights": {key: tensor(value) for key, value in weights.items()},
        "images": tensor(images),
        "logits": tensor(last @ kernel + weights[output[1]]),
    }


def torch_case(name, kind, gates, step, states, ends, bidirectional=False):
    weights = {}
    for end in ends:
        features = FEATURES if end.startswith("l0") else UNITS
        weights |= {
            f"rnn.weight_ih_{end}": draw(gates * UNITS, features),
            f"rnn.weight_hh_{end}": draw(gates * UNITS, UNITS),
            f"rnn.bias_ih_{end}": draw(gates * UNITS),
            f"rnn.bias_hh_{end}": draw(gates * UNITS),
        }
    width = UNITS * (2 if bidirectional else 1)
    weights |= {"out.weight": draw(CLASSES, width), "out.bias": draw(CLASSES)}
    settings = {"cell": {"kind": kind}, "bidirectional": bidirectional}
    return golden(name, settings, step, weights, ends, ["out.weight", "out.bias"], True, states)


def keras_case(name, kind, gates, step, states, cells, two_biases=False, bidirectional=False):
    weights = {}
    for number, cell in enumerate(cells):
        weights |= {
            f"{cell}/kernel": draw(FEATURES if number == 0 or bidirectional else UNITS, gates * UNITS),
            f"{cell}/recurrent_kernel": draw(UNITS, gates * UNITS),
            f"{cell}/bias": draw(2, gates * UNITS) if two_biases else draw(gates * UNITS),
        }
    width = UNITS * (2 if bidirectional else 1)
    weights |= {"sequential/dense/kernel": draw(width, CLASSES), "sequential/dense/bias": draw(CLASSES)}
    settings = {"cell": {"kind": kind}, "bidirectional": bidirectional}
    output = ["sequential/dense/kernel", "sequential/dense/bias"]
    return golden(name, settings, step, weights, cells, output, False, states)


def cases():
    in_keras = lambda name: f"sequential/{name}"
    both = [in_keras(f"bidirectional/{way}_lstm/lstm_cell") for way in ["forward", "backward"]]
    return [
        torch_case("torch.nn.GRU", "cudnnGru", 3, torch_gru, 1, ["l0", "l1"]),
        torch_case("torch.nn.LSTM", "lstm", 4, torch_lstm, 2, ["l0", "l1"]),
        torch_case("torch.nn.GRU, both directions", "cudnnGru", 3, torch_gru, 1, ["l0", "l0_reverse"], True),
        keras_case("Keras GRU", "cudnnGru", 3, keras_gru, 1, [in_keras(f"{n}/gru_cell") for n in ["gru", "gru_1"]], True),
        keras_case("Keras GRU, reset_after=False", "gru", 3, keras_gru, 1, [in_keras("gru/gru_cell")]),
        keras_case("Keras LSTM, both directions", "lstm", 4, keras_lstm, 2, both, bidirectional=True),
    ]
