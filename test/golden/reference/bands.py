"""Several bands of blocks, and clipping: GridLSTMCell, BidirectionalGridLSTMCell and TimeFreqLSTMCell.

From tensorflow/contrib/rnn/python/ops/rnn_cell.py, with the state in a tuple: each band reads its own.
"""

import numpy as np

from .common import case, concat, draw, sigmoid, split

BATCH, TIME, FEATURES, UNITS = 2, 2, 9, 2
SIZE, SKIP = 3, 2
ONE_BAND = [(0, FEATURES)]
BANDS = [(0, 5), (4, 9)]  # two blocks each, which share a feature
UNEVEN = [(1, 8), (0, 3)]  # three blocks and one; features 8 and above are not read


def clipped(x, limit):
    return np.clip(x, -limit, limit) if limit else x


def count(start, end):
    return int((end - start - SIZE) / SKIP) + 1


def blocks_of(x, start, end, offset=0):
    if offset > 0:
        x = np.pad(x, [(0, 0), (0, offset)])
        start += offset
    elif offset < 0:
        x = np.pad(x, [(0, 0), (-offset, 0)])
    number = count(start, end + max(0, offset))
    return [x[:, start + f * SKIP :][:, :SIZE] for f in range(number)]


def part(w, name):
    return {key.removeprefix(f"{name}/"): value for key, value in w.items() if key.startswith(f"{name}/")}


def of_band(w, bands, b):
    return w if len(bands) == 1 else part(w, f"band_{b}")


def prefixed(bands, make):
    if len(bands) == 1:
        return make()
    return {f"band_{b}/{name}": value for b in range(len(bands)) for name, value in make().items()}


def memories(bands):
    total = sum(count(*band) for band in bands)
    return [{"c": np.zeros((BATCH, UNITS)), "h": np.zeros((BATCH, UNITS))} for _ in range(total)]


def grid_compute(w, blocks, state, settings):
    """One band; state holds the memories of its blocks."""
    names = {"f": "frequency", "t": "time"}
    if settings["shareTimeFrequencyWeights"]:
        names = {"f": None, "t": None}

    def get(lstm, key):
        return w[key if names[lstm] is None else f"{names[lstm]}/{key}"]

    m_freq = c_freq = np.zeros((BATCH, UNITS))
    outputs, new_state = [], []
    for block, old in zip(blocks, state, strict=True):
        c_time = old["c"]
        z = concat(block, old["h"], m_freq)
        new, out = {}, {}
        for lstm, own in [("f", c_freq), ("t", c_time)]:

            def peep(gate, cf, ct):
                if not settings["peepholes"]:
                    return 0
                return get(lstm, f"w_{gate}_frequency") * cf + get(lstm, f"w_{gate}_time") * ct

            sums = z @ get(lstm, "kernel") + get(lstm, "bias")
            if settings["coupleInputForgetGates"]:
                i, j, o = split(sums, 3)
                i = sigmoid(i + peep("i", c_freq, c_time))
                f = 1 - i
            else:
                i, j, f, o = split(sums, 4)
                i = sigmoid(i + peep("i", c_freq, c_time))
                f = sigmoid(f + settings["forgetBias"] + peep("f", c_freq, c_time))
            new[lstm] = clipped(f * own + i * np.tanh(j), settings["cellClip"])
            out[lstm] = o
        m = {}
        for lstm in ["f", "t"]:
            o = out[lstm]
            if settings["peepholes"]:
                o = o + get(lstm, "w_o_frequency") * new["f"] + get(lstm, "w_o_time") * new["t"]
            m[lstm] = sigmoid(o) * np.tanh(new[lstm])
        c_freq, m_freq = new["f"], m["f"]
        new_state.append({"c": new["t"], "h": m["t"]})
        outputs += [m["t"], m["f"]]
    return outputs, new_state


def grid_call(w, x, state, bands, settings, offset=0, reverse=False):
    outputs, new_state = [], []
    rest = list(state)
    for b, (start, end) in enumerate(bands):
        blocks = blocks_of(x, start, end, offset)
        if reverse:
            blocks = blocks[::-1]
        own, rest = rest[: len(blocks)], rest[len(blocks) :]
        out, new = grid_compute(of_band(w, bands, b), blocks, own, settings)
        outputs += out
        new_state += new
    assert not rest
    return outputs, new_state


