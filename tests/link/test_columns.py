"""Columns of printed lines: declared by the user, or named by the sketch."""

import numpy as np
import pytest

from imu_gesture.errors import InputError
from imu_gesture.link.text.columns import header_columns, parse_columns, suggestion

IMU = "ax,ay,az,gx,gy,gz"


@pytest.mark.parametrize(
    ("text", "places", "per_unit"),
    [
        ("ax,ay,az", (0, 1, 2), [1, 1, 1]),
        ("az,-,ax,ay", (2, 3, 0), [1, 1, 1]),
        ("time_us,ax,ay,az", (0, 1, 2, 3), [1, 1, 1, 1]),
        ("time_ms,ax_mg,ay_mg,az_mg", (0, 1, 2, 3), [1e3, 1e-3, 1e-3, 1e-3]),
        ("ax_g,ay_g,az_g,time_s", (3, 0, 1, 2), [1e6, 1, 1, 1]),
        ("ax_ms2,ay_ms2,az_ms2", (0, 1, 2), [1 / 9.80665] * 3),
        ("gx_rads,gy_rads,gz_rads,ax,ay,az", (3, 4, 5, 0, 1, 2), [1] * 3 + [180 / np.pi] * 3),
        ("ax,ay,az,gx_dps,gy_dps,gz_mdps", (0, 1, 2, 3, 4, 5), [1] * 5 + [1e-3]),
        ("ax,ay,az,mx_ut,my_gauss,mz_mgauss", (0, 1, 2, 3, 4, 5), [1, 1, 1, 1, 100, 0.1]),
        (" aX , aY , aZ ", (0, 1, 2), [1, 1, 1]),
    ],
)
def test_order_and_units_as_declared(
    text: str, places: tuple[int, ...], per_unit: list[float]
) -> None:
    columns = parse_columns(text)
    assert columns.places == places
    assert columns.per_unit.tolist() == pytest.approx(per_unit)
    assert columns.width == text.count(",") + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column '' is not known"),
        ("time,ax,ay,az", r"'time': its unit is missing: time_us, time_ms or time_s"),
        ("time_ns,ax,ay,az", "column 'time_ns' is not known"),
        ("ax,ay", "az is missing"),
        ("gx,gy,gz", "ax, ay, az is missing"),
        ("ax,ay,az,gx", "gy, gz is missing"),
        ("ax,ay,az,ax", "ax is there twice"),
        ("ax,ay,az,ax_mg", "ax is there twice"),
        ("time_us,time_ms,ax,ay,az", "time is there twice"),
        ("ax,ay,az,temperature", "'temperature' is not known; .* - for what is to be skipped"),
        ("ax_dps,ay,az", "unit 'dps' is not known"),
        ("ax,ay,az,gx_g,gy,gz", "unit 'g' is not known"),
    ],
)
def test_what_is_unclear_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_columns(text)


@pytest.mark.parametrize(
    ("header", "declared"),
    [
        ("aX,aY,aZ,gX,gY,gZ", IMU),
        ("device_time_us,aX,aY,aZ,gX,gY,gZ", f"time_us,{IMU}"),
        ("millis,Ax [m/s^2],Ay [m/s^2],Az [m/s^2]", "time_ms,ax_ms2,ay_ms2,az_ms2"),
        ("accX (m/s²),accY (m/s²),accZ (m/s²)", "ax_ms2,ay_ms2,az_ms2"),
        ("acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z", IMU),
        ("ax,ay,az,gx (rad/s),gy (rad/s),gz (rad/s)", "ax,ay,az,gx_rads,gy_rads,gz_rads"),
        ("accel_x_g,accel_y_g,accel_z_g,mag_x_µT,mag_y_µT,mag_z_µT", "ax,ay,az,mx,my,mz"),
        ("t_ms,ax,ay,az,gx deg/s,gy deg/s,gz deg/s", f"time_ms,{IMU}"),
    ],
)
def test_names_that_sketches_print(header: str, declared: str) -> None:
    assert header_columns(header.split(",")) == parse_columns(declared)


@pytest.mark.parametrize(
    "header",
    ["x,y,z", "timestamp,ax,ay,az", "ax,ay,az,temp", "ax,ay,az,-", "e_us,ax,ay,az", "X,aY,aZ"],
)
def test_a_name_that_could_mean_something_else_is_not_guessed_at(header: str) -> None:
    with pytest.raises(InputError):
        header_columns(header.split(","))


@pytest.mark.parametrize("fields", range(1, 12))
def test_what_is_suggested_can_be_declared(fields: int) -> None:
    columns = parse_columns(suggestion(fields))
    assert columns.width == fields or fields not in {3, 4, 6, 7, 9, 10}
