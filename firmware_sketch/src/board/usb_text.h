// Text lines over USB serial: samples while the host wants them, gestures as they happen.
#pragma once

#include <stddef.h>

#include "../core/decision.h"
#include "../core/sample.h"

namespace board {

class UsbText {
 public:
  void begin();

  // Obeys the host: 's' starts the sample lines, 'x' stops them.
  void poll();

  void hello(const char* imu, const char* model_id, size_t arena_used_bytes);
  void sample(const imu_gesture::ImuSample& sample);
  void gesture(const imu_gesture::GestureEvent& event, const char* label);

  // Says the problem again and again; there is nothing to do but read it.
  [[noreturn]] void fail(const char* problem);

 private:
  bool streaming_ = false;
};

}  // namespace board
