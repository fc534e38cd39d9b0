// Magnetometer readings in, attitudes out.
#pragma once

#include <nanobind/stl/optional.h>

#include <optional>

#include "arrays.h"
#include "orientation.h"

namespace bindings {

using imu_gesture::kAxes;
using imu_gesture::MagSample;
using imu_gesture::Quaternion;

// Magnetometer readings, handed out up to a time.
class MagArrays {
 public:
  MagArrays(const std::optional<Vector<int64_t>>& time_us, const std::optional<Matrix<float>>& mag_ut) {
    require(time_us.has_value() == mag_ut.has_value(), "mag_time_us, mag_ut: both or none wanted");
    if (time_us.has_value()) {
      time_us_ = time_us->data();
      mag_ut_ = mag_ut->data();
      size_ = time_us->shape(0);
      require(mag_ut->shape(0) == size_ && mag_ut->shape(1) == kAxes,
              "mag_ut: shape (m, 3) wanted, m as in mag_time_us");
    }
  }

  bool next_until(int64_t time_us, MagSample* sample) {
    if (at_ == size_ || time_us_[at_] > time_us) {
      return false;
    }
    sample->device_time_us = static_cast<uint32_t>(time_us_[at_]);
    for (size_t axis = 0; axis < kAxes; ++axis) {
      sample->mag_ut[axis] = mag_ut_[at_ * kAxes + axis];
    }
    ++at_;
    return true;
  }

 private:
  const int64_t* time_us_ = nullptr;
  const float* mag_ut_ = nullptr;
  size_t size_ = 0;
  size_t at_ = 0;
};

inline void put(const Quaternion& q, float* to) {
  to[0] = q.w;
  to[1] = q.x;
  to[2] = q.y;
  to[3] = q.z;
}

}  // namespace bindings
