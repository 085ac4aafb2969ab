"""What TensorFlow 1 does with sequences of several lengths, with dropout around a cell, and with symbols.

From tensorflow/python/ops/rnn.py (dynamic_rnn, bidirectional_dynamic_rnn), tensorflow/python/ops/rnn_cell_impl.py
(DropoutWrapper) and tensorflow/contrib/rnn/python/ops/core_rnn_cell.py (EmbeddingWrapper). No gradients here: the tests
compare those with central differences of their own.
"""

import numpy as np

from .common import draw, leaves, like, to_json
from .stateless import stateless_uniform
from .wrappers import CELLS, prefixed

BATCH, TIME, FEATURES, UNITS = 3, 4, 2, 3


def run(step, weights, inputs, state, lengths):
    """dynamic_rnn: past its length an example's output is zero and its state is copied."""
    outputs = []
    for t in range(inputs.shape[1]):
        output, new = step(weights, inputs[:, t], state)
        read = (t < lengths)[:, None]
        outputs.append(np.where(read, output, 0))
        old = iter(leaves(state))
        state = like(new, lambda part: np.where(read, part, next(old)))
    return np.stack(outputs, axis=1), state


def reverse_sequence(values, lengths):
    """The first `length` steps of each example reversed, the rest where it is."""
    result = values.copy()
    for b, length in enumerate(lengths):
        result[b, :length] = values[b, :length][::-1]
    return result


def last_relevant(outputs, lengths):
    return np.stack([outputs[b, n - 1] if n else np.zeros(outputs.shape[2]) for b, n in enumerate(lengths)])


def lengths_case(kind, lengths):
    cell, cell_weights, zero_state = CELLS[kind]
    lengths = np.array(lengths)
    inputs = draw(BATCH, TIME, FEATURES)
    start = like(zero_state(BATCH, UNITS), lambda part: draw(*part.shape))
    forward, backward = cell_weights(FEATURES, UNITS), cell_weights(FEATURES, UNITS)
    outputs, state = run(cell, forward, inputs, start, lengths)
    zeros = zero_state(BATCH, UNITS)
    there, there_state = run(cell, forward, inputs, zeros, lengths)
    back, back_state = run(cell, backward, reverse_sequence(inputs, lengths), zeros, lengths)
    both = np.concatenate([there, reverse_sequence(back, lengths)], axis=2)
    return {
        "what": "lengths",
        "kind": kind,
        "units": UNITS,
        "lengths": lengths.tolist(),
        "inputs": to_json(inputs),
        "startState": to_json(start),
        "weights": to_json(forward),
        "backwardWeights": to_json(backward),
        "outputs": to_json(outputs),
        "lastOutput": to_json(last_relevant(outputs, lengths)),
        "lastState": to_json(state),
        "bidirectional": {
            "outputs": to_json(both),
            "lastOutput": to_json(np.concatenate([last_relevant(there, lengths), last_relevant(back, lengths)], 1)),
            "lastStates": {"forward": to_json(there_state), "backward": to_json(back_state)},
        },
    }


def dropout_case(kind, seed, salt, keep, variational):
    """keep: of input, output and state. Fresh masks get their seeds in the order input, state parts, output."""
    cell, cell_weights, zero_state = CELLS[kind]
    inputs = draw(BATCH, TIME, FEATURES)
    state = zero_state(BATCH, UNITS)
    weights = cell_weights(FEATURES, UNITS)
    drawn = 0

    def drop(value, p, fixed):
        nonlocal drawn
        if p == 1:
            return value
        if variational:  # one row for all examples
            noise = stateless_uniform((1, value.shape[1]), [seed[0] - salt - fixed, seed[1] + 2**30])
        else:
            noise = stateless_uniform(value.shape, [seed[0] + drawn, seed[1]])
            drawn += 1
        return value / p * (noise >= np.float32(1) - np.float32(p))

    outputs = []
    for t in range(TIME):
        output, state = cell(weights, drop(inputs[:, t], keep["input"], 0), state)
        if kind == "lstm":  # the memory c is never dropped
            state = {"c": state["c"], "h": drop(state["h"], keep["state"], 2)}
        else:
            state = drop(state, keep["state"], 2)
        outputs.append(drop(output, keep["output"], 1))
    return {
        "what": "dropout",
        "kind": kind,
        "units": UNITS,
        "seed": seed,
        "salt": salt,
        "options": {f"{name}KeepProb": p for name, p in keep.items()} | {"variationalRecurrent": variational},
        "inputs": to_json(inputs),
        "weights": to_json(weights),
        "outputs": to_json(np.stack(outputs, axis=1)),
        "lastState": to_json(state),
    }


def embedding_case(kind, classes, size):
    cell, cell_weights, zero_state = CELLS[kind]
    symbols = np.array([[0, classes - 1, 1, 0], [1, 1, 0, classes - 1], [classes - 1, 0, 0, 1]])[:, :, None]
    inner = cell_weights(size, UNITS)
    embedding = draw(classes, size)
    state = zero_state(BATCH, UNITS)
    outputs = []
    for t in range(TIME):
        output, state = cell(inner, embedding[symbols[:, t].reshape(-1)], state)
        outputs.append(output)
    return {
        "what": "embedding",
        "kind": kind,
        "units": UNITS,
        "options": {"embeddingClasses": classes, "embeddingSize": size},
        "inputs": to_json(symbols),
        "weights": to_json({**prefixed("cell", inner), "embedding": embedding}),
        "outputs": to_json(np.stack(outputs, axis=1)),
        "lastState": to_json(state),
    }


def cases():
    some = {"input": 0.75, "output": 0.5, "state": 0.625}
    return [
        *[lengths_case(kind, [4, 2, 0]) for kind in CELLS],
        lengths_case("lstm", [1, 3, 4]),
        *[
            dropout_case(kind, [7, 2], 12345, some, variational)
            for kind in CELLS
            for variational in [False, True]
        ],
        dropout_case("lstm", [7, 3], 5, {"input": 1, "output": 1, "state": 0.5}, False),
        dropout_case("gru", [9, 1], 77, {"input": 1, "output": 0.5, "state": 1}, True),
        *[embedding_case(kind, 4, 2) for kind in CELLS],
    ]
