#pragma GCC optimize("fp-contract=off")
#include "imu.h"

namespace board {

bool Imu::begin() {
  if (lsm9ds1_begin()) {
    chip_ = Chip::kLsm9ds1;
  } else if (bmi270_begin()) {
    chip_ = Chip::kBmi270;
  }
  return chip_ != Chip::kNone;
}

bool Imu::read(imu_gesture::ImuSample* sample) {
  switch (chip_) {
    case Chip::kLsm9ds1:
      return lsm9ds1_read(sample);
    case Chip::kBmi270:
      return bmi270_read(sample);
    case Chip::kNone:
      break;
  }
  return false;
}

const char* Imu::name() const { return chip_ == Chip::kLsm9ds1 ? "LSM9DS1" : "BMI270"; }

}  // namespace board
