"""What is put around a cell, from the papers and TensorFlow 1's contrib.rnn; each around a GRU and an LSTM."""

import numpy as np

from .common import SIZES, case, concat, draw, leaves, like, sigmoid, split

SEED = [5, 9]


# The cells inside: h is the state of a GRU, c and h that of an LSTM.


def gru(w, x, h):
    r, u = split(sigmoid(concat(x, h) @ w["gates/kernel"] + w["gates/bias"]), 2)
    candidate = np.tanh(concat(x, r * h) @ w["candidate/kernel"] + w["candidate/bias"])
    h = u * h + (1 - u) * candidate
    return h, h


def gru_weights(features, units):
    return {
        "gates/kernel": draw(features + units, 2 * units, scale=0.5),
        "gates/bias": draw(2 * units),
        "candidate/kernel": draw(features + units, units, scale=0.5),
        "candidate/bias": draw(units),
    }


def lstm(w, x, state):
    i, j, f, o = split(concat(x, state["h"]) @ w["kernel"] + w["bias"], 4)
    c = sigmoid(f + 1) * state["c"] + sigmoid(i) * np.tanh(j)
    h = sigmoid(o) * np.tanh(c)
    return h, {"c": c, "h": h}


def lstm_weights(features, units):
    return {"kernel": draw(features + units, 4 * units, scale=0.5), "bias": draw(4 * units)}


CELLS = {
    "gru": (gru, gru_weights, lambda batch, units: np.zeros((batch, units))),
    "lstm": (lstm, lstm_weights, lambda batch, units: {"c": np.zeros((batch, units)), "h": np.zeros((batch, units))}),
}


def inner(w):
    """The weights of the cell inside, by its own names."""
    return {name.removeprefix("cell/"): value for name, value in w.items() if name.startswith("cell/")}


def prefixed(name, weights):
    return {f"{name}/{key}": value for key, value in weights.items()}


def linear(name, rows, columns):
    return {f"{name}/kernel": draw(rows, columns, scale=0.5), f"{name}/bias": draw(columns)}


def wrapped_case(kind, step, weights, state, size, wrapper, **more):
    batch, time, features, units = size
    sizes = {"units": units, "batch": batch, "time": time, "features": features}
    return case(step, cell={"kind": kind}, wrapper=wrapper, weights=weights, state=state, **sizes, **more)


def attention(cell, length, size):
    """contrib.rnn's AttentionCellWrapper; the window is a row of `length` outputs of width `size`."""

    def step(w, x, state):
        x = concat(x, state["attention"]) @ w["input/kernel"] + w["input/bias"]
        y, new = cell(inner(w), x, state["cell"])
        query = concat(*leaves(new)) @ w["attention/kernel"] + w["attention/bias"]
        window = state["window"].reshape(-1, length, size)
        scores = np.tanh(window @ w["window/kernel"] + query[:, None]) @ w["window/vector"]
        weights = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
        attended = np.einsum("bl,bls->bs", weights, window)
        output = concat(y, attended) @ w["output/kernel"] + w["output/bias"]
        window = np.concatenate([window[:, 1:], output[:, None]], axis=1)
        return output, {"cell": new, "attention": attended, "window": window.reshape(len(x), -1)}

    return step


def attention_case(kind, size, length, attn_size=0, attn_vec_size=0):
    batch, _, features, units = size
    cell, cell_weights, zero_state = CELLS[kind]
    width = attn_size or units
    compared = attn_vec_size or width
    state = zero_state(batch, units)
    weights = {
        **prefixed("cell", cell_weights(features, units)),
        **linear("input", features + width, features),
        **linear("attention", sum(part.shape[1] for part in leaves(state)), compared),
        **linear("output", units + width, width),
        "window/kernel": draw(width, compared),
        "window/vector": draw(compared),
    }
    state = {"cell": state, "attention": np.zeros((batch, width)), "window": np.zeros((batch, length * width))}
    wrapper = {"kind": "attention", "attnLength": length, "attnSize": attn_size, "attnVecSize": attn_vec_size}
    return wrapped_case(kind, attention(cell, length, width), weights, state, size, wrapper)


