#pragma GCC optimize("fp-contract=off")
#include "imu.h"

#include "../core/quantise.h"

namespace board {

bool Imu::begin() {
  if (lsm9ds1_begin()) {
    chip_ = Chip::kLsm9ds1;
  } else if (bmi270_begin()) {
    chip_ = Chip::kBmi270;
  }
  return chip_ != Chip::kNone;
}

bool Imu::read(imu_gesture::RawSample* sample) {
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

ImuScale Imu::scale() const { return chip_ == Chip::kLsm9ds1 ? lsm9ds1_scale() : bmi270_scale(); }

uint8_t Imu::revision() const { return chip_ == Chip::kLsm9ds1 ? 1U : 2U; }

int16_t count_of(float value, float library_per_lsb) {
  const int32_t count = imu_gesture::round_half_even(value / library_per_lsb);
  return static_cast<int16_t>(count > INT16_MAX ? INT16_MAX : count < INT16_MIN ? INT16_MIN : count);
}

}  // namespace board
