// Inertial samples a second at a time: how many, how far apart, and, where nothing moved, what they read.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "contract.h"
#include "raw_sample.h"
#include "vector3.h"

namespace imu_gesture {

struct StillParams {
  float acc_g_per_lsb = 0.0F;
  float gyr_dps_per_lsb = 0.0F;
  float acc_spread = 0.08F;     // smallest to largest reading of a board that lies, of gravity as it reads it:
                                // a wrong scale must not look like movement
  float gyr_spread_dps = 3.0F;  // the same, in its unit; hands do not hold so still
};

struct Block {
  float rate_hz = 0.0F;
  bool still = false;
  float acc_g[kAxes] = {};    // means, of any block
  float gyr_dps[kAxes] = {};
};

class StillBlocks {
 public:
  void begin(const StillParams& params) {
    params_ = params;
    samples_ = 0;
  }

  // True when a block ended in front of this sample; it is in `block`.
  bool take(const RawSample& raw, Block* block) {
    const uint32_t age_us = elapsed_us(first_us_, raw.device_time_us);
    const bool ended = samples_ > 0 && age_us >= kBlockUs;
    if (ended && age_us < kLongestUs) {
      describe(age_us, block);
    }
    if (samples_ == 0 || ended) {
      start(raw);
    }
    add(raw);
    return ended && age_us < kLongestUs;
  }

  // So many samples were lost: they count for the rate, but nobody knows what they read.
  void lose(uint32_t samples) { lost_ += samples; }

 private:
  static constexpr uint32_t kBlockUs = 1000000;
  static constexpr uint32_t kLongestUs = 1500000;  // more is a pause, not a rate
  static constexpr int kValues = 2 * kAxes;

  void start(const RawSample& raw) {
    samples_ = 0;
    lost_ = 0;
    first_us_ = raw.device_time_us;
    for (int i = 0; i < kValues; ++i) {
      sums_[i] = 0;
      least_[i] = most_[i] = raw.counts[i];
    }
  }

  void add(const RawSample& raw) {
    ++samples_;
    for (int i = 0; i < kValues; ++i) {
      const int16_t count = raw.counts[i];
      sums_[i] += count;
      least_[i] = count < least_[i] ? count : least_[i];
      most_[i] = count > most_[i] ? count : most_[i];
    }
  }

  // A block is as long as from its first sample to the next block's first.
  void describe(uint32_t length_us, Block* block) const {
    block->rate_hz = static_cast<float>(samples_ + lost_) * 1e6F / static_cast<float>(length_us);
    for (int axis = 0; axis < kAxes; ++axis) {
      block->acc_g[axis] = mean(axis) * params_.acc_g_per_lsb;
      block->gyr_dps[axis] = mean(kAxes + axis) * params_.gyr_dps_per_lsb;
    }
    const float acc_limit_g = params_.acc_spread * norm(vector3(block->acc_g));
    block->still = lost_ == 0U;
    for (int axis = 0; axis < kAxes; ++axis) {
      block->still = block->still && spread(axis) * params_.acc_g_per_lsb <= acc_limit_g &&
                     spread(kAxes + axis) * params_.gyr_dps_per_lsb <= params_.gyr_spread_dps;
    }
  }

  float mean(int value) const { return static_cast<float>(sums_[value]) / static_cast<float>(samples_); }
  float spread(int value) const { return static_cast<float>(most_[value] - least_[value]); }

  StillParams params_;
  uint32_t samples_ = 0;
  uint32_t lost_ = 0;
  uint32_t first_us_ = 0;
  int32_t sums_[kValues] = {};
  int16_t least_[kValues] = {};
  int16_t most_[kValues] = {};
};

}  // namespace imu_gesture
