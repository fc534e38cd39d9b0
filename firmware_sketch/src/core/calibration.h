// Static correction of one three-axis sensor: corrected = matrix * (measured - offset).
#pragma once

#include "contract.h"
#include "sample.h"

namespace imu_gesture {

struct AffineParams {
  float matrix[kAxes * kAxes] = {1.0F, 0.0F, 0.0F, 0.0F, 1.0F, 0.0F, 0.0F, 0.0F, 1.0F};  // row major
  float offset[kAxes] = {0.0F, 0.0F, 0.0F};  // in the sensor's unit
};

struct CalibrationParams {
  AffineParams acc;  // offset in g
  AffineParams gyr;  // offset in deg/s
  bool known = false;  // of a calibrated board: what is left is small
};

// `measured` and `corrected` may be the same array.
inline void apply_affine(const AffineParams& params, const float* measured, float* corrected) {
  const float x = measured[0] - params.offset[0];
  const float y = measured[1] - params.offset[1];
  const float z = measured[2] - params.offset[2];
  for (int row = 0; row < kAxes; ++row) {
    const float* m = params.matrix + row * kAxes;
    corrected[row] = m[0] * x + m[1] * y + m[2] * z;
  }
}

inline ImuSample calibrate(const CalibrationParams& params, const ImuSample& measured) {
  ImuSample corrected = measured;
  apply_affine(params.acc, measured.acc_g, corrected.acc_g);
  apply_affine(params.gyr, measured.gyr_dps, corrected.gyr_dps);
  return corrected;
}

}  // namespace imu_gesture
