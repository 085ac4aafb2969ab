"""The cells that read a row in blocks: tensorflow/contrib/rnn/python/ops/rnn_cell.py.

The time-frequency LSTM, the grid LSTM over time and frequency, and the latter in both directions of frequency.
"""

import numpy as np

from .common import case, concat, draw, sigmoid, split


def blocks_of(x, size, skip, offset=0):
    """The blocks as the original slices them; with an offset the features are shifted and zeros come in."""
    count = (x.shape[1] - size) // skip + 1
    zeros = np.zeros((x.shape[0], abs(offset)))
    shifted = concat(x, zeros)[:, offset:] if offset >= 0 else concat(zeros, x)
    return [shifted[:, k * skip : k * skip + size] for k in range(count)]


def memories(batch, units, count):
    return [{"c": np.zeros((batch, units)), "h": np.zeros((batch, units))} for _ in range(count)]


def count_blocks(features, size, skip):
    return len(blocks_of(np.zeros((1, features)), size, skip))


def time_frequency_lstm(size, skip, forget_bias):
    def step(w, x, state):
        from_below = np.zeros_like(state[0]["h"])
        new_state = []
        for block, old in zip(blocks_of(x, size, skip), state):
            i, j, f, o = split(concat(block, old["h"], from_below) @ w["kernel"] + w["bias"], 4)
            f = f + forget_bias
            if "w_f" in w:
                f = f + w["w_f"] * old["c"]
                i = i + w["w_i"] * old["c"]
            c = sigmoid(f) * old["c"] + sigmoid(i) * np.tanh(j)
            if "w_o" in w:
                o = o + w["w_o"] * c
            from_below = sigmoid(o) * np.tanh(c)
            new_state.append({"c": c, "h": from_below})
        return concat(*[new["h"] for new in new_state]), new_state

    return step


def time_frequency_case(batch, time, features, units, size, skip, peepholes=False, forget_bias=1):
    width = size + 2 * units
    weights = {"kernel": draw(width, 4 * units, scale=0.5), "bias": draw(4 * units)}
    if peepholes:
        weights |= {name: draw(units) for name in ["w_f", "w_i", "w_o"]}
    return case(
        time_frequency_lstm(size, skip, forget_bias),
        cell={
            "kind": "timeFreqLstm",
            "featureSize": size,
            "frequencySkip": skip,
            "peepholes": peepholes,
            "forgetBias": forget_bias,
        },
        units=units,
        weights=weights,
        state=memories(batch, units, count_blocks(features, size, skip)),
        batch=batch,
        time=time,
        features=features,
    )


def sweep(w, blocks, state, forget_bias):
    """Over the blocks in the given order. Weights that both LSTMs share stand in w without the name of one."""
    coupled_width = 3 * state[0]["c"].shape[1]

    def of(lstm, name):
        return w.get(f"{lstm}/{name}", w.get(name))

    def sums(lstm, z):
        product = z @ of(lstm, "kernel") + of(lstm, "bias")
        if product.shape[1] == coupled_width:
            i, j, o = split(product, 3)
            return i, j, None, o
        return split(product, 4)

    def see(lstm, gate, c_freq, c_time):
        """What the peepholes add to a gate."""
        if of(lstm, f"w_{gate}_frequency") is None:
            return 0
        return of(lstm, f"w_{gate}_frequency") * c_freq + of(lstm, f"w_{gate}_time") * c_time

    c_freq = np.zeros_like(state[0]["c"])
    m_freq = np.zeros_like(state[0]["h"])
    outputs, new_state = [], []
    for block, old in zip(blocks, state):
        c_time = old["c"]
        z = concat(block, old["h"], m_freq)
        new, shown = {}, {}
        for lstm, own in [("frequency", c_freq), ("time", c_time)]:
            i, j, f, o = sums(lstm, z)
            i = sigmoid(i + see(lstm, "i", c_freq, c_time))
            f = 1 - i if f is None else sigmoid(f + forget_bias + see(lstm, "f", c_freq, c_time))
            new[lstm] = f * own + i * np.tanh(j)
            shown[lstm] = o
        c_freq, c_time = new["frequency"], new["time"]
        m_freq, m_time = [
            sigmoid(shown[lstm] + see(lstm, "o", c_freq, c_time)) * np.tanh(new[lstm])
            for lstm in ["frequency", "time"]
        ]
        new_state.append({"c": c_time, "h": m_time})
        outputs += [m_time, m_freq]
    return concat(*outputs), new_state


