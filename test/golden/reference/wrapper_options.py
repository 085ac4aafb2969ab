"""What can be chosen of contrib.rnn's wrappers: the width of attention's inner input, activations of projections."""

from .common import draw
from .options import ACTIVATIONS
from .wrappers import CELLS, attention, inner, leaves, linear, prefixed, wrapped_case

import numpy as np

SIZE = (2, 3, 3, 4)  # batch, time, features, units


def attention_case(kind, length, attn_size, attn_vec_size, input_size):
    batch, _, features, units = SIZE
    cell, cell_weights, zero_state = CELLS[kind]
    state = zero_state(batch, units)
    weights = {
        **prefixed("cell", cell_weights(input_size, units)),
        **linear("input", features + attn_size, input_size),
        **linear("attention", sum(part.shape[1] for part in leaves(state)), attn_vec_size),
        **linear("output", units + attn_size, attn_size),
        "window/kernel": draw(attn_size, attn_vec_size),
        "window/vector": draw(attn_vec_size),
    }
    window = np.zeros((batch, length * attn_size))
    state = {"cell": state, "attention": np.zeros((batch, attn_size)), "window": window}
    wrapper = {
        "kind": "attention",
        "attnLength": length,
        "attnSize": attn_size,
        "attnVecSize": attn_vec_size,
        "inputSize": input_size,
    }
    return wrapped_case(kind, attention(cell, length, attn_size), weights, state, SIZE, wrapper)


def projection_case(kind, side, width, activation):
    batch, _, features, units = SIZE
    cell, cell_weights, zero_state = CELLS[kind]
    act = ACTIVATIONS[activation]

    def step(w, x, state):
        if side == "input":
            return cell(inner(w), act(x @ w["input/kernel"] + w["input/bias"]), state)
        y, state = cell(inner(w), x, state)
        return act(y @ w["output/kernel"] + w["output/bias"]), state

    rows, columns = (features, width) if side == "input" else (units, width)
    reads = width if side == "input" else features
    weights = {**prefixed("cell", cell_weights(reads, units)), **linear(side, rows, columns)}
    wrapper = {"kind": f"{side}Projection", f"{side}ProjectionSize": width, "projectionActivation": activation}
    return wrapped_case(kind, step, weights, zero_state(batch, units), SIZE, wrapper)


def cases():
    return [
        attention_case("gru", 2, 3, 2, input_size=5),
        attention_case("lstm", 3, 2, 4, input_size=2),
        projection_case("gru", "input", 5, "relu"),
        projection_case("lstm", "output", 2, "tanh"),
    ]
