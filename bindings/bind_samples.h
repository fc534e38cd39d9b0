// Columns of samples, as the core wants them.
#pragma once

#include "arrays.h"
#include "sample.h"

namespace bindings {

class SampleArrays {
 public:
  SampleArrays(const Vector<int64_t>& device_time_us, const Matrix<float>& acc_g,
               const Matrix<float>& gyr_dps)
      : time_us_(device_time_us.data()),
        acc_g_(acc_g.data()),
        gyr_dps_(gyr_dps.data()),
        size_(device_time_us.shape(0)) {
    const auto fits = [this](const Matrix<float>& m) {
      return m.shape(0) == size_ && m.shape(1) == imu_gesture::kAxes;
    };
    require(fits(acc_g) && fits(gyr_dps), "acc_g, gyr_dps: shape (n, 3) wanted, n as in device_time_us");
  }

  size_t size() const { return size_; }

  imu_gesture::ImuSample at(size_t i) const {
    imu_gesture::ImuSample sample;
    sample.device_time_us = static_cast<uint32_t>(time_us_[i]);
    for (int axis = 0; axis < imu_gesture::kAxes; ++axis) {
      sample.acc_g[axis] = acc_g_[i * imu_gesture::kAxes + static_cast<size_t>(axis)];
      sample.gyr_dps[axis] = gyr_dps_[i * imu_gesture::kAxes + static_cast<size_t>(axis)];
    }
    return sample;
  }

  // The 64-bit time of a 32-bit device time at or shortly before sample `i`.
  int64_t unwrap(size_t i, uint32_t time_us) const {
    return time_us_[i] - static_cast<int64_t>(static_cast<uint32_t>(time_us_[i]) - time_us);
  }

 private:
  const int64_t* time_us_;
  const float* acc_g_;
  const float* gyr_dps_;
  size_t size_;
};

}  // namespace bindings