def zoneout(cell, prob, masks):
    """Krueger et al. 2016. masks: of each step, for each part of the state, where it keeps its old value."""
    calls = 0

    def step(w, x, old):
        nonlocal calls
        output, new = cell(w, x, old)
        kept = iter(masks[calls % len(masks)] if masks else [prob] * len(leaves(new)))
        calls += 1
        before = iter(leaves(old))

        def zone(part):
            d = next(kept)
            return d * next(before) + (1 - d) * part

        state = like(new, zone)
        assert output is leaves(new)[-1]  # h, the output of both cells, is the last part of their states
        return leaves(state)[-1], state

    return step


def zoneout_case(kind, size, prob, training):
    batch, time, features, units = size
    cell, cell_weights, zero_state = CELLS[kind]
    state = zero_state(batch, units)
    masks, more = None, {}
    if training:
        import tensorflow as tf

        def mask(n):
            """That of draw n has the seed [5 + n, 9]."""
            uniform = tf.random.stateless_uniform((batch, units), [SEED[0] + n, SEED[1]]).numpy()
            return (uniform < np.float32(prob)).astype(np.float64)

        parts = len(leaves(state))
        masks = [[mask(parts * t + part) for part in range(parts)] for t in range(time)]
        more = {"passSeed": SEED}
    wrapper = {"kind": "zoneout", "zoneoutProb": prob}
    step = zoneout(cell, prob, masks)
    return wrapped_case(kind, step, cell_weights(features, units), state, size, wrapper, **more)


def residual(cell):
    def step(w, x, state):
        y, state = cell(w, x, state)
        return (x + y if x.shape == y.shape else y), state

    return step


def residual_case(kind, size):
    batch, _, features, units = size
    cell, cell_weights, zero_state = CELLS[kind]
    weights = cell_weights(features, units)
    return wrapped_case(kind, residual(cell), weights, zero_state(batch, units), size, {"kind": "residual"})


def input_projection_case(kind, size, width):
    batch, _, features, units = size
    cell, cell_weights, zero_state = CELLS[kind]

    def step(w, x, state):
        return cell(inner(w), x @ w["input/kernel"] + w["input/bias"], state)

    weights = {**prefixed("cell", cell_weights(width, units)), **linear("input", features, width)}
    wrapper = {"kind": "inputProjection", "inputProjectionSize": width}
    return wrapped_case(kind, step, weights, zero_state(batch, units), size, wrapper)


def output_projection_case(kind, size, width):
    batch, _, features, units = size
    cell, cell_weights, zero_state = CELLS[kind]

    def step(w, x, state):
        y, state = cell(inner(w), x, state)
        return y @ w["output/kernel"] + w["output/bias"], state

    weights = {**prefixed("cell", cell_weights(features, units)), **linear("output", units, width)}
    wrapper = {"kind": "outputProjection", "outputProjectionSize": width}
    return wrapped_case(kind, step, weights, zero_state(batch, units), size, wrapper)


# For each of SIZES: a window of one step, one shorter and one longer than the sequence; widths chosen, and left to the
# wrapper.
ATTENTION = [{"length": 1}, {"length": 2, "attn_size": 3, "attn_vec_size": 4}, {"length": 4, "attn_vec_size": 2}]
RESIDUAL = [(1, 1, 1, 1), (2, 4, 5, 5), (3, 3, 4, 4), (2, 3, 3, 5)]  # the last differs in width


def cases():
    return [
        *[attention_case(kind, size, **options) for kind in CELLS for size, options in zip(SIZES, ATTENTION)],
        *[
            zoneout_case(kind, size, prob, training)
            for kind in CELLS
            for size, prob in zip(SIZES, [0.5, 0.25, 0.1])
            for training in [True, False]
        ],
        *[residual_case(kind, size) for kind in CELLS for size in RESIDUAL],
        *[input_projection_case(kind, size, width) for kind in CELLS for size, width in zip(SIZES, [1, 2, 7])],
        *[output_projection_case(kind, size, width) for kind in CELLS for size, width in zip(SIZES, [1, 2, 6])],
    ]
