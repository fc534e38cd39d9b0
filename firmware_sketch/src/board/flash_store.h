// The flash that a board remembers in: the last pages that belong to nobody else.
//
// arduino:mbed_nano gives a sketch everything from 0x10000, where the bootloader ends, to the end of
// the flash at 1 MB, and uploads write the pages a sketch fills, no more. So the last pages are free as long as
// the sketch does not reach them, and what is in them outlives an upload. Arduino's other bootloader,
// for SoftDevices, lies near the end and says where in UICR: then the pages before it are taken. Mbed's
// KVStore would take everything behind the sketch, but nothing here uses it.
#pragma once

#include <FlashIAP.h>
#include <stdint.h>

#include "../core/flash.h"

namespace board {

class FlashStore final : public imu_gesture::Flash {
 public:
  static constexpr uint32_t kPages = imu_gesture::kFlashPages;

  // Call once, in setup(): it takes memory. False when there is no room, and then nothing is touched.
  bool begin();

  // Offsets are from the first of the pages.
  void read(uint32_t offset, uint8_t* data, int size) const override;
  bool write(uint32_t offset, const uint8_t* data, int size) override;
  bool erase_page(uint32_t offset) override;  // the processor stands still for 85 ms
  const uint8_t* at(uint32_t offset) const override;

 private:
  bool has(uint32_t offset, int size) const;

  mutable mbed::FlashIAP flash_;  // its read() is not const
  uint32_t start_ = 0;  // address; 0: no room
};

}  // namespace board
