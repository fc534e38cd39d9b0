// What a board remembers over a reset, in memory that start-up code leaves alone.
#pragma once

#include <stdint.h>

#include "packets.h"

namespace imu_gesture {

struct BootRecord {
  uint32_t boot_count = 0;
  uint32_t previous_samples = kUnknownCount;
  uint32_t samples = 0;
  uint32_t check = 0;

  // Call once after each start: keeps what survived, starts anew where nothing did.
  void begin() {
    const bool survived = check == checksum();
    boot_count = survived ? boot_count + 1U : 0U;
    previous_samples = survived ? samples : kUnknownCount;
    note(0);
  }

  void note(uint32_t numbered) {
    samples = numbered;
    check = checksum();
  }

 private:
  uint32_t checksum() const { return (boot_count * 2654435761U) ^ (previous_samples * 40503U) ^ ~samples; }
};

}  // namespace imu_gesture
