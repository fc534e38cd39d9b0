// The wire to the sensors and a clock: drivers run against real and against modelled chips.
#pragma once

#include <stdint.h>

namespace board {

// Wire of arduino:mbed_nano buffers 256 bytes each way.
constexpr int kMaxTransfer = 252;

class ImuBus {
 public:
  // `size` bytes (at most kMaxTransfer) from `reg` on; false when the device does not answer.
  virtual bool read(uint8_t device, uint8_t reg, uint8_t* data, int size) = 0;
  virtual bool write(uint8_t device, uint8_t reg, const uint8_t* data, int size) = 0;
  virtual uint32_t now_us() = 0;
  virtual void wait_us(uint32_t duration_us) = 0;

  bool write(uint8_t device, uint8_t reg, uint8_t value) { return write(device, reg, &value, 1); }

 protected:
  ~ImuBus() = default;
};

struct RegisterValue {
  uint8_t reg;
  uint8_t value;
};

// Writes registers in order and reads each back; false when one does not keep its value.
template <int kCount>
bool write_and_check(ImuBus* bus, uint8_t device, const RegisterValue (&settings)[kCount]) {
  for (const RegisterValue& setting : settings) {
    uint8_t kept = 0;
    if (!bus->write(device, setting.reg, setting.value) ||
        !bus->read(device, setting.reg, &kept, 1) || kept != setting.value) {
      return false;
    }
  }
  return true;
}

inline int16_t int16_of(uint8_t low, uint8_t high) {
  return static_cast<int16_t>(static_cast<uint16_t>((high << 8) | low));
}

inline int16_t int16_saturated(int32_t count) {
  return static_cast<int16_t>(count > INT16_MAX ? INT16_MAX : count < INT16_MIN ? INT16_MIN : count);
}

}  // namespace board
