// What the board's light says.
#pragma once

#include <stdint.h>

#include "clock.h"

namespace imu_gesture {

enum class Colour : uint8_t { kOff, kRed, kGreen, kBlue, kWhite };

struct Activity {
  uint8_t error = 0;      // so many red blinks, 0: all is well
  bool identifying = false;
  bool gesture = false;   // one was recognised, at gesture_us
  uint32_t gesture_us = 0;
  bool streaming = false;
  bool resting = false;   // to save power
};

// The most important thing first: which one it is, what is wrong, a gesture, a stream, that it lives.
class Indicator {
 public:
  Colour colour(const Activity& activity, uint32_t now_us) {
    advance(now_us);
    if (activity.identifying) {
      return phase_us_ % kIdentifyUs < kIdentifyUs / 2U ? Colour::kWhite : Colour::kOff;
    }
    if (activity.error > 0U) {
      const uint32_t blink = phase_us_ / kBlinkUs;
      const bool on = blink < activity.error && phase_us_ % kBlinkUs < kBlinkUs / 2U;
      return on ? Colour::kRed : Colour::kOff;
    }
    if (activity.gesture && elapsed_us(activity.gesture_us, now_us) < kGestureUs) {
      return Colour::kGreen;
    }
    if (activity.streaming) {
      return Colour::kBlue;
    }
    return !activity.resting && phase_us_ < kHeartbeatUs ? Colour::kGreen : Colour::kOff;
  }

 private:
  static constexpr uint32_t kPeriodUs = 3000000;  // of a heartbeat, or of an error's blinks
  static constexpr uint32_t kHeartbeatUs = 20000;
  static constexpr uint32_t kBlinkUs = 400000;
  static constexpr uint32_t kIdentifyUs = 200000;
  static constexpr uint32_t kGestureUs = 300000;

  void advance(uint32_t now_us) {
    phase_us_ = (phase_us_ + elapsed_us(newest_us_, now_us)) % kPeriodUs;
    newest_us_ = now_us;
  }

  uint32_t newest_us_ = 0;
  uint32_t phase_us_ = 0;
};

}  // namespace imu_gesture
