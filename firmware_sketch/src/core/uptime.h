// Seconds since the start, over any number of wraps of the microsecond clock.
#pragma once

#include <stdint.h>

#include "clock.h"

namespace imu_gesture {

class Uptime {
 public:
  // Call at least once in 71 minutes.
  void advance(uint32_t now_us) {
    const uint32_t passed_us = elapsed_us(newest_us_, now_us);
    seconds_ += passed_us / kSecondUs;
    rest_us_ += passed_us % kSecondUs;
    seconds_ += rest_us_ / kSecondUs;
    rest_us_ %= kSecondUs;
    newest_us_ = now_us;
  }
  uint32_t seconds() const { return seconds_; }

 private:
  static constexpr uint32_t kSecondUs = 1000000;

  uint32_t newest_us_ = 0;
  uint32_t rest_us_ = 0;
  uint32_t seconds_ = 0;
};

}  // namespace imu_gesture
