"""Write the golden numbers that the tests compare with: TensorFlow's own kernels, never Scanline's code.

Run by `npm run golden`. Each file holds a list of cases: what goes in, and what TensorFlow makes of it.
"""

import json
import pathlib

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(20260101)


def tensor(value):
    value = np.asarray(value)
    return {"shape": list(value.shape), "values": [float(v) for v in value.ravel()]}


def draw(*shape, scale=1.0):
    return (scale * rng.standard_normal(shape)).astype(np.float32)


def write(name, cases):
    path = HERE / f"{name}.json"
    path.write_text(json.dumps({"tensorflow": tf.__version__, "cases": cases}) + "\n")
    print(f"{path.name}: {len(cases)} cases, {path.stat().st_size} bytes")


# Each cell: draw its weights; run one time step with TensorFlow's kernel.


def basic_weights(inputs, units):
    return {"kernel": draw(inputs + units, units, scale=0.5), "bias": draw(units)}


def basic_step(w, x, state):
    h = tf.tanh(tf.matmul(tf.concat([x, state["h"]], 1), w["kernel"]) + w["bias"])
    return h, {"h": h}


def gru_weights(inputs, units):
    return {
        "gates/kernel": draw(inputs + units, 2 * units, scale=0.5),
        "gates/bias": draw(2 * units),
        "candidate/kernel": draw(inputs + units, units, scale=0.5),
        "candidate/bias": draw(units),
    }


def gru_step(w, x, state):
    _, _, _, h = tf.raw_ops.GRUBlockCell(
        x=x,
        h_prev=state["h"],
        w_ru=w["gates/kernel"],
        w_c=w["candidate/kernel"],
        b_ru=w["gates/bias"],
        b_c=w["candidate/bias"],
    )
    return h, {"h": h}


def lstm_weights(inputs, units):
    return {"kernel": draw(inputs + units, 4 * units, scale=0.5), "bias": draw(4 * units)}


def peephole_weights(inputs, units):
    return {**lstm_weights(inputs, units), "w_i": draw(units), "w_f": draw(units), "w_o": draw(units)}


def lstm_step(w, x, state, forget_bias=1.0):
    unused = tf.zeros_like(state["c"][0])
    _, c, _, _, _, _, h = tf.raw_ops.LSTMBlockCell(
        x=x,
        cs_prev=state["c"],
        h_prev=state["h"],
        w=w["kernel"],
        wci=w.get("w_i", unused),
        wcf=w.get("w_f", unused),
        wco=w.get("w_o", unused),
        b=w["bias"],
        forget_bias=forget_bias,
        cell_clip=-1,
        use_peephole="w_i" in w,
    )
    return h, {"c": c, "h": h}


CELLS = {
    "basic": (basic_weights, basic_step, ["h"]),
    "gru": (gru_weights, gru_step, ["h"]),
    "lstm": (lstm_weights, lstm_step, ["c", "h"]),
    "lstm_peepholes": (peephole_weights, lstm_step, ["c", "h"]),
    "lstm_forget_bias_0": (
        lstm_weights,
        lambda w, x, state: lstm_step(w, x, state, forget_bias=0.0),
        ["c", "h"],
    ),
}


def unroll(step, weights, inputs, state):
    outputs = []
    for t in range(inputs.shape[1]):
        output, state = step(weights, tf.constant(inputs[:, t]), state)
        outputs.append(output)
    return outputs, state


def one_cell(kind, batch, time, features, units):
    make_weights, step, parts = CELLS[kind]
    weights = make_weights(features, units)
    inputs = draw(batch, time, features)
    start = {part: tf.constant(draw(batch, units, scale=0.5)) for part in parts}
    outputs, state = unroll(step, weights, inputs, start)
    return {
        "kind": kind,
        "units": units,
        "weights": {name: tensor(value) for name, value in weights.items()},
        "inputs": tensor(inputs),
        "startState": {part: tensor(value) for part, value in start.items()},
        "outputs": [tensor(value) for value in outputs],
        "endState": {part: tensor(value) for part, value in state.items()},
    }


