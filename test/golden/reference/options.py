"""What can be chosen of TensorFlow 1's cells: activations, clipping, projection, layer normalisation.

From tensorflow/python/ops/rnn_cell_impl.py (BasicRNNCell, GRUCell, LSTMCell) and
tensorflow/contrib/rnn/python/ops/rnn_cell.py (CoupledInputForgetGateLSTMCell, LayerNormBasicLSTMCell).
"""

import numpy as np

from .common import case, concat, draw, sigmoid, split

SELU = 1.0507009873554805, 1.6732632423543772  # scale, alpha

ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(0, x),
    "sigmoid": sigmoid,
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "selu": lambda x: SELU[0] * np.where(x > 0, x, SELU[1] * np.expm1(x)),
    "softplus": lambda x: np.logaddexp(0, x),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "linear": lambda x: x,
}


def clipped(x, limit):
    return np.clip(x, -limit, limit) if limit else x


def norm(w, name, z, epsilon=1e-12):
    scaled = (z - z.mean(1, keepdims=True)) / np.sqrt(z.var(1, keepdims=True) + epsilon)
    return scaled * w[f"{name}/gamma"] + w[f"{name}/beta"]


def norms(names, units):
    return {f"{name}/{part}": draw(units) for name in names for part in ["gamma", "beta"]}


def lstm_state(batch, units, outputs):
    return {"c": np.zeros((batch, units)), "h": np.zeros((batch, outputs))}


SIZE = {"batch": 2, "time": 3, "features": 3}
UNITS = 4


def lstm_case(peepholes=False, cellClip=0, numProj=0, projClip=0, activation="tanh", forgetBias=1):
    act = ACTIVATIONS[activation]

    def step(w, x, state):
        c = state["c"]
        i, j, f, o = split(concat(x, state["h"]) @ w["kernel"] + w["bias"], 4)
        f = f + forgetBias
        if peepholes:
            f = f + w["w_f"] * c
            i = i + w["w_i"] * c
        c = clipped(sigmoid(f) * c + sigmoid(i) * act(j), cellClip)
        m = sigmoid(o + w["w_o"] * c if peepholes else o) * act(c)
        if numProj:
            m = clipped(m @ w["projection/kernel"], projClip)
        return m, {"c": c, "h": m}

    outputs = numProj or UNITS
    weights = {"kernel": draw(SIZE["features"] + outputs, 4 * UNITS, scale=0.5), "bias": draw(4 * UNITS)}
    if peepholes:
        weights |= {name: draw(UNITS) for name in ["w_f", "w_i", "w_o"]}
    if numProj:
        weights["projection/kernel"] = draw(UNITS, numProj, scale=0.5)
    settings = {
        "peepholes": peepholes,
        "forgetBias": forgetBias,
        "cellClip": cellClip,
        "numProj": numProj,
        "projClip": projClip,
        "activation": activation,
    }
    state = lstm_state(SIZE["batch"], UNITS, outputs)
    return case(step, cell={"kind": "lstm"} | settings, units=UNITS, weights=weights, state=state, **SIZE)


def coupled_case(peepholes=False, numProj=0, projClip=0, activation="tanh", layerNorm=False, forgetBias=1):
    act = ACTIVATIONS[activation]

    def step(w, x, state):
        c = state["c"]
        product = concat(x, state["h"]) @ w["kernel"]
        j, f, o = split(product if layerNorm else product + w["bias"], 3)
        if layerNorm:
            j, f, o = norm(w, "transform", j), norm(w, "forget", f), norm(w, "output", o)
        f = sigmoid(f + forgetBias + (w["w_f"] * c if peepholes else 0))
        c = f * c + (1 - f) * act(j)
        if layerNorm:
            c = norm(w, "state", c)
        m = sigmoid(o + (w["w_o"] * c if peepholes else 0)) * act(c)
        if numProj:
            m = clipped(m @ w["projection/kernel"], projClip)
        return m, {"c": c, "h": m}

    outputs = numProj or UNITS
    weights = {"kernel": draw(SIZE["features"] + outputs, 3 * UNITS, scale=0.5)}
    weights |= norms(["transform", "forget", "output", "state"], UNITS) if layerNorm else {"bias": draw(3 * UNITS)}
    if peepholes:
        weights |= {name: draw(UNITS) for name in ["w_f", "w_o"]}
    if numProj:
        weights["projection/kernel"] = draw(UNITS, numProj, scale=0.5)
    settings = {
        "peepholes": peepholes,
        "forgetBias": forgetBias,
        "numProj": numProj,
        "projClip": projClip,
        "activation": activation,
        "layerNorm": layerNorm,
    }
    state = lstm_state(SIZE["batch"], UNITS, outputs)
    return case(step, cell={"kind": "cifgLstm"} | settings, units=UNITS, weights=weights, state=state, **SIZE)


