#pragma GCC optimize("fp-contract=off")
#include "wire_bus.h"

#include <Arduino.h>
#include <Wire.h>

namespace board {

constexpr uint32_t kFastModeHz = 400000;  // all four chips allow it

void WireBus::begin() {
  Wire1.begin();
  Wire1.setClock(kFastModeHz);
}

bool WireBus::read(uint8_t device, uint8_t reg, uint8_t* data, int size) {
  Wire1.beginTransmission(device);
  Wire1.write(reg);
  if (Wire1.endTransmission(false) != 0 || size > kMaxTransfer) {
    return false;
  }
  const size_t wanted = static_cast<size_t>(size);
  if (Wire1.requestFrom(device, wanted) != wanted) {
    return false;
  }
  for (int i = 0; i < size; ++i) {
    data[i] = static_cast<uint8_t>(Wire1.read());
  }
  return true;
}

bool WireBus::write(uint8_t device, uint8_t reg, const uint8_t* data, int size) {
  Wire1.beginTransmission(device);
  Wire1.write(reg);
  Wire1.write(data, size);
  return Wire1.endTransmission() == 0;
}

uint32_t WireBus::now_us() { return static_cast<uint32_t>(micros()); }

void WireBus::wait_us(uint32_t duration_us) {
  if (duration_us >= 1000U) {
    delay((duration_us + 999U) / 1000U);  // others may run
  } else {
    delayMicroseconds(duration_us);
  }
}

}  // namespace board