def stacked(kind, batch, time, features, units, layers):
    """Layers on top of each other from a state of zeros, as dynamic_rnn over a MultiRNNCell does."""
    make_weights, step, parts = CELLS[kind]
    sequence = inputs = draw(batch, time, features)
    all_weights, states = {}, []
    for layer in range(layers):
        weights = make_weights(sequence.shape[2], units)
        all_weights.update({f"cell_{layer}/{name}": value for name, value in weights.items()})
        zeros = {part: tf.zeros([batch, units]) for part in parts}
        outputs, state = unroll(step, weights, sequence, zeros)
        sequence = np.stack([output.numpy() for output in outputs], axis=1)
        states.append({part: tensor(value) for part, value in state.items()})
    return {
        "kind": kind,
        "units": units,
        "layers": layers,
        "weights": {name: tensor(value) for name, value in all_weights.items()},
        "inputs": tensor(inputs),
        "outputs": [tensor(output) for output in outputs],
        "lastState": states,
    }


class LayeredCell:
    """Layers of a kind on top of each other, as TensorFlow 1's functions want a cell to be."""

    def __init__(self, kind, units, layer_weights):
        _, self.step, self.parts = CELLS[kind]
        self.units, self.layer_weights = units, layer_weights
        self.output_size = units
        self.state_size = [{part: units for part in self.parts} for _ in layer_weights]

    def zero_state(self, batch_size, dtype):
        return [{part: tf.zeros([batch_size, self.units], dtype) for part in self.parts} for _ in self.layer_weights]

    def __call__(self, x, states, scope=None):
        new_states = []
        for weights, state in zip(self.layer_weights, states):
            x, state = self.step(weights, x, state)
            new_states.append(state)
        return x, new_states


def bidirectional(kind, batch, time, features, units, layers):
    """TensorFlow 1's own function, a whole network of layers in each direction."""
    make_weights = CELLS[kind][0]
    inputs = draw(batch, time, features)
    weights = {
        direction: [make_weights(features if layer == 0 else units, units) for layer in range(layers)]
        for direction in ["forward", "backward"]
    }
    cells = [LayeredCell(kind, units, each) for each in weights.values()]
    outputs, states = tf.compat.v1.nn.bidirectional_dynamic_rnn(*cells, tf.constant(inputs), dtype=tf.float32)
    both = tf.concat(outputs, 2)
    return {
        "kind": kind,
        "units": units,
        "layers": layers,
        "weights": {
            direction: {f"cell_{i}/{name}": tensor(value) for i, w in enumerate(each) for name, value in w.items()}
            for direction, each in weights.items()
        },
        "inputs": tensor(inputs),
        "outputs": [tensor(both[:, t]) for t in range(time)],
        "lastH": {
            direction: tensor(state[-1]["h"]) for direction, state in zip(["forward", "backward"], states)
        },
    }


def dropout_case(shape, keep_prob, seed):
    x = draw(*shape)
    uniform = tf.random.stateless_uniform(shape, seed)
    kept = tf.cast(uniform >= 1 - keep_prob, tf.float32)
    return {
        "x": tensor(x),
        "keepProb": keep_prob,
        "seed": seed,
        "uniform": tensor(uniform),
        "output": tensor(x / keep_prob * kept),
    }


def loss_case(batch, classes, scale):
    logits = draw(batch, classes, scale=scale)
    labels = rng.integers(0, classes, batch)
    one_hot = np.eye(classes, dtype=np.float32)[labels]
    loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=one_hot, logits=logits))
    wrong = tf.not_equal(tf.argmax(tf.nn.softmax(logits), 1), tf.argmax(one_hot, 1))
    return {
        "logits": tensor(logits),
        "labels": [int(label) for label in labels],
        "loss": float(loss),
        "errorRate": float(tf.reduce_mean(tf.cast(wrong, tf.float32))),
    }


# Optimizers: TensorFlow 1's classes call these kernels.


def rms_prop(shape, decay, momentum, epsilon):
    ms, mom = tf.Variable(tf.ones(shape)), tf.Variable(tf.zeros(shape))

    def apply(var, rate, grad, _):
        tf.raw_ops.ResourceApplyRMSProp(
            var=var.handle, ms=ms.handle, mom=mom.handle, lr=rate, rho=decay, momentum=momentum, epsilon=epsilon, grad=grad
        )

    return apply


