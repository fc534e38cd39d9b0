// For how long the board shows which one it is.
#pragma once

#include <stdint.h>

#include "clock.h"
#include "packets.h"

namespace imu_gesture {

class Blinker {
 public:
  AckStatus obey(const PacketView& packet, uint32_t now_us) {
    Identify wanted;
    if (!read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    start(wanted.seconds, now_us);
    return AckStatus::kDone;
  }
  void start(uint8_t seconds, uint32_t now_us) {
    on_ = seconds > 0U;
    since_us_ = now_us;
    for_us_ = seconds * 1000000U;
  }
  void poll(uint32_t now_us) {
    if (on_ && elapsed_us(since_us_, now_us) >= for_us_) {
      on_ = false;
    }
  }
  bool on() const { return on_; }

 private:
  bool on_ = false;
  uint32_t since_us_ = 0;
  uint32_t for_us_ = 0;
};

}  // namespace imu_gesture
