// Sensor readings as the chips give them: counts.
#pragma once

#include <stdint.h>

#include "contract.h"

namespace imu_gesture {

struct RawSample {
  uint32_t device_time_us;
  int16_t counts[2 * kAxes];  // accelerometer, gyroscope
};

struct RawMagSample {
  uint32_t device_time_us;
  int16_t counts[kAxes];
};

}  // namespace imu_gesture
