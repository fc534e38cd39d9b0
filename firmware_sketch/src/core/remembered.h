// What a board remembers without power: how its host has calibrated it, and what rests have taught since.
#pragma once

#include <stdint.h>

#include "calibration.h"
#include "contract.h"
#include "inertial_correction.h"
#include "vector3.h"

namespace imu_gesture {

constexpr uint16_t kRememberedVersion = 1;
constexpr int kMaxRememberedBytes = 512;

struct Remembered {
  uint8_t model_id[kIdBytes] = {};        // that the calibration was meant for
  uint8_t calibration_id[kIdBytes] = {};  // zeros: none was sent
  CalibrationParams calibration;
  RestLearningState learned;
  Vector3 bias_dps;             // what the calibration leaves
  float bias_sigma_dps = 0.0F;  // 0: nothing is known of it

  template <typename Io>
  void fields(Io& io) {
    uint8_t known = calibration.known ? 1U : 0U;
    io(model_id, calibration_id, known);
    calibration.known = known != 0U;
    io(calibration.acc.matrix, calibration.acc.offset, calibration.gyr.matrix, calibration.gyr.offset);
    learned.fields(io);
    bias_dps.fields(io);
    io(bias_sigma_dps);
  }
};

}  // namespace imu_gesture
