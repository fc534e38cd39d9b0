#pragma GCC optimize("fp-contract=off")
#include "usb_link.h"

#include <Arduino.h>

namespace board {

constexpr unsigned long kBaudRate = 115200;  // USB ignores it

void UsbLink::begin() { Serial.begin(kBaudRate); }

bool UsbLink::is_connected() { return static_cast<bool>(Serial); }

bool UsbLink::read(uint8_t* byte) {
  if (Serial.available() <= 0) {
    return false;
  }
  *byte = static_cast<uint8_t>(Serial.read());
  return true;
}

void UsbLink::write(const uint8_t* data, int size) { Serial.write(data, static_cast<size_t>(size)); }

}  // namespace board
