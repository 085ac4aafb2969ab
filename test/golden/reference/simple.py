"""Cells of rectified linear units, from their papers."""

import numpy as np

from .common import SIZES, case, concat, draw


def irnn(w, x, h):
    """Le, Jaitly, Hinton 2015."""
    h = np.maximum(0, concat(x, h) @ w["kernel"] + w["bias"])
    return h, h


def ind_rnn(limit):
    """Li et al. 2018, equation 2; limit 0 is none."""

    def step(w, x, h):
        u = np.clip(w["recurrent"], -limit, limit) if limit else w["recurrent"]
        h = np.maximum(0, x @ w["input/kernel"] + u * h + w["input/bias"])
        return h, h

    return step


def simple_case(step, cell, weights, size):
    batch, time, features, units = size
    state = np.zeros((batch, units))
    return case(step, cell=cell, units=units, weights=weights, state=state, batch=batch, time=time, features=features)


def irnn_case(size):
    _, _, features, units = size
    weights = {"kernel": draw(features + units, units, scale=0.5), "bias": draw(units)}
    return simple_case(irnn, {"kind": "irnn"}, weights, size)


def ind_rnn_case(size, limit):
    _, _, features, units = size
    weights = {"input/kernel": draw(features, units, scale=0.5), "input/bias": draw(units), "recurrent": draw(units)}
    return simple_case(ind_rnn(limit), {"kind": "indRnn", "recurrentMax": limit}, weights, size)


def cases():
    return [
        *[irnn_case(size) for size in SIZES],
        *[ind_rnn_case(size, limit) for size in SIZES for limit in [0, 0.5]],
    ]
