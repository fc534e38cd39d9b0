// Parameters of the orientation, and all that it remembers.
#pragma once

#include <stdint.h>

#include "contract.h"
#include "gyro_bias.h"
#include "heading.h"
#include "inclination.h"
#include "low_pass.h"
#include "quaternion.h"
#include "rest.h"

namespace imu_gesture {

constexpr uint16_t kOrientationStateVersion = 1;  // of the list of fields in OrientationState

struct OrientationParams {
  float tau_acc_s = 3.0F;  // longer: the gyroscope is trusted more
  float max_gap_s = 0.1F;  // longer silence interrupts the low-pass filters
  float relevel_dps = 1.0F;  // an offset found to be wrong by more starts the attitude anew
  RestParams rest;
  GyroBiasParams bias;
  HeadingParams heading;
};

// Everything remembered between samples; `fields` lists it for saving.
struct OrientationState {
  uint32_t imu_us = 0;  // device time of the newest sample
  uint32_t mag_us = 0;
  uint8_t has_imu = 0;
  uint8_t has_mag = 0;
  uint8_t at_rest = 0;
  uint32_t out_of_order = 0;  // samples ignored because their time did not advance
  uint32_t unusable = 0;      // samples ignored because they are no numbers, or absurd ones
  uint32_t gaps = 0;
  Quaternion zero_heading;    // removes the heading that was declared to be zero
  Quaternion attitude;        // six-axis, from the board's frame to the world's
  LowPass<kAxes> gyr_dps;     // how the board turns, the offset included
  RestState rest;
  GyroBiasState bias;
  InclinationState inclination;
  HeadingState heading;

  template <typename Io>
  void fields(Io& io) {
    io(imu_us, mag_us, has_imu, has_mag, at_rest, out_of_order, unusable, gaps);
    zero_heading.fields(io);
    attitude.fields(io);
    gyr_dps.fields(io);
    rest.fields(io);
    bias.fields(io);
    inclination.fields(io);
    heading.fields(io);
  }
};

}  // namespace imu_gesture
