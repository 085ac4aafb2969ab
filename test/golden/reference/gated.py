"""Gated cells, from their papers."""

import numpy as np

from .common import SIZES, case, concat, draw, sigmoid


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


def cases():
    return [minimal_gated_unit_case(*size) for size in SIZES]
