"""What the reference cells share: cases with gradients by central differences, all in float64.

A reference cell is a second implementation, written in NumPy from the equations of the papers and the original
programs, never from Scanline's code. It is one function: step(weights, x, state) -> (output, new state), where a state
is an array [batch, width] or lists and dicts of such.
"""

import numpy as np

rng = None

SIZES = [(1, 1, 1, 1), (2, 4, 3, 5), (3, 3, 6, 4)]  # batch, time, features, units


def start():
    """Random numbers from the start."""
    global rng
    rng = np.random.default_rng(20261124)


def draw(*shape, scale=1.0):
    """Normal numbers that float32 holds exactly, so that both programs start from the same."""
    return (scale * rng.standard_normal(shape)).astype(np.float32).astype(np.float64)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def concat(*parts):
    return np.concatenate(parts, axis=1)


def split(x, count):
    return np.split(x, count, axis=1)


def tensor(value):
    return {"shape": list(value.shape), "values": [float(f"{v:.9g}") for v in value.ravel()]}


def leaves(tree):
    """The arrays of a nested state, in order."""
    if isinstance(tree, np.ndarray):
        return [tree]
    return [leaf for part in (tree.values() if isinstance(tree, dict) else tree) for leaf in leaves(part)]


def to_json(tree):
    if isinstance(tree, np.ndarray):
        return tensor(tree)
    if isinstance(tree, dict):
        return {key: to_json(part) for key, part in tree.items()}
    return [to_json(part) for part in tree]


def like(tree, make):
    """A tree of the same form, with a new array for each."""
    if isinstance(tree, np.ndarray):
        return make(tree)
    if isinstance(tree, dict):
        return {key: like(part, make) for key, part in tree.items()}
    return [like(part, make) for part in tree]


def unroll(step, weights, inputs, state):
    outputs = []
    for t in range(inputs.shape[1]):
        output, state = step(weights, inputs[:, t], state)
        outputs.append(output)
    return outputs, state


def central_differences(loss, arrays, epsilon=1e-5):
    """The gradient of loss() by each element of each array; the arrays are changed in place and put back."""
    gradients = []
    for array in arrays:
        gradient = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            value = array[index]
            array[index] = value + epsilon
            above = loss()
            array[index] = value - epsilon
            below = loss()
            array[index] = value
            gradient[index] = (above - below) / (2 * epsilon)
        gradients.append(gradient)
    return gradients


def case(step, *, cell, units, weights, state, batch, time, features, **more):
    """One golden case.

    step     the reference cell
    cell     its settings in Scanline, {"kind": ...}; `more` may hold the settings of a wrapper, and goes into the case
    weights  arrays by the names that Scanline's variables have
    state    an example of the state; the case starts from random numbers of this form
    """
    inputs = draw(batch, time, features)
    start = like(state, lambda part: draw(*part.shape, scale=0.5))
    outputs, end = unroll(step, weights, inputs, start)
    # The loss is a weighted sum of all outputs and of the last state, with random weights.
    output_weights = [draw(*output.shape) for output in outputs]
    end_weights = like(end, lambda part: draw(*part.shape))

    def loss():
        outputs, end = unroll(step, weights, inputs, start)
        pairs = [*zip(outputs, output_weights), *zip(leaves(end), leaves(end_weights))]
        return sum(np.sum(value * weight) for value, weight in pairs)

    names = list(weights)
    gradients = central_differences(loss, [*weights.values(), inputs, *leaves(start)])
    parts = iter(gradients[len(names) + 1 :])
    return {
        "cell": cell,
        "units": units,
        **more,
        "weights": {name: tensor(value) for name, value in weights.items()},
        "inputs": tensor(inputs),
        "startState": to_json(start),
        "outputs": [tensor(output) for output in outputs],
        "endState": to_json(end),
        "outputWeights": [tensor(weight) for weight in output_weights],
        "endWeights": to_json(end_weights),
        "gradients": {
            "weights": {name: tensor(gradient) for name, gradient in zip(names, gradients)},
            "inputs": tensor(gradients[len(names)]),
            "startState": to_json(like(start, lambda _: next(parts))),
        },
    }
