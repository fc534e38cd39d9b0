// What the board remembers without power, and where in its flash. The owner brings the flash.
#pragma once

#include <stdint.h>

namespace imu_gesture {

class Flash {
 public:
  // Erased bytes are 0xFF. Writing takes whole words (4 bytes), each once after an erase.
  virtual void read(uint32_t offset, uint8_t* data, int size) const = 0;
  virtual bool write(uint32_t offset, const uint8_t* data, int size) = 0;
  virtual bool erase_page(uint32_t offset) = 0;
  // Where a stretch stands in memory, for a model that is run in place.
  virtual const uint8_t* at(uint32_t offset) const = 0;

  static constexpr uint32_t kPageBytes = 4096;  // as an nRF52840 has

 protected:
  ~Flash() = default;
};

// In pages from the start of what the owner sets aside.
constexpr uint32_t kMemoryPage = 0;  // two: FlashLog of Remembered
constexpr uint32_t kKeyPage = 2;     // two: FlashLog of the key
constexpr uint32_t kSlotPage = 4;    // two slots for models
constexpr uint32_t kSlotPages = 8;
constexpr uint32_t kModelSlots = 2;
constexpr uint32_t kFlashPages = kSlotPage + kModelSlots * kSlotPages;

}  // namespace imu_gesture
