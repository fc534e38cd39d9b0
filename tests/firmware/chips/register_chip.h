// An I2C device with byte registers: the first byte written is the subaddress.
#pragma once

#include <stdint.h>

#include <algorithm>
#include <cmath>

namespace chips {

class RegisterChip {
 public:
  virtual ~RegisterChip() {}

  // Brings the chip to a time, in microseconds since it got its supply.
  virtual void advance(double time_us) = 0;
  // Takes the supply away: all is as after power-up from `time_us` on.
  virtual void power_up(double time_us) = 0;

  void write(const uint8_t* bytes, int size) {
    if (size > 0) {
      select(bytes[0]);
    }
    for (int i = 1; i < size; ++i) {
      store(address_, bytes[i]);
      address_ = following(address_);
    }
  }
  void read(uint8_t* bytes, int size) {
    for (int i = 0; i < size; ++i) {
      bytes[i] = load(address_);
      address_ = following(address_);
    }
  }

 protected:
  virtual void select(uint8_t subaddress) { address_ = subaddress; }
  virtual uint8_t following(uint8_t address) const { return static_cast<uint8_t>(address + 1); }
  virtual void store(uint8_t address, uint8_t value) = 0;
  virtual uint8_t load(uint8_t address) = 0;

  uint8_t address_ = 0;
};

// A reading in counts, as a converter of `bits` gives it.
inline int quantised(double value, double per_count, int bits = 16) {
  const double most = std::ldexp(1.0, bits - 1);
  return static_cast<int>(std::min(most - 1.0, std::max(-most, std::nearbyint(value / per_count))));
}

inline uint8_t low(int count) { return static_cast<uint8_t>(count & 0xFF); }
inline uint8_t high(int count) { return static_cast<uint8_t>((count >> 8) & 0xFF); }

}  // namespace chips
