#pragma GCC optimize("fp-contract=off")
#include "flash_store.h"

#include <nrf.h>
#include <string.h>

namespace board {

// Where the flash ends for us: at another bootloader, if there is one.
static uint32_t end_of(const mbed::FlashIAP& flash) {
  const uint32_t end = flash.get_flash_start() + flash.get_flash_size();
  const uint32_t bootloader = NRF_UICR->NRFFW[0];  // all ones: none
  return bootloader > 0U && bootloader < end ? bootloader : end;
}

bool FlashStore::begin() {
  start_ = 0;
  if (flash_.init() != 0) {
    return false;
  }
  const uint32_t start = end_of(flash_) - kPages * kPageBytes;
  const uint32_t sketch_end = static_cast<uint32_t>(FLASHIAP_APP_ROM_END_ADDR);
  const bool free = sketch_end <= start && start % kPageBytes == 0U;
  if (!free || flash_.get_sector_size(start) != kPageBytes || flash_.get_page_size() != 4U) {
    return false;
  }
  start_ = start;
  return true;
}

bool FlashStore::has(uint32_t offset, int size) const {
  return start_ != 0U && size >= 0 && offset + static_cast<uint32_t>(size) <= kPages * kPageBytes;
}

void FlashStore::read(uint32_t offset, uint8_t* data, int size) const {
  const uint32_t bytes = static_cast<uint32_t>(size);
  if (!has(offset, size) || flash_.read(data, start_ + offset, bytes) != 0) {
    memset(data, 0xFF, bytes);  // as if nothing were there
  }
}

bool FlashStore::write(uint32_t offset, const uint8_t* data, int size) {
  return has(offset, size) && flash_.program(data, start_ + offset, static_cast<uint32_t>(size)) == 0;
}

bool FlashStore::erase_page(uint32_t offset) {
  return has(offset, static_cast<int>(kPageBytes)) && flash_.erase(start_ + offset, kPageBytes) == 0;
}

const uint8_t* FlashStore::at(uint32_t offset) const {
  return reinterpret_cast<const uint8_t*>(static_cast<uintptr_t>(start_ + offset));
}

}  // namespace board