def basic_case(activation):
    def step(w, x, h):
        h = ACTIVATIONS[activation](concat(x, h) @ w["kernel"] + w["bias"])
        return h, h

    weights = {"kernel": draw(SIZE["features"] + UNITS, UNITS, scale=0.5), "bias": draw(UNITS)}
    cell = {"kind": "basic", "activation": activation}
    return case(step, cell=cell, units=UNITS, weights=weights, state=np.zeros((SIZE["batch"], UNITS)), **SIZE)


def gru_case(activation):
    def step(w, x, h):
        r, u = split(sigmoid(concat(x, h) @ w["gates/kernel"] + w["gates/bias"]), 2)
        c = ACTIVATIONS[activation](concat(x, r * h) @ w["candidate/kernel"] + w["candidate/bias"])
        h = u * h + (1 - u) * c
        return h, h

    weights = {
        "gates/kernel": draw(SIZE["features"] + UNITS, 2 * UNITS, scale=0.5),
        "gates/bias": draw(2 * UNITS),
        "candidate/kernel": draw(SIZE["features"] + UNITS, UNITS, scale=0.5),
        "candidate/bias": draw(UNITS),
    }
    cell = {"kind": "gru", "activation": activation}
    return case(step, cell=cell, units=UNITS, weights=weights, state=np.zeros((SIZE["batch"], UNITS)), **SIZE)


def layer_norm_case(activation):
    def step(w, x, state):
        i, j, f, o = split(concat(x, state["h"]) @ w["kernel"], 4)
        i, j = norm(w, "input", i), norm(w, "transform", j)
        f, o = norm(w, "forget", f), norm(w, "output", o)
        act = ACTIVATIONS[activation]
        c = norm(w, "state", state["c"] * sigmoid(f + 1) + sigmoid(i) * act(j))
        h = act(c) * sigmoid(o)
        return h, {"c": c, "h": h}

    weights = {"kernel": draw(SIZE["features"] + UNITS, 4 * UNITS, scale=0.5)}
    weights |= norms(["input", "transform", "forget", "output", "state"], UNITS)
    state = lstm_state(SIZE["batch"], UNITS, UNITS)
    cell = {"kind": "layerNormLstm", "activation": activation}
    return case(step, cell=cell, units=UNITS, weights=weights, state=state, **SIZE)


def cases():
    return [
        *[basic_case(activation) for activation in ACTIVATIONS],
        *[gru_case(activation) for activation in ["relu", "softsign"]],
        layer_norm_case("sigmoid"),
        lstm_case(activation="softplus"),
        lstm_case(cellClip=0.4),
        lstm_case(numProj=2),
        lstm_case(numProj=5, projClip=0.3),
        lstm_case(peepholes=True, cellClip=0.5, numProj=3, projClip=0.4, activation="elu", forgetBias=0.5),
        coupled_case(activation="relu"),
        coupled_case(numProj=2),
        coupled_case(layerNorm=True),
        coupled_case(peepholes=True, numProj=3, projClip=0.3, layerNorm=True, activation="softsign", forgetBias=0.5),
        coupled_case(peepholes=True, numProj=6, projClip=0.2),
    ]
