// One reading of the inertial sensors.
#pragma once

#include <stdint.h>

#include "contract.h"

namespace imu_gesture {

struct ImuSample {
  uint32_t device_time_us;
  float acc_g[kAxes];
  float gyr_dps[kAxes];
};

// Raw counts of one axis -> physical units. The host converts recordings with this very function.
inline float counts_to_units(int16_t counts, float units_per_lsb) {
  return static_cast<float>(counts) * units_per_lsb;
}

}  // namespace imu_gesture
