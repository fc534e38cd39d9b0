// The sensor library's interface: sample number n reads the counts n, n + 1, ... of a 16-bit ramp,
// in the library's own scale.
#pragma once

#include "Arduino.h"

class Lsm9ds1 {
 public:
  int begin() {
    started_us_ = micros();
    return LSM9DS1_ANSWERS;
  }
  int accelerationAvailable() { return micros() - started_us_ >= (taken_ + 1U) * 8403U ? 1 : 0; }
  int gyroscopeAvailable() { return accelerationAvailable(); }
  int readAcceleration(float& x, float& y, float& z) { return read(4.0F, 0U, x, y, z); }
  int readGyroscope(float& x, float& y, float& z) {
    const int ok = read(2000.0F, 3U, x, y, z);
    ++taken_;
    return ok;
  }

 private:
  int read(float range, uint32_t first, float& x, float& y, float& z) const {
    float* const axes[] = {&x, &y, &z};
    for (uint32_t i = 0; i < 3U; ++i) {
      const int16_t count = static_cast<int16_t>((taken_ + first + i) * 7919U);
      *axes[i] = static_cast<float>(count) * range / 32768.0F;
    }
    return 1;
  }

  uint32_t started_us_ = 0;
  uint32_t taken_ = 0;
};

extern Lsm9ds1 IMU_LSM9DS1;
