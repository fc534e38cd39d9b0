// The inertial sensors of either board revision behind one interface: raw counts, and their scale.
#pragma once

#include "../core/device.h"

namespace board {

struct ImuScale {
  float acc_g_per_lsb;
  float gyr_dps_per_lsb;
  float rate_hz;  // that the chip is set to
};

class Imu {
 public:
  // Finds out which chip is there and starts it; false when none answers.
  bool begin();

  // Takes the next sample; false when there is none yet.
  bool read(imu_gesture::RawSample* sample);

  ImuScale scale() const;

  // 1: LSM9DS1; 2: BMI270.
  uint8_t revision() const;

 private:
  enum class Chip { kNone, kLsm9ds1, kBmi270 };
  Chip chip_ = Chip::kNone;
};

// One file a chip, because the two libraries both define the macro IMU.
bool lsm9ds1_begin();
bool lsm9ds1_read(imu_gesture::RawSample* sample);
ImuScale lsm9ds1_scale();
bool bmi270_begin();
bool bmi270_read(imu_gesture::RawSample* sample);
ImuScale bmi270_scale();

// The libraries hand out floats; this is the count each was made from.
int16_t count_of(float value, float library_per_lsb);

}  // namespace board
