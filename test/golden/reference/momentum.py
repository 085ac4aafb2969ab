"""Nesterov momentum: MomentumOptimizer of tensorflow/python/training/momentum.py, whose kernel is ApplyMomentum."""

import numpy as np

from .common import draw, to_json


def momentum_case(momentum, nesterov):
    rate, value = 0.1, draw(2, 3)
    accum = np.zeros_like(value)
    gradients, values, start = [draw(2, 3) for _ in range(4)], [], value.copy()
    for gradient in gradients:
        accum = momentum * accum + gradient
        value = value - rate * (gradient + momentum * accum if nesterov else accum)
        values.append(value)
    return {
        "optimizer": {"kind": "sgd", "momentum": momentum, "nesterov": nesterov},
        "learningRate": rate,
        "start": to_json(start),
        "gradients": to_json(gradients),
        "values": to_json(values),
    }


def cases():
    return [momentum_case(momentum, True) for momentum in [0, 0.9]]
