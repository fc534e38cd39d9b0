"""Seeded augmentation: what another repetition, another grip or another sensor would change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from imu_gesture.dataset.sensor_augmentation import Boards, bridge
from imu_gesture.samples import Float32Array
from imu_gesture.simulation.errors import Family

_WARP_KNOTS = 5


@dataclass(frozen=True)
class AugmentationParams:
    """Spread of each change; normal distributions unless said otherwise.

    Attributes:
        shift: of the window in time, as a share of its length.
        speed: of the logarithm of the tempo.
        warp: of the logarithm of the tempo at each of five knots.
        magnitude: of the logarithm of the amplitude of all channels.
        rotation_deg: of the angle of a turn of the mount about a random axis.
        acc_noise_g, gyr_noise_dps: white noise.
        gyr_bias_dps: constant offset, axis by axis.
        amplitude: of the logarithm of the amplitude of the motion, with the mean of a window's
            acceleration, which is mostly gravity, left as it is.
        mirror: share of windows as the other hand would make them, left and right exchanged. Off by
            default: in a mirror, one gesture may be another.
        bias, warm_up, scale, misalignment, rate: errors of a Rev1 board that is not calibrated,
            another one for each window, as multiples of its datasheet's (`simulation.errors`).
        lost: share of rows that are lost and bridged.
    """

    shift: float = 0.05
    speed: float = 0.2
    warp: float = 0.2
    magnitude: float = 0.4
    rotation_deg: float = 10.0
    acc_noise_g: float = 0.02
    gyr_noise_dps: float = 3.0
    gyr_bias_dps: float = 3.0
    amplitude: float = 0.0
    mirror: float = 0.0
    bias: float = 0.0
    warm_up: float = 0.0
    scale: float = 0.0
    misalignment: float = 0.0
    rate: float = 0.0
    lost: float = 0.0

    @property
    def of_boards(self) -> dict[Family, float]:
        """Multiples of a board's own errors, those that are switched on."""
        strengths = {
            Family.BIAS: self.bias,
            Family.WARM_UP: self.warm_up,
            Family.SCALE: self.scale,
            Family.MISALIGNMENT: self.misalignment,
            Family.RATE: self.rate,
        }
        return {family: strength for family, strength in strengths.items() if strength}


def augment(
    context: Float32Array, samples: int, params: AugmentationParams, rng: np.random.Generator
) -> Float32Array:
    """One changed window for each window with context.

    Args:
        context: (n, samples + 2 * margin, channels) in g and deg/s.
        samples: rows of a window.
        params: how much to change.
        rng: source of randomness; the same state gives the same windows.

    Returns:
        (n, samples, channels) float32.
    """
    own = rng.spawn(1)[0]  # of what is off by default, so that it leaves the other draws alone
    times = _times(context.shape, samples, params, rng)
    if not params.of_boards:
        windows = _moved(_resample(context, times), params, rng, own)
    else:
        boards = Boards(params.of_boards, len(context), own)
        times = boards.counted(times).clip(0, context.shape[1] - 1)
        windows = boards.read(_moved(_resample(context, times), params, rng, own))
    windows = _noisy(windows, params, rng)
    return (bridge(windows, params.lost, own) if params.lost else windows).astype(np.float32)


def _moved(
    windows: NDArray[np.float64],
    params: AugmentationParams,
    rng: np.random.Generator,
    own: np.random.Generator,
) -> NDArray[np.float64]:
    """As another body moves another way of mounting the board."""
    if params.mirror:
        windows = _mirror(windows, own.random(len(windows)) < params.mirror)
    windows = _rotate(windows, params.rotation_deg, rng)
    windows *= np.exp(rng.normal(0, params.magnitude, (len(windows), 1, 1)))
    if params.amplitude:
        gravity = windows.mean(axis=1, keepdims=True)
        gravity[..., 3:] = 0
        factor = np.exp(own.normal(0, params.amplitude, (len(windows), 1, 1)))
        windows = gravity + (windows - gravity) * factor
    return windows


def _noisy(
    windows: NDArray[np.float64], params: AugmentationParams, rng: np.random.Generator
) -> NDArray[np.float64]:
    windows[..., :3] += rng.normal(0, params.acc_noise_g, windows[..., :3].shape)
    if windows.shape[2] > 3:
        windows[..., 3:] += rng.normal(0, params.gyr_noise_dps, windows[..., 3:].shape)
        windows[..., 3:] += rng.normal(0, params.gyr_bias_dps, (len(windows), 1, 3))
    return windows


def _mirror(windows: NDArray[np.float64], mirrored: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Left for right, which is the board's y; turns about the other two change their sense."""
    signs = np.array([1, -1, 1, -1, 1, -1])[: windows.shape[2]]
    return np.where(mirrored[:, None, None], windows * signs, windows)


def _times(
    shape: tuple[int, ...], samples: int, params: AugmentationParams, rng: np.random.Generator
) -> NDArray[np.float64]:
    """(n, samples) fractional rows of the context to read, warped, stretched and shifted."""
    n, rows = shape[:2]
    knots = np.linspace(0, samples - 1, _WARP_KNOTS)
    log_tempo = rng.normal(0, params.warp, (n, _WARP_KNOTS))
    tempo = np.exp([np.interp(np.arange(samples), knots, row) for row in log_tempo])
    tempo *= np.exp(rng.normal(0, params.speed, (n, 1))) / tempo.mean(axis=1, keepdims=True)
    times = np.cumsum(tempo, axis=1)
    times += (rows - 1) / 2 - (times[:, :1] + times[:, -1:]) / 2
    times += rng.normal(0, params.shift * samples, (n, 1))
    inside: NDArray[np.float64] = np.clip(times, 0, rows - 1)
    return inside


def _resample(context: Float32Array, times: NDArray[np.float64]) -> NDArray[np.float64]:
    before = np.minimum(times.astype(np.intp), context.shape[1] - 2)
    share = (times - before)[..., None]
    window = np.arange(len(context))[:, None]
    rows: NDArray[np.float64] = (
        context[window, before] * (1 - share) + context[window, before + 1] * share
    )
    return rows


def _rotate(
    windows: NDArray[np.float64], spread_deg: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Turn every three-axis sensor of a window by the same rotation."""
    n, samples, channels = windows.shape
    axis = rng.normal(size=(n, 3))
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    angle = np.radians(rng.normal(0, spread_deg, (n, 1)))
    matrices = Rotation.from_rotvec(axis * angle).as_matrix()
    triples = windows.reshape(n, samples, channels // 3, 3)
    turned: NDArray[np.float64] = np.einsum("nij,nstj->nsti", matrices, triples)
    return np.reshape(turned, (n, samples, channels))
