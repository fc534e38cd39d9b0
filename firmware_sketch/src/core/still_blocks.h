// Inertial samples a second at a time: how many came, and, where nothing moved, what they read.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "contract.h"
#include "packets.h"
#include "raw_sample.h"
#include "vector3.h"

namespace imu_gesture {

struct StillParams {
  // Largest distance of a lying board's readings from the second's first one.
  float acc = 0.05F;     // of gravity as it is read: a wrong scale must not look like movement
  float gyr_dps = 2.0F;  // hands do not hold so still
};

struct Block {
  float rate_hz = 0.0F;
  bool still = false;
  Vector3 acc_g;    // means
  Vector3 gyr_dps;
};

// Counts in the unit that a board's Hello tells.
inline Vector3 acc_of(const Hello& scales, const int16_t* counts) {
  Vector3 acc_g;
  acc_g.x = static_cast<float>(counts[0]) * scales.acc_g_per_lsb;
  acc_g.y = static_cast<float>(counts[1]) * scales.acc_g_per_lsb;
  acc_g.z = static_cast<float>(counts[2]) * scales.acc_g_per_lsb;
  return acc_g;
}
inline Vector3 gyr_of(const Hello& scales, const int16_t* counts) {
  Vector3 gyr_dps;
  gyr_dps.x = static_cast<float>(counts[3]) * scales.gyr_dps_per_lsb;
  gyr_dps.y = static_cast<float>(counts[4]) * scales.gyr_dps_per_lsb;
  gyr_dps.z = static_cast<float>(counts[5]) * scales.gyr_dps_per_lsb;
  return gyr_dps;
}

class StillBlocks {
 public:
  // True when a block ended in front of this sample; it is in `block`.
  bool take(const Hello& scales, const RawSample& raw, Block* block) {
    const uint32_t age_us = elapsed_us(first_.device_time_us, raw.device_time_us);
    const bool full = samples_ > 0U && age_us >= kBlockUs;
    const bool ended = full && age_us < kLongestUs;
    if (ended) {
      describe(scales, age_us, block);
    }
    if (samples_ == 0U || full) {
      start(raw);
    }
    add(scales, raw);
    return ended;
  }

  // So many samples were lost: they count for the rate, but nobody knows what they read.
  void lose(uint32_t samples) { lost_ = static_cast<uint16_t>(lost_ + samples); }

 private:
  static constexpr uint32_t kBlockUs = 1000000;
  static constexpr uint32_t kLongestUs = 1500000;  // more is a pause, not a rate
  static constexpr int kValues = 2 * kAxes;

  void start(const RawSample& raw) {
    first_ = raw;
    samples_ = lost_ = 0;
    still_ = true;
    for (int32_t& sum : sums_) {
      sum = 0;
    }
  }

  void add(const Hello& scales, const RawSample& raw) {
    constexpr StillParams kParams;
    ++samples_;
    for (int i = 0; i < kValues; ++i) {
      sums_[i] += raw.counts[i] - first_.counts[i];
    }
    const Vector3 first_g = acc_of(scales, first_.counts);
    const Vector3 gyr_dps = gyr_of(scales, raw.counts) - gyr_of(scales, first_.counts);
    still_ = still_ && norm(acc_of(scales, raw.counts) - first_g) <= kParams.acc * norm(first_g) &&
             norm(gyr_dps) <= kParams.gyr_dps;
  }

  // A block is as long as from its first sample to the next block's first.
  void describe(const Hello& scales, uint32_t length_us, Block* block) const {
    const float samples = static_cast<float>(samples_);
    block->rate_hz = (samples + static_cast<float>(lost_)) * 1e6F / static_cast<float>(length_us);
    block->still = still_ && lost_ == 0U;
    block->acc_g = acc_of(scales, first_.counts) + mean(0, samples) * scales.acc_g_per_lsb;
    block->gyr_dps = gyr_of(scales, first_.counts) + mean(kAxes, samples) * scales.gyr_dps_per_lsb;
  }

  Vector3 mean(int first, float samples) const {
    Vector3 counts;
    counts.x = static_cast<float>(sums_[first]) / samples;
    counts.y = static_cast<float>(sums_[first + 1]) / samples;
    counts.z = static_cast<float>(sums_[first + 2]) / samples;
    return counts;
  }

  RawSample first_ = {};
  int32_t sums_[kValues] = {};  // beyond the first
  uint16_t samples_ = 0;
  uint16_t lost_ = 0;
  bool still_ = false;
};

}  // namespace imu_gesture
