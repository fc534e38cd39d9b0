// Signal conditioning: raw samples -> rows at the model rate, in physical units, corrected.
#pragma once

#include <stdint.h>

#include "bias_tracker.h"
#include "calibration.h"
#include "contract.h"
#include "inertial_correction.h"
#include "resampler.h"
#include "sample.h"

namespace imu_gesture {

struct ConditionerParams {
  CalibrationParams calibration;
  ResamplerParams resampler;
  int channels = kMaxChannels;  // 3: accelerometer; 6: accelerometer, gyroscope
  bool learn = false;           // from rests: the gyroscope's offset, temperature, the accelerometer
  InertialParams<BiasTracker> learning;
};

class Conditioner {
 public:
  using Correction = InertialCorrection<BiasTracker>;

  // `params` must stay where it is.
  explicit Conditioner(const ConditionerParams& params)
      : params_(&params),
        correction_(params.calibration, params.learning),
        resampler_(params.resampler, params.channels) {}

  // Takes one sample. Call next() until it returns false before the next push().
  Arrival push(const ImuSample& measured) {
    const ImuSample sample =
        params_->learn ? correction_.update(measured) : calibrate(correction_.calibration(), measured);
    float row[kMaxChannels];
    for (int axis = 0; axis < kAxes; ++axis) {
      row[axis] = sample.acc_g[axis];
      row[kAxes + axis] = sample.gyr_dps[axis];
    }
    return resampler_.push(sample.device_time_us, row);
  }

  bool next(float* row, uint32_t* row_end_us) { return resampler_.next(row, row_end_us); }

  // Corrects what comes from now on; what was learned was of the old calibration.
  void calibrate_with(const CalibrationParams& calibration) {
    correction_ = Correction(calibration, params_->learning);
  }

  Correction& correction() { return correction_; }
  const Correction& correction() const { return correction_; }

 private:
  const ConditionerParams* params_;
  Correction correction_;
  Resampler<kMaxChannels> resampler_;
};

}  // namespace imu_gesture
