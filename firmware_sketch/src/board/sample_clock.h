// When buffered samples were taken, from when they were seen.
//
// A look into a chip's buffer tells that its newest sample came by then and the next one did not.
// Within these bounds the time is the one before plus the measured period; outside, the nearest
// bound. So a time is never later than it was seen nor more than a period early, times advance by a
// period and not by the jitter of looking, and no error adds up. The period is the mean over 128 to
// 4096 samples; bounds a period wide leave 0.1 % of it after two thousand.
#pragma once

#include <stdint.h>

namespace board {

// When the chip was asked, and how old its newest sample was then where the chip tells (else 0).
struct Look {
  uint32_t began_us;
  uint32_t ended_us;
  uint32_t age_us;
};

class SampleClock {
 public:
  void start(float nominal_hz) {
    *this = SampleClock();
    period_q8_ = static_cast<uint32_t>(256.0e6F / nominal_hz);
  }

  // A look found `samples` new ones, lost ones included.
  void saw(uint32_t samples, const Look& look) {
    if (samples > 0U) {
      advance(samples, look);
    }
    looked_us_ = look.began_us;
  }

  // A look found a new reading in a register that holds only one: others may have been before it.
  // False for the first one, of which nobody knows how long it had been there.
  bool saw_one(const Look& look) {
    const bool is_timed = started_;
    const uint32_t taken = is_timed ? taken_until(look.ended_us) : 0U;
    saw(taken > 1U ? taken : 1U, look);
    return is_timed;
  }
  void saw_none(const Look& look) { saw(0, look); }

  // What the chip had taken by the end of this look is gone, newer than all that was seen: how many.
  uint32_t saw_emptied(const Look& look) {
    const uint32_t taken = taken_until(look.ended_us);
    saw(taken, look);
    return taken;
  }

  // Time of the sample `younger` samples before the newest.
  uint32_t time_us(uint32_t younger) const {
    return static_cast<uint32_t>((newest_q8_ - static_cast<uint64_t>(younger) * step_q8_) >> 8);
  }

  // How many samples were taken from the newest one's time to `now_us`.
  uint32_t taken_until(uint32_t now_us) const {
    const uint64_t now_q8 = unwrapped(now_us);
    return now_q8 <= newest_q8_ ? 0U : static_cast<uint32_t>((now_q8 - newest_q8_) / period_q8_);
  }

  uint32_t period_us() const { return period_q8_ >> 8; }
  float rate_hz() const { return 256.0e6F / static_cast<float>(period_q8_); }

 private:
  static constexpr uint32_t kFirstSamples = 16;  // until the time lies well within its bounds
  static constexpr uint32_t kSettleSamples = 128;
  static constexpr uint32_t kSpanSamples = 4096;
  static constexpr uint64_t kTurnUs = 0x100000000U;

  void advance(uint32_t samples, const Look& look) {
    if (!started_) {
      started_ = true;
      newest_q8_ = (kTurnUs + (look.ended_us - look.age_us)) << 8;
      step_q8_ = period_q8_;
      return;
    }
    const uint64_t before_q8 = newest_q8_;
    newest_q8_ = bounded(samples, look);
    if (newest_q8_ <= before_q8) {
      newest_q8_ = before_q8 + samples * 256U;  // a microsecond each: time never stands still
    }
    step_q8_ = static_cast<uint32_t>((newest_q8_ - before_q8) / samples);
    measure(samples);
  }

  // In 1/256 us, in the turn of the 32-bit clock that lies nearest to the newest sample.
  uint64_t unwrapped(uint32_t time_us) const {
    const uint64_t newest_us = newest_q8_ >> 8;
    const int32_t ahead = static_cast<int32_t>(time_us - static_cast<uint32_t>(newest_us));
    return (newest_us + static_cast<uint64_t>(static_cast<int64_t>(ahead))) << 8;
  }

  uint64_t bounded(uint32_t samples, const Look& look) const {
    const uint64_t expected_q8 = newest_q8_ + static_cast<uint64_t>(samples) * period_q8_;
    const uint64_t latest_q8 = unwrapped(look.ended_us - look.age_us);
    uint64_t earliest_q8 = unwrapped(look.began_us - look.age_us);
    if (look.age_us == 0U) {
      const uint64_t looked_q8 = unwrapped(looked_us_);
      earliest_q8 -= period_q8_;
      if (samples == 1U && looked_q8 > earliest_q8) {
        earliest_q8 = looked_q8;  // it was not there the last time
      }
    }
    if (expected_q8 > latest_q8) {
      return latest_q8;
    }
    return expected_q8 < earliest_q8 ? earliest_q8 : expected_q8;
  }

  void measure(uint32_t samples) {
    counted_ += samples;
    if (!anchored_ && counted_ >= kFirstSamples) {
      anchored_ = true;
      anchor_q8_ = newest_q8_;
      counted_ = 0;
    }
    if (anchored_ && counted_ >= kSettleSamples) {
      period_q8_ = static_cast<uint32_t>((newest_q8_ - anchor_q8_) / counted_);
    }
    if (counted_ >= kSpanSamples) {  // half of the span stays
      anchor_q8_ = newest_q8_ - static_cast<uint64_t>(counted_ / 2U) * period_q8_;
      counted_ /= 2U;
    }
  }

  bool started_ = false;
  bool anchored_ = false;
  uint32_t period_q8_ = 0;  // 1/256 us
  uint32_t step_q8_ = 0;    // between the samples of the last look
  uint32_t counted_ = 0;    // samples since the anchor
  uint32_t looked_us_ = 0;
  uint64_t newest_q8_ = 0;  // device time, not wrapped
  uint64_t anchor_q8_ = 0;
};

}  // namespace board
