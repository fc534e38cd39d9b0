// The inertial sensors of either board revision behind one interface.
#pragma once

#include "../core/sample.h"

namespace board {

class Imu {
 public:
  // Finds out which chip is there and starts it; false when none answers.
  bool begin();

  // Takes the next sample; false when there is none yet.
  bool read(imu_gesture::ImuSample* sample);

  // "LSM9DS1" (Rev1) or "BMI270" (Rev2).
  const char* name() const;

 private:
  enum class Chip { kNone, kLsm9ds1, kBmi270 };
  Chip chip_ = Chip::kNone;
};

// One file a chip, because the two libraries both define the macro IMU.
bool lsm9ds1_begin();
bool lsm9ds1_read(imu_gesture::ImuSample* sample);
bool bmi270_begin();
bool bmi270_read(imu_gesture::ImuSample* sample);

}  // namespace board
