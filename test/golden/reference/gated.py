"""Gated cells, from their papers."""

import numpy as np

from .common import SIZES, case, concat, draw, sigmoid, split


def minimal_gated_unit(w, x, h):
    """Zhou, Wu, Zhang, Zhou 2016, equations 7 to 9."""
    f = sigmoid(concat(x, h) @ w["gate/kernel"] + w["gate/bias"])
    candidate = np.tanh(concat(x, f * h) @ w["candidate/kernel"] + w["candidate/bias"])
    h = (1 - f) * h + f * candidate
    return h, h


def minimal_gated_unit_case(batch, time, features, units):
    weights = {
        f"{name}/{part}": draw(*shape, scale=scale)
        for name in ["gate", "candidate"]
        for part, shape, scale in [("kernel", (features + units, units), 0.5), ("bias", (units,), 1.0)]
    }
    return case(
        minimal_gated_unit,
        cell={"kind": "mgu"},
        units=units,
        weights=weights,
        state=np.zeros((batch, units)),
        batch=batch,
        time=time,
        features=features,
    )


def coupled_lstm(forget_bias):
    """Greff et al. 2015, CIFG; the order of the gates is contrib.rnn's."""

    def step(w, x, state):
        j, f, o = split(concat(x, state["h"]) @ w["kernel"] + w["bias"], 3)
        if "w_f" in w:
            f = f + w["w_f"] * state["c"]
        keep = sigmoid(f + forget_bias)
        c = keep * state["c"] + (1 - keep) * np.tanh(j)
        if "w_o" in w:
            o = o + w["w_o"] * c
        h = sigmoid(o) * np.tanh(c)
        return h, {"c": c, "h": h}

    return step


def lstm_state(batch, units):
    return {"c": np.zeros((batch, units)), "h": np.zeros((batch, units))}


def coupled_lstm_case(batch, time, features, units, peepholes, forget_bias):
    weights = {"kernel": draw(features + units, 3 * units, scale=0.5), "bias": draw(3 * units)}
    if peepholes:
        weights |= {name: draw(units) for name in ["w_f", "w_o"]}
    return case(
        coupled_lstm(forget_bias),
        cell={"kind": "cifgLstm", "peepholes": peepholes, "forgetBias": forget_bias},
        units=units,
        weights=weights,
        state=lstm_state(batch, units),
        batch=batch,
        time=time,
        features=features,
    )


NORMS = ["input", "transform", "forget", "output", "state"]


def layer_norm_lstm(masks, epsilon, forget_bias):
    """Ba et al. 2016; contrib.rnn's LayerNormBasicLSTMCell. masks: what the candidate of each step is multiplied by."""
    calls = 0

    def step(w, x, state):
        nonlocal calls

        def norm(z, name):
            if "bias" in w:
                return z
            scaled = (z - z.mean(1, keepdims=True)) / np.sqrt(z.var(1, keepdims=True) + epsilon)
            return scaled * w[f"{name}/gamma"] + w[f"{name}/beta"]

        i, j, f, o = split(concat(x, state["h"]) @ w["kernel"] + w.get("bias", 0), 4)
        g = np.tanh(norm(j, "transform")) * masks[calls % len(masks)]
        calls += 1
        c = norm(sigmoid(norm(f, "forget") + forget_bias) * state["c"] + sigmoid(norm(i, "input")) * g, "state")
        h = sigmoid(norm(o, "output")) * np.tanh(c)
        return h, {"c": c, "h": h}

    return step


def layer_norm_lstm_case(batch, time, features, units, layer_norm=True, dropout=0, epsilon=1e-12, forget_bias=1):
    weights = {"kernel": draw(features + units, 4 * units, scale=0.5)}
    if layer_norm:
        weights |= {f"{name}/{part}": draw(units) for name in NORMS for part in ["gamma", "beta"]}
    else:
        weights["bias"] = draw(4 * units)
    seed = [5, 9]
    masks, more = [1.0], {}
    if dropout > 0:
        import tensorflow as tf

        # The mask of draw t has the seed [5 + t, 9].
        uniform = [tf.random.stateless_uniform((batch, units), [seed[0] + t, seed[1]]).numpy() for t in range(time)]
        masks = [(u >= np.float32(dropout)) / (1 - dropout) for u in uniform]
        more = {"passSeed": seed}
    return case(
        layer_norm_lstm(masks, epsilon, forget_bias),
        cell={
            "kind": "layerNormLstm",
            "layerNorm": layer_norm,
            "recurrentDropout": dropout,
            "normEpsilon": epsilon,
            "forgetBias": forget_bias,
        },
        units=units,
        weights=weights,
        state=lstm_state(batch, units),
        batch=batch,
        time=time,
        features=features,
        **more,
    )


def cudnn_gru_case(batch, time, features, units):
    """Keras is the source here: GRUCell with reset_after, in float64, by TensorFlow."""
    import keras
    import tensorflow as tf

    cell = keras.layers.GRUCell(units, reset_after=True, dtype="float64")
    cell.build((batch, features))

    def step(w, x, h):
        biases = np.stack([w["input/bias"], w["hidden/bias"]])
        cell.set_weights([w["input/kernel"], w["hidden/kernel"], biases])
        h = cell(tf.constant(x), [tf.constant(h)])[0].numpy()
        return h, h

    weights = {
        f"{name}/{part}": draw(*shape, scale=0.5)
        for name, rows in [("input", features), ("hidden", units)]
        for part, shape in [("kernel", (rows, 3 * units)), ("bias", (3 * units,))]
    }
    made = case(
        step,
        cell={"kind": "cudnnGru"},
        units=units,
        weights=weights,
        state=np.zeros((batch, units)),
        batch=batch,
        time=time,
        features=features,
    )
    return made | {"source": f"keras {keras.__version__}, tensorflow {tf.__version__}"}


def cases():
    wide = [(1, 1, 1, 3), *SIZES[1:]]  # one unit alone is always normalised to 0
    return [
        *[minimal_gated_unit_case(*size) for size in SIZES],
        *[coupled_lstm_case(*size, peepholes, bias) for size in SIZES for peepholes, bias in [(False, 1), (True, 0.5)]],
        *[layer_norm_lstm_case(*size) for size in wide],
        layer_norm_lstm_case(*SIZES[1], layer_norm=False),
        layer_norm_lstm_case(*SIZES[1], dropout=0.25),
        layer_norm_lstm_case(*SIZES[2], epsilon=0.1, forget_bias=0.5),
        *[cudnn_gru_case(*size) for size in SIZES],
    ]
