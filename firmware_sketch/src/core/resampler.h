// From the sensor's own rate to the model's, by device time.
//
// Each output row is the mean, over one model period, of the straight lines between neighbouring
// samples. The mean is an anti-aliasing filter when the rate goes down, keeps the angle a gyroscope
// has turned through, and makes 119 Hz and 100 Hz boards look alike to the model.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "contract.h"

namespace imu_gesture {

struct ResamplerParams {
  uint32_t period_us = 20000;
  uint32_t max_gap_us = kDefaultMaxGapUs;
};

enum class Arrival : uint8_t {
  kContinues,    // follows the sample before it
  kStartsRun,    // the first sample, or the first after a gap: the grid starts anew here
  kOutOfOrder,   // not later than the sample before it: ignored
};

template <int kMaxRowChannels>
class Resampler {
 public:
  Resampler(const ResamplerParams& params, int channels) : params_(params), channels_(channels) {}

  // Takes one sample. Call next() until it returns false before the next push().
  Arrival push(uint32_t device_time_us, const float* values) {
    if (has_previous_ && !is_later(device_time_us, end_us_)) {
      return Arrival::kOutOfOrder;
    }
    const uint32_t step_us = elapsed_us(end_us_, device_time_us);
    const bool starts_run = !has_previous_ || step_us > params_.max_gap_us;
    if (starts_run) {
      restart(device_time_us, values);
      return Arrival::kStartsRun;
    }
    for (int c = 0; c < channels_; ++c) {
      start_[c] = end_[c];
      end_[c] = values[c];
      reached_[c] = start_[c];
    }
    end_us_ = device_time_us;
    segment_us_ = step_us;
    walked_us_ = 0;
    return Arrival::kContinues;
  }

  // Writes the next finished row and the device time of the end of its period.
  bool next(float* row, uint32_t* row_end_us) {
    const uint32_t missing_us = params_.period_us - filled_us_;
    const uint32_t left_us = segment_us_ - walked_us_;
    if (left_us < missing_us) {
      walk(left_us);
      return false;
    }
    walk(missing_us);
    const float period = static_cast<float>(params_.period_us);
    for (int c = 0; c < channels_; ++c) {
      row[c] = area_[c] / period;
      area_[c] = 0.0F;
    }
    filled_us_ = 0;
    *row_end_us = end_us_ - (segment_us_ - walked_us_);
    return true;
  }

 private:
  void restart(uint32_t device_time_us, const float* values) {
    has_previous_ = true;
    end_us_ = device_time_us;
    segment_us_ = 0;
    walked_us_ = 0;
    filled_us_ = 0;
    for (int c = 0; c < channels_; ++c) {
      end_[c] = values[c];
      reached_[c] = values[c];
      area_[c] = 0.0F;
    }
  }

  // Adds the area under the next `step_us` of the line from start_ to end_.
  void walk(uint32_t step_us) {
    if (step_us == 0U) {
      return;
    }
    walked_us_ += step_us;
    filled_us_ += step_us;
    const float width = static_cast<float>(step_us);
    const float share = static_cast<float>(walked_us_) / static_cast<float>(segment_us_);
    const bool at_end = walked_us_ == segment_us_;
    for (int c = 0; c < channels_; ++c) {
      const float value = at_end ? end_[c] : start_[c] + (end_[c] - start_[c]) * share;
      area_[c] += 0.5F * (reached_[c] + value) * width;
      reached_[c] = value;
    }
  }

  ResamplerParams params_;
  int channels_;
  bool has_previous_ = false;
  uint32_t end_us_ = 0;      // device time of the newest sample
  uint32_t segment_us_ = 0;  // length of the line from the sample before it
  uint32_t walked_us_ = 0;   // part of that line already used
  uint32_t filled_us_ = 0;   // part of the current model period already covered
  float start_[kMaxRowChannels] = {};
  float end_[kMaxRowChannels] = {};
  float reached_[kMaxRowChannels] = {};  // value on the line where walk() stopped
  float area_[kMaxRowChannels] = {};
};

}  // namespace imu_gesture
