// Signal conditioning: raw samples -> calibrated rows at the model rate, in physical units.
#pragma once

#include <stdint.h>

#include "calibration.h"
#include "contract.h"
#include "resampler.h"
#include "sample.h"

namespace imu_gesture {

struct ConditionerParams {
  CalibrationParams calibration;
  ResamplerParams resampler;
  int channels = kMaxChannels;  // 3: accelerometer; 6: accelerometer, gyroscope
};

class Conditioner {
 public:
  explicit Conditioner(const ConditionerParams& params)
      : params_(params), resampler_(params.resampler, params.channels) {}

  // Takes one sample. Call next() until it returns false before the next push().
  Arrival push(const ImuSample& measured) {
    const ImuSample sample = calibrate(params_.calibration, measured);
    float row[kMaxChannels];
    for (int axis = 0; axis < kAxes; ++axis) {
      row[axis] = sample.acc_g[axis];
      row[kAxes + axis] = sample.gyr_dps[axis];
    }
    return resampler_.push(sample.device_time_us, row);
  }

  void calibrate_with(const CalibrationParams& calibration) { params_.calibration = calibration; }

  bool next(float* row, uint32_t* row_end_us) { return resampler_.next(row, row_end_us); }

 private:
  ConditionerParams params_;
  Resampler<kMaxChannels> resampler_;
};

}  // namespace imu_gesture
