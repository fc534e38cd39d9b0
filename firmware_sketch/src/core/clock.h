// The board's 32-bit microsecond clock, which wraps after 71.6 minutes.
#pragma once

#include <stdint.h>

namespace imu_gesture {

// Microseconds from `start_us` to `now_us`, right across a wrap.
inline uint32_t elapsed_us(uint32_t start_us, uint32_t now_us) { return now_us - start_us; }

// False when `now_us` equals `start_us` or lies before it (by less than half the clock's range).
inline bool is_later(uint32_t now_us, uint32_t start_us) {
  const uint32_t ahead = elapsed_us(start_us, now_us);
  return ahead != 0U && ahead < 0x80000000U;
}

}  // namespace imu_gesture
