// Whether every thread still does its work: each says so, and one place counts how long it has not.
#pragma once

#include <stdint.h>

namespace imu_gesture {

template <int kThreads>
class Liveness {
 public:
  // `limit_ticks`: so many tick()s without a beat() are too many.
  void expect(int thread, uint32_t limit_ticks) { limit_ticks_[thread] = limit_ticks; }

  // Any thread.
  void beat(int thread) { __atomic_store_n(&silent_ticks_[thread], 0U, __ATOMIC_RELAXED); }

  // From one place, at equal intervals. The first thread that is silent for too long, -1: none.
  int tick() {
    int silent = -1;
    for (int thread = kThreads - 1; thread >= 0; --thread) {
      const uint32_t ticks = __atomic_add_fetch(&silent_ticks_[thread], 1U, __ATOMIC_RELAXED);
      silent = ticks > limit_ticks_[thread] ? thread : silent;
    }
    return silent;
  }

 private:
  uint32_t limit_ticks_[kThreads] = {};
  uint32_t silent_ticks_[kThreads] = {};
};

}  // namespace imu_gesture
