// A push button that bounces: one short press, or one long one.
#pragma once

#include <stdint.h>

#include "clock.h"

namespace imu_gesture {

// Kinds of Mark.
enum MarkKind : uint8_t { kMarkButton = 1, kMarkCapture = 2 };  // here something is; start or stop here

struct ButtonParams {
  uint32_t steady_us = 30000;  // a level that lasts so long is meant
  uint32_t long_us = 1000000;
};

enum class Press : uint8_t { kNone, kShort, kLong };

class Button {
 public:
  explicit Button(const ButtonParams& params = ButtonParams()) : params_(params) {}

  // Call every few milliseconds. A short press counts when it ends, a long one while it lasts.
  Press update(bool down, uint32_t now_us) {
    if (down != level_) {
      level_ = down;
      since_us_ = now_us;
    }
    if (level_ != pressed_ && elapsed_us(since_us_, now_us) >= params_.steady_us) {
      return change(level_);
    }
    if (pressed_ && !told_ && elapsed_us(pressed_us_, now_us) >= params_.long_us) {
      told_ = true;
      return Press::kLong;
    }
    return Press::kNone;
  }

 private:
  Press change(bool pressed) {
    pressed_ = pressed;
    if (pressed) {
      pressed_us_ = since_us_;
      told_ = false;
      return Press::kNone;
    }
    return told_ ? Press::kNone : Press::kShort;
  }

  ButtonParams params_;
  bool level_ = false;    // as read
  bool pressed_ = false;  // as believed
  bool told_ = false;     // this press was a long one
  uint32_t since_us_ = 0;
  uint32_t pressed_us_ = 0;
};

}  // namespace imu_gesture
