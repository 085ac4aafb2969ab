"""The grid of three LSTMs, the grids of plain and of GRU cells, and grids whose dimension 0 has no state.

From tensorflow/contrib/grid_rnn/python/ops/grid_rnn_cell.py, its general form: any number of dimensions of any cell.
"""

import numpy as np

from .common import case, concat, draw, sigmoid, split
from .options import ACTIVATIONS

BATCH, TIME, FEATURES, UNITS = 2, 3, 3, 2

# A cell: from its weights, its input and its state (c, h) to h and the new state. c is None where there is none.


def plain(w, x, c, h):
    h = np.tanh(concat(x, h) @ w["kernel"] + w["bias"])
    return h, (None, h)


def gru(w, x, c, h):
    r, u = split(sigmoid(concat(x, h) @ w["gates/kernel"] + w["gates/bias"]), 2)
    candidate = np.tanh(concat(x, r * h) @ w["candidate/kernel"] + w["candidate/bias"])
    h = u * h + (1 - u) * candidate
    return h, (None, h)


def lstm(forget_bias):
    def step(w, x, c, h):
        i, j, f, o = split(concat(x, h) @ w["kernel"] + w["bias"], 4)
        if "w_f" in w:
            f, i = f + w["w_f"] * c, i + w["w_i"] * c
        c = sigmoid(f + forget_bias) * c + sigmoid(i) * np.tanh(j)
        h = sigmoid(o + w["w_o"] * c if "w_o" in w else o) * np.tanh(c)
        return h, (c, h)

    return step


def linear(rows, columns, name=""):
    return {f"{name}kernel": draw(rows, columns, scale=0.5), f"{name}bias": draw(columns)}


def cell_weights(name, width, peepholes):
    if name == "rnn":
        return linear(width, UNITS)
    if name == "gru":
        return linear(width, 2 * UNITS, "gates/") | linear(width, UNITS, "candidate/")
    peeps = {f"w_{gate}": draw(UNITS) for gate in ["f", "i", "o"]} if peepholes else {}
    return linear(width, 4 * UNITS) | peeps


def part(w, name):
    return {key.removeprefix(f"{name}/"): value for key, value in w.items() if key.startswith(f"{name}/")}


def grid_case(kind, name, num_dims, tied=False, fn="none", forget_bias=1, peepholes=False):
    cell = {"rnn": plain, "gru": gru, "lstm": lstm(forget_bias)}[name]
    has_memory = name == "lstm"
    recurrent = [d for d in range(num_dims) if d > 0 or fn == "none"]
    bare = num_dims == 1  # then the state is no list, and the weights have no number

    def weights_of(d):
        return name if tied or bare else f"{name}_{d}"

    def step(w, x, state):
        c, h = [None] * num_dims, [None] * num_dims
        for d, own in zip(recurrent, [state] if bare else state, strict=True):
            c[d], h[d] = (own["c"], own["h"]) if has_memory else (None, own)
        h[0] = x @ w["project/m"]
        if has_memory and fn == "none":
            c[0] = x @ w["project/c"]
        new_h, new_state = [None] * num_dims, [None] * num_dims

        def propagate(dims):
            seen = [old if new is None else new for old, new in zip(h, new_h)]
            inputs = concat(*seen[:-1]) if num_dims > 1 else np.zeros((len(x), 0))
            last = seen[-1]
            for d in dims:
                if d in recurrent:
                    new_h[d], new_state[d] = cell(part(w, weights_of(d)), inputs, c[d], last)
                else:
                    product = concat(inputs, last) @ w["non_recurrent/kernel"] + w["non_recurrent/bias"]
                    new_h[d] = ACTIVATIONS[fn](product)

        propagate(range(1, num_dims))
        propagate([0])  # which has priority
        result = [{"c": new_state[d][0], "h": new_h[d]} if has_memory else new_h[d] for d in recurrent]
        return new_h[0], result[0] if bare else result

    weights = {"project/m": draw(FEATURES, UNITS, scale=0.5)}
    if has_memory and fn == "none":
        weights["project/c"] = draw(FEATURES, UNITS, scale=0.5)
    width = num_dims * UNITS
    for own in dict.fromkeys(weights_of(d) for d in recurrent):
        weights |= {f"{own}/{key}": value for key, value in cell_weights(name, width, peepholes).items()}
    if fn != "none":
        weights |= linear(width, UNITS, "non_recurrent/")
    zeros = np.zeros((BATCH, UNITS))
    one = {"c": zeros, "h": zeros} if has_memory else zeros
    settings = {} if bare else {"tied": tied, "nonRecurrentFn": fn}
    if has_memory:
        settings |= {"forgetBias": forget_bias, "peepholes": peepholes}
    return case(
        step,
        cell={"kind": kind} | settings,
        units=UNITS,
        weights=weights,
        state=one if bare else [one for _ in recurrent],
        batch=BATCH,
        time=TIME,
        features=FEATURES,
    )


def cases():
    return [
        grid_case("grid1Rnn", "rnn", 1),
        grid_case("grid2Lstm", "lstm", 2, fn="relu"),
        grid_case("grid2Lstm", "lstm", 2, tied=True, fn="tanh", peepholes=True),
        *[
            grid_case(kind, name, 2, tied=tied, fn=fn)
            for kind, name in [("grid2Rnn", "rnn"), ("grid2Gru", "gru")]
            for tied, fn in [(False, "none"), (True, "none"), (False, "softsign")]
        ],
        grid_case("grid3Lstm", "lstm", 3),
        grid_case("grid3Lstm", "lstm", 3, tied=True),
        grid_case("grid3Lstm", "lstm", 3, fn="relu"),
        grid_case("grid3Lstm", "lstm", 3, peepholes=True, forget_bias=0.5),
    ]