def grid_weights(units, size, shared, coupled, peepholes):
    weights = {}
    for lstm in [""] if shared else ["frequency/", "time/"]:
        gates = (3 if coupled else 4) * units
        weights[f"{lstm}kernel"] = draw(size + 2 * units, gates, scale=0.5)
        weights[f"{lstm}bias"] = draw(gates)
        if peepholes:
            for gate in ["i", "o"] if coupled else ["i", "f", "o"]:
                for memory in ["frequency", "time"]:
                    weights[f"{lstm}w_{gate}_{memory}"] = draw(units)
    return weights


def grid_settings(kind, size, skip, shared, coupled, peepholes, forget_bias):
    return {
        "kind": kind,
        "featureSize": size,
        "frequencySkip": skip,
        "shareTimeFrequencyWeights": shared,
        "coupleInputForgetGates": coupled,
        "peepholes": peepholes,
        "forgetBias": forget_bias,
    }


def grid_case(
    batch, time, features, units, size, skip, shared=False, coupled=False, peepholes=False, forget_bias=1
):
    def step(w, x, state):
        return sweep(w, blocks_of(x, size, skip), state, forget_bias)

    return case(
        step,
        cell=grid_settings("gridLstm", size, skip, shared, coupled, peepholes, forget_bias),
        units=units,
        weights=grid_weights(units, size, shared, coupled, peepholes),
        state=memories(batch, units, count_blocks(features, size, skip)),
        batch=batch,
        time=time,
        features=features,
    )


def bidirectional_case(
    batch, time, features, units, size, skip, offset=0, shared=False, coupled=False, peepholes=False, forget_bias=1
):
    def step(w, x, state):
        def part(name):
            return {key.removeprefix(f"{name}/"): value for key, value in w.items() if key.startswith(f"{name}/")}

        forward = blocks_of(x, size, skip)
        backward = blocks_of(x, size, skip, offset)[::-1]
        forward_output, forward_state = sweep(part("forward"), forward, state["forward"], forget_bias)
        backward_output, backward_state = sweep(part("backward"), backward, state["backward"], forget_bias)
        return concat(forward_output, backward_output), {"forward": forward_state, "backward": backward_state}

    count = count_blocks(features, size, skip)
    settings = grid_settings("bidirectionalGridLstm", size, skip, shared, coupled, peepholes, forget_bias)
    return case(
        step,
        cell=settings | {"backwardSliceOffset": offset},
        units=units,
        weights={
            f"{direction}/{name}": value
            for direction in ["forward", "backward"]
            for name, value in grid_weights(units, size, shared, coupled, peepholes).items()
        },
        state={direction: memories(batch, units, count) for direction in ["forward", "backward"]},
        batch=batch,
        time=time,
        features=features,
    )


# batch, time, features, units, size of a block, skip: one block; blocks side by side with two features left over;
# overlapping blocks; gaps between blocks with one feature left over.
SIZES = [(1, 1, 1, 1, 1, 1), (2, 3, 8, 2, 3, 3), (2, 2, 5, 3, 3, 1), (3, 2, 8, 2, 2, 5)]


def cases():
    some = SIZES[1]
    return [
        *[time_frequency_case(*size) for size in SIZES],
        *[time_frequency_case(*size, peepholes=True, forget_bias=0.5) for size in SIZES[1:]],
        *[grid_case(*size) for size in SIZES],
        *[
            grid_case(*some, shared=shared, coupled=coupled, peepholes=peepholes, forget_bias=0.5)
            for shared in [False, True]
            for coupled in [False, True]
            for peepholes in [False, True]
        ],
        grid_case(*SIZES[2], peepholes=True),
        *[bidirectional_case(*size) for size in SIZES],
        *[bidirectional_case(*some, offset=offset) for offset in [2, -1]],
        bidirectional_case(*some, shared=True),
        bidirectional_case(*some, coupled=True, peepholes=True),
        bidirectional_case(*some, shared=True, peepholes=True, forget_bias=0.5),
    ]
