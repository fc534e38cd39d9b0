// Signal conditioning: raw samples -> rows at the model rate, in physical units, calibrated and free of the
// gyroscope's offset.
#pragma once

#include <stdint.h>

#include "bias_tracker.h"
#include "calibration.h"
#include "contract.h"
#include "resampler.h"
#include "sample.h"

namespace imu_gesture {

struct ConditionerParams {
  CalibrationParams calibration;
  ResamplerParams resampler;
  int channels = kMaxChannels;  // 3: accelerometer; 6: accelerometer, gyroscope
  bool track_bias = false;      // remove the gyroscope's offset as `bias` finds it
  BiasTrackerParams bias;
};

class Conditioner {
 public:
  explicit Conditioner(const ConditionerParams& params)
      : params_(params), bias_(params.bias), resampler_(params.resampler, params.channels) {}

  // Takes one sample. Call next() until it returns false before the next push().
  Arrival push(const ImuSample& measured) {
    ImuSample sample = calibrate(params_.calibration, measured);
    if (params_.track_bias) {
      bias_.update(sample);
      sample = bias_.corrected(sample);
    }
    float row[kMaxChannels];
    for (int axis = 0; axis < kAxes; ++axis) {
      row[axis] = sample.acc_g[axis];
      row[kAxes + axis] = sample.gyr_dps[axis];
    }
    return resampler_.push(sample.device_time_us, row);
  }

  // Corrects what comes from now on; the offset known so far was one of the old correction.
  void calibrate_with(const CalibrationParams& calibration) {
    params_.calibration = calibration;
    bias_.forget();
  }

  BiasTracker& bias() { return bias_; }
  const BiasTracker& bias() const { return bias_; }

  bool next(float* row, uint32_t* row_end_us) { return resampler_.next(row, row_end_us); }

 private:
  ConditionerParams params_;
  BiasTracker bias_;
  Resampler<kMaxChannels> resampler_;
};

}  // namespace imu_gesture
