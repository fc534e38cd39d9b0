"""How well a vector that stands still in the world turns as the gyroscope says.

With v the field or, at low acceleration, gravity: dv/dt = -w x (v - b). The equation is multiplied
by a smooth bump over a second or two and integrated by parts (weak form), so that nothing noisy is
differentiated. Scale, offset of the gyroscope and offset of v are linear unknowns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_gesture.calibration.affine import Float64Array
from imu_gesture.calibration.axis_maps import AXIS_MAPS, AxisMap

# A window should see a good part of a turn, not several: those cancel. Gravity's are longer, for a
# hand's swaying to average out.
GRAVITY_TURN_DEG, GRAVITY_WIDTH_S = 200.0, (0.4, 1.6)
FIELD_TURN_DEG, FIELD_WIDTH_S = 100.0, (0.25, 0.8)
_HAND_DPS = (8.0, 3000.0)  # turning by hand; readings outside of it are in another unit
_HOPS = 8  # windows begin so many times in each width
_LONGEST_GAP_S = 0.15
_LIVELY = 0.1
_WANDER = 1.5
_ENOUGH = 200
OVERLAP = 4.0  # windows share samples: a quarter of them are as good as independent


@dataclass(frozen=True, eq=False)
class Moments:
    """Integrals over k windows, each under a bump.

    Attributes:
        change: (k, 3) of dv/dt.
        rate_vector: (k, 3, 3) of w_j v_b.
        rate: (k, 3) of w, rad/s.
        vector: (k, 3) of v.
        weight: (k,) of the bump itself.
    """

    change: Float64Array
    rate_vector: Float64Array
    rate: Float64Array
    vector: Float64Array
    weight: Float64Array

    @property
    def breadth(self) -> float:
        """Smallest to largest share of turning about any axis: 0 about one or two axes only."""
        values = np.linalg.eigvalsh(self.rate.T @ self.rate)
        return float(np.sqrt(max(values[0], 0.0) / values[-1])) if values[-1] > 0 else 0.0

    @property
    def swing_deg(self) -> float:
        """Largest angle of the vector, an offset included, from its mean."""
        directions = self.vector / np.linalg.norm(self.vector, axis=1, keepdims=True)
        mean = directions.mean(axis=0)
        cosines = directions @ mean / max(float(np.linalg.norm(mean)), 1e-9)
        return float(np.degrees(np.arccos(np.clip(cosines.min(), -1, 1))))


@dataclass(frozen=True, eq=False)
class TurningFit:
    """The best of the 48 maps of the gyroscope: w = scale * axes @ reading.

    Attributes:
        scale_sd: standard deviation of the scale.
        residual: share of the change that is not explained.
        runner_up: the same of the second best map.
        offset: (3,) of the vector, in its unit.
    """

    axes: AxisMap
    scale: float
    scale_sd: float
    residual: float
    runner_up: float
    offset: Float64Array


def window_width_s(
    rate_rad_s: Float64Array, turn_deg: float, limits_s: tuple[float, float]
) -> float:
    """How long it takes to turn by `turn_deg` at the usual rate (n, 3), within limits."""
    rates_dps = np.degrees(np.linalg.norm(rate_rad_s, axis=1))
    usual_dps = float(np.median(rates_dps[rates_dps > _LIVELY * rates_dps.max(initial=0.0)]))
    slowest, fastest = _HAND_DPS
    for factor in (1.0, 180 / np.pi, 1e-3):
        if slowest < usual_dps * factor < fastest:
            return float(np.clip(turn_deg / (usual_dps * factor), *limits_s))
    return limits_s[1]


def moments(
    time_s: Float64Array,
    rate_rad_s: Float64Array,
    vector: Float64Array,
    width_s: float,
    of_known_size: bool,
) -> Moments:
    """Integrals over the windows that tell most. All arrays share the times (n,).

    Windows with holes are left out. So are, where the vector's size is known not to change, those
    in which it changes more than usual: something else than gravity is in them.
    """
    sizes = np.linalg.norm(vector, axis=1) if of_known_size else np.ones(len(vector))
    away = np.square(sizes / max(float(np.median(sizes)), 1e-12) - 1)
    rows, wander = [], []
    for start_s in np.arange(time_s[0], time_s[-1] - width_s, width_s / _HOPS):
        first, stop = np.searchsorted(time_s, [start_s, start_s + width_s])
        if _is_whole(time_s[first:stop]):
            part = slice(first, stop)
            rows.append(_window(time_s[part] - start_s, rate_rad_s[part], vector[part], width_s))
            wander.append(float(np.sqrt(away[part].mean())))
    if not rows:
        empty = np.zeros((0, 3))
        return Moments(empty, np.zeros((0, 3, 3)), empty, empty, np.zeros(0))
    found = Moments(*(np.array(column) for column in zip(*rows, strict=True)))
    return _telling(found, np.array(wander))


def _is_whole(time_s: Float64Array) -> bool:
    return len(time_s) > 8 and float(np.diff(time_s).max()) < _LONGEST_GAP_S


def _telling(found: Moments, wander: Float64Array) -> Moments:
    """Windows with a good share of the turning and a steady size, and no more than are needed."""
    turned = np.linalg.norm(found.rate, axis=1)
    lively = np.flatnonzero(turned > _LIVELY * turned.max())
    steady = (
        lively[wander[lively] <= _WANDER * np.median(wander[lively])] if len(lively) else lively
    )
    chosen = steady[:: len(steady) // _ENOUGH + 1]
    return Moments(
        found.change[chosen],
        found.rate_vector[chosen],
        found.rate[chosen],
        found.vector[chosen],
        found.weight[chosen],
    )


def _window(
    time_s: Float64Array, rate: Float64Array, vector: Float64Array, width_s: float
) -> tuple[Float64Array, ...]:
    weights = np.gradient(time_s)
    phase = 2 * np.pi * time_s / width_s
    bump = weights * (1 - np.cos(phase)) / 2
    slope = weights * np.pi / width_s * np.sin(phase)
    away = vector - vector.mean(axis=0)  # the slope's integral is zero only up to rounding
    products = (rate * bump[:, None]).T @ vector
    return -slope @ away, products, bump @ rate, bump @ vector, bump.sum()


def best_axes(found: Moments) -> TurningFit:
    """Try all 48 maps. There must be a window."""
    fits = [_fit(found, axes) for axes in AXIS_MAPS]
    order = np.argsort([residual for _, _, residual, _ in fits])
    scale, scale_sd, residual, offset = fits[order[0]]
    runner_up = fits[order[1]][2]
    return TurningFit(AXIS_MAPS[order[0]], scale, scale_sd, residual, runner_up, offset)


def _fit(found: Moments, axes: AxisMap) -> tuple[float, float, float, Float64Array]:
    """Scale, its deviation, unexplained share, and the vector's offset, under one map."""
    design, target = _design(found, axes), found.change.ravel()
    solution = np.linalg.lstsq(design, target, rcond=1e-9)[0].astype(np.float64)
    left = target - design @ solution
    residual = float(np.sqrt(left @ left / max(float(target @ target), 1e-12)))
    scale = float(solution[0])
    if scale <= 0:
        return 0.0, np.inf, 1.0, np.zeros(3)
    freedom = max(1.0, len(target) / OVERLAP - len(solution))
    covariance = np.linalg.pinv(design.T @ design) * float(left @ left) * OVERLAP / freedom
    offset: Float64Array = solution[1:4] / scale
    return scale, float(np.sqrt(covariance[0, 0])), residual, offset


def _design(found: Moments, axes: AxisMap) -> Float64Array:
    """(3 k, 10): scale, scale times offset of v, offset of the gyroscope, their product."""
    mapped = np.einsum("ij,kjb->kib", axes, found.rate_vector)
    turned = -vector_product(mapped)[:, :, None]
    rate = _crossing(found.rate @ axes.T)
    vector = -_crossing(found.vector)
    constant = np.broadcast_to(np.eye(3), rate.shape)
    return np.concatenate([turned, rate, vector, constant], axis=2).reshape(-1, 10)


def vector_product(products: Float64Array) -> Float64Array:
    """(k, 3) w x v from products w_i v_b (k, 3, 3)."""
    return np.stack(
        [products[:, i, j] - products[:, j, i] for i, j in ((1, 2), (2, 0), (0, 1))], axis=1
    )


def _crossing(vectors: Float64Array) -> Float64Array:
    """(k, 3, 3) matrices that do `vector x`."""
    x, y, z = vectors.T
    zero: NDArray[np.float64] = np.zeros_like(x)
    rows = [[zero, -z, y], [z, zero, -x], [-y, x, zero]]
    return np.moveaxis(np.array(rows), 2, 0)
