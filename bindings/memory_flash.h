// Flash of a board, in memory: pages that are erased to 0xFF, bits that can only be cleared, and a
// power supply that may fail in the middle.
#pragma once

#include <cstdint>
#include <vector>

#include "flash.h"

namespace bindings {

class MemoryFlash final : public imu_gesture::Flash {
 public:
  explicit MemoryFlash(int pages) : content_(static_cast<size_t>(pages) * kPageBytes, 0xFFU) {}

  void read(uint32_t offset, uint8_t* data, int size) const override {
    for (int i = 0; i < size; ++i) {
      data[i] = content_.at(offset + static_cast<uint32_t>(i));
    }
  }
  bool write(uint32_t offset, const uint8_t* data, int size) override {
    if (offset % 4U != 0U || size % 4 != 0) {
      return false;
    }
    for (int i = 0; i < size && powered(); ++i) {
      uint8_t& byte = content_.at(offset + static_cast<uint32_t>(i));
      byte = static_cast<uint8_t>(byte & data[i]);
    }
    return !cut_;
  }
  const uint8_t* at(uint32_t offset) const override { return &content_.at(offset); }
  bool erase_page(uint32_t offset) override {
    ++erases_;
    for (uint32_t i = 0; i < kPageBytes && powered(); ++i) {
      content_.at(offset / kPageBytes * kPageBytes + i) = 0xFFU;
    }
    return !cut_;
  }

  // Power fails once so many more bytes were written or erased; a negative number: it does not.
  void cut_after(int64_t bytes) {
    left_ = bytes;
    cut_ = false;
  }

  std::vector<uint8_t>& content() { return content_; }
  int erases() const { return erases_; }

 private:
  bool powered() {
    cut_ = cut_ || left_ == 0;
    left_ -= left_ > 0 ? 1 : 0;
    return !cut_;
  }

  std::vector<uint8_t> content_;
  int64_t left_ = -1;
  bool cut_ = false;
  int erases_ = 0;
};

}  // namespace bindings
