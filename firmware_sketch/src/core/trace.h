// What a firmware computed, in a few numbers that a host computes as well: running checksums over every
// model input, every score and every event.
#pragma once

#include <stdint.h>

#include "bytes.h"
#include "crc32.h"
#include "decision.h"

namespace imu_gesture {

struct Trace {
  uint32_t windows = 0;
  uint32_t inputs_crc = 0;
  uint32_t scores_crc = 0;
  uint16_t events = 0;
  uint32_t events_crc = 0;  // time u32, label u8, score u8 of each

  void window(const int8_t* input, int input_bytes, const int8_t* scores, int outputs) {
    ++windows;
    inputs_crc = crc32(reinterpret_cast<const uint8_t*>(input), input_bytes, inputs_crc);
    scores_crc = crc32(reinterpret_cast<const uint8_t*>(scores), outputs, scores_crc);
  }
  void event(const GestureEvent& event) {
    ++events;
    uint8_t bytes[6];
    ByteWriter out(bytes, 6);
    out.u32(event.device_time_us);
    out.u8(event.label);
    out.u8(event.score);
    events_crc = crc32(bytes, 6, events_crc);
  }

  template <typename Io>
  void fields(Io& io) {
    io(windows, inputs_crc, scores_crc, events, events_crc);
  }
};

}  // namespace imu_gesture