def grid_weights(settings):
    gates = ["i", "o"] if settings["coupleInputForgetGates"] else ["i", "f", "o"]
    weights = {}
    for lstm in [""] if settings["shareTimeFrequencyWeights"] else ["frequency/", "time/"]:
        width = (len(gates) + 1) * UNITS
        weights[f"{lstm}kernel"] = draw(SIZE + 2 * UNITS, width, scale=0.5)
        weights[f"{lstm}bias"] = draw(width)
        if settings["peepholes"]:
            weights |= {f"{lstm}w_{gate}_{memory}": draw(UNITS) for gate in gates for memory in ["frequency", "time"]}
    return weights


def block_settings(bands, told):
    several = len(bands) > 1
    return {
        "featureSize": SIZE,
        "frequencySkip": SKIP,
        "startFreqindexList": [start for start, _ in bands] if several else [],
        "endFreqindexList": [end for _, end in bands] if several else [],
        "numFrequencyBlocks": [count(*band) for band in bands] if told else [],
    }


def grid_settings(clip=0, shared=False, coupled=False, peepholes=False, forget_bias=1):
    return {
        "cellClip": clip,
        "shareTimeFrequencyWeights": shared,
        "coupleInputForgetGates": coupled,
        "peepholes": peepholes,
        "forgetBias": forget_bias,
    }


def make(step, kind, weights, state, settings):
    sizes = {"batch": BATCH, "time": TIME, "features": FEATURES}
    return case(step, cell={"kind": kind} | settings, units=UNITS, weights=weights, state=state, **sizes)


def grid_case(bands, told=False, **options):
    settings = grid_settings(**options)

    def step(w, x, state):
        outputs, new = grid_call(w, x, state, bands, settings)
        return concat(*outputs), new

    weights = prefixed(bands, lambda: grid_weights(settings))
    return make(step, "gridLstm", weights, memories(bands), settings | block_settings(bands, told))


def bidirectional_case(bands, offset=0, **options):
    settings = grid_settings(**options)

    def step(w, x, state):
        forward, new_forward = grid_call(part(w, "forward"), x, state["forward"], bands, settings)
        backward, new_backward = grid_call(
            part(w, "backward"), x, state["backward"], bands, settings, offset, reverse=True
        )
        return concat(*forward, *backward), {"forward": new_forward, "backward": new_backward}

    directions = ["forward", "backward"]
    weights = {
        f"{direction}/{name}": value
        for direction in directions
        for name, value in prefixed(bands, lambda: grid_weights(settings)).items()
    }
    state = {direction: memories(bands) for direction in directions}
    more = block_settings(bands, True) | {"backwardSliceOffset": offset}
    return make(step, "bidirectionalGridLstm", weights, state, settings | more)


def time_frequency_case(bands, clip=0, peepholes=False, forget_bias=1):
    def step(w, x, state):
        outputs, new_state = [], []
        rest = list(state)
        for b, (start, end) in enumerate(bands):
            own = of_band(w, bands, b)
            m_freq = np.zeros((BATCH, UNITS))
            for block in blocks_of(x, start, end):
                old = rest.pop(0)
                i, j, f, o = split(concat(block, old["h"], m_freq) @ own["kernel"] + own["bias"], 4)
                f = f + forget_bias
                if peepholes:
                    f = f + own["w_f"] * old["c"]
                    i = i + own["w_i"] * old["c"]
                c = clipped(sigmoid(f) * old["c"] + sigmoid(i) * np.tanh(j), clip)
                m_freq = sigmoid(o + own["w_o"] * c if peepholes else o) * np.tanh(c)
                outputs.append(m_freq)
                new_state.append({"c": c, "h": m_freq})
        return concat(*outputs), new_state

    def own_weights():
        own = {"kernel": draw(SIZE + 2 * UNITS, 4 * UNITS, scale=0.5), "bias": draw(4 * UNITS)}
        return own | ({name: draw(UNITS) for name in ["w_f", "w_i", "w_o"]} if peepholes else {})

    settings = {"cellClip": clip, "peepholes": peepholes, "forgetBias": forget_bias}
    weights = prefixed(bands, own_weights)
    return make(step, "timeFreqLstm", weights, memories(bands), settings | block_settings(bands, False))


def cases():
    return [
        grid_case(ONE_BAND, told=True, clip=0.3),
        grid_case(BANDS, told=True),
        grid_case(UNEVEN),
        grid_case(UNEVEN, clip=0.3, peepholes=True, forget_bias=0.5),
        grid_case(BANDS, clip=0.3, shared=True, coupled=True, peepholes=True),
        bidirectional_case(ONE_BAND, clip=0.3),
        bidirectional_case(BANDS, offset=2, clip=0.3),
        bidirectional_case(UNEVEN, offset=-1, coupled=True),
        time_frequency_case(ONE_BAND, clip=0.3),
        time_frequency_case(UNEVEN, clip=0.3, peepholes=True, forget_bias=0.5),
    ]
