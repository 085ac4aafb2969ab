"""The grid LSTMs of one and of two dimensions: tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py."""

import numpy as np

from .common import SIZES, case, concat, draw, sigmoid, split


def lstm(w, name, inputs, c, m, forget_bias):
    """One step of TensorFlow 1's LSTMCell on [inputs, m]."""
    i, j, f, o = split(concat(*inputs, m) @ w[f"{name}/kernel"] + w[f"{name}/bias"], 4)
    f = f + forget_bias
    if f"{name}/w_f" in w:
        f = f + w[f"{name}/w_f"] * c
        i = i + w[f"{name}/w_i"] * c
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(j)
    if f"{name}/w_o" in w:
        o = o + w[f"{name}/w_o"] * c
    return c, sigmoid(o) * np.tanh(c)


def lstm_weights(name, inputs, units, peepholes):
    weights = {f"{name}/kernel": draw(inputs + units, 4 * units, scale=0.5), f"{name}/bias": draw(4 * units)}
    if peepholes:
        weights |= {f"{name}/w_{gate}": draw(units) for gate in ["f", "i", "o"]}
    return weights


def projections(features, units):
    return {f"project/{part}": draw(features, units, scale=0.5) for part in ["m", "c"]}


def memory(batch, units):
    return {"c": np.zeros((batch, units)), "h": np.zeros((batch, units))}


def grid1_case(batch, time, features, units, peepholes=False, forget_bias=1):
    def step(w, x, state):
        # The projections overwrite what was kept; without other dimensions the LSTM has no input.
        c, m = lstm(w, "lstm", [], x @ w["project/c"], x @ w["project/m"], forget_bias)
        return m, {"c": c, "h": m}

    return case(
        step,
        cell={"kind": "grid1Lstm", "peepholes": peepholes, "forgetBias": forget_bias},
        units=units,
        weights=projections(features, units) | lstm_weights("lstm", 0, units, peepholes),
        state=memory(batch, units),
        batch=batch,
        time=time,
        features=features,
    )


def grid2_case(batch, time, features, units, tied=False, peepholes=False, forget_bias=1):
    names = ["lstm", "lstm"] if tied else ["lstm_0", "lstm_1"]

    def step(w, x, state):
        c0, m0 = x @ w["project/c"], x @ w["project/m"]
        c1, m1 = lstm(w, names[1], [m0], state[1]["c"], state[1]["h"], forget_bias)
        # Dimension 0 is the priority one: it comes last, and sees m1 as it is now.
        new_c0, new_m0 = lstm(w, names[0], [m0], c0, m1, forget_bias)
        return new_m0, [{"c": new_c0, "h": new_m0}, {"c": c1, "h": m1}]

    weights = projections(features, units)
    for name in dict.fromkeys(names):
        weights |= lstm_weights(name, units, units, peepholes)
    return case(
        step,
        cell={"kind": "grid2Lstm", "peepholes": peepholes, "forgetBias": forget_bias, "tied": tied},
        units=units,
        weights=weights,
        state=[memory(batch, units), memory(batch, units)],
        batch=batch,
        time=time,
        features=features,
    )


def cases():
    options = [(False, 1), (True, 0.5)]  # peepholes, forget bias
    return [
        *[grid1_case(*size, *option) for size in SIZES for option in options],
        *[grid2_case(*size, tied, *option) for size in SIZES for tied in [False, True] for option in options],
    ]
