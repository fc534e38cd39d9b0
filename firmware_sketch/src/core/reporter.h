// What a board says of itself every now and then: its health, and how its sensors have drifted.
#pragma once

#include <stdint.h>

#include "board_calibration.h"
#include "clock.h"
#include "packets.h"
#include "recognition.h"
#include "uplink.h"
#include "uptime.h"

namespace imu_gesture {

class Reporter {
 public:
  void begin(uint32_t period_us) { period_us_ = period_us; }

  // The next report is due a period from now.
  void restart(uint32_t now_us) { reported_us_ = now_us; }

  void advance(uint32_t now_us) { uptime_.advance(now_us); }
  uint32_t uptime_s() const { return uptime_.seconds(); }

  template <int kWindowCapacity>
  void poll(uint32_t now_us, uint8_t streams, const Recognition<kWindowCapacity>& recognition,
            const BoardCalibration<kWindowCapacity>& calibration, Uplink* uplink) {
    if (streams == 0U || elapsed_us(reported_us_, now_us) < period_us_) {
      return;
    }
    reported_us_ = now_us;
    health.device_time_us = now_us;
    health.uptime_s = uptime_.seconds();
    recognition.count_into(&health);
    uplink->send(health);
    if ((streams & kStreamDrift) != 0U) {
      Drift drift = calibration.report(now_us);
      uplink->send(drift);
    }
  }

  Health health;  // counted up by whoever knows

 private:
  Uptime uptime_;
  uint32_t period_us_ = 1000000;
  uint32_t reported_us_ = 0;
};

}  // namespace imu_gesture