def sgd(shape, momentum):
    accumulator = tf.Variable(tf.zeros(shape))

    def apply(var, rate, grad, _):
        if momentum == 0:
            tf.raw_ops.ResourceApplyGradientDescent(var=var.handle, alpha=rate, delta=grad)
        else:
            tf.raw_ops.ResourceApplyMomentum(
                var=var.handle, accum=accumulator.handle, lr=rate, grad=grad, momentum=momentum
            )

    return apply


def adam(shape, beta1, beta2, epsilon):
    m, v = tf.Variable(tf.zeros(shape)), tf.Variable(tf.zeros(shape))

    def apply(var, rate, grad, step):
        tf.raw_ops.ResourceApplyAdam(
            var=var.handle,
            m=m.handle,
            v=v.handle,
            beta1_power=np.float32(beta1) ** step,
            beta2_power=np.float32(beta2) ** step,
            lr=rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            grad=grad,
        )

    return apply


RULES = {"rmsprop": rms_prop, "sgd": sgd, "adam": adam}


def optimizer_case(kind, shape, learning_rate, steps, **settings):
    start = draw(*shape)
    gradients = [draw(*shape, scale=10.0 ** rng.uniform(-3, 1)) for _ in range(steps)]
    var = tf.Variable(start)
    apply = RULES[kind](shape, **settings)
    values = []
    for step, gradient in enumerate(gradients, start=1):
        apply(var, learning_rate, gradient, step)
        values.append(tensor(var.numpy()))
    return {
        "optimizer": {"kind": kind, **settings},
        "learningRate": learning_rate,
        "start": tensor(start),
        "gradients": [tensor(gradient) for gradient in gradients],
        "values": values,
    }


def clip_case(shapes, clip_norm, scale):
    gradients = [draw(*shape, scale=scale) for shape in shapes]
    clipped, norm = tf.clip_by_global_norm(gradients, clip_norm)
    return {
        "gradients": [tensor(gradient) for gradient in gradients],
        "clipNorm": clip_norm,
        "globalNorm": float(norm),
        "clipped": [tensor(value) for value in clipped],
    }


SIZES = [(1, 1, 1, 1), (2, 4, 3, 5), (5, 3, 7, 4)]  # batch, time, features, units

write("cells", [one_cell(kind, *size) for kind in CELLS for size in SIZES])
write("stacked", [stacked(kind, *size, layers) for kind in ["basic", "gru", "lstm"] for size, layers in zip(SIZES, [1, 2, 3])])
write("dropout", [dropout_case([4, 6], 0.5, [1, 2]), dropout_case([3, 5], 0.8, [123456, 7]), dropout_case([8], 1.0, [0, 0])])
write("loss", [loss_case(4, 10, 1.0), loss_case(7, 3, 20.0), loss_case(1, 2, 0.0)])
write(
    "optimizers",
    [
        optimizer_case("rmsprop", [3, 4], 0.001, 8, decay=0.9, momentum=0.0, epsilon=1e-10),
        optimizer_case("rmsprop", [5], 0.01, 8, decay=0.95, momentum=0.9, epsilon=1e-6),
        optimizer_case("sgd", [3, 4], 0.1, 8, momentum=0.0),
        optimizer_case("sgd", [3, 4], 0.01, 8, momentum=0.9),
        optimizer_case("adam", [3, 4], 0.001, 8, beta1=0.9, beta2=0.999, epsilon=1e-8),
        optimizer_case("adam", [5], 0.01, 8, beta1=0.8, beta2=0.99, epsilon=0.1),
    ],
)
write("clip", [clip_case([[3, 4], [5]], 1.0, 3.0), clip_case([[2, 2], [3]], 100.0, 1.0), clip_case([[4]], 0.5, 1e-3)])
write(
    "bidirectional",
    [bidirectional(kind, *size, layers) for kind in ["basic", "gru", "lstm"] for size, layers in zip(SIZES, [1, 2, 3])],
)
