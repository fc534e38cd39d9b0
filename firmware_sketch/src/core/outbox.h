// Packets waiting for the link, oldest first, in memory of fixed size.
#pragma once

#include <stdint.h>
#include <string.h>

#include "packet.h"

namespace imu_gesture {

template <int kBytes>
class Outbox {
 public:
  // False when fewer than `reserve` bytes would stay free; the packet is not taken.
  bool push(const uint8_t* packet, int size, int reserve) {
    if (used_ + size + 1 + reserve > kBytes) {
      return false;
    }
    put(static_cast<uint8_t>(size));
    for (int i = 0; i < size; ++i) {
      put(packet[i]);
    }
    return true;
  }

  // Length of the oldest packet, 0 when there is none.
  int next_size() const { return used_ == 0 ? 0 : bytes_[oldest_]; }

  // Takes the oldest packet out; `packet` holds next_size() bytes.
  void pop(uint8_t* packet) {
    const int size = take();
    for (int i = 0; i < size; ++i) {
      packet[i] = take();
    }
  }

  void clear() {
    used_ = 0;
    oldest_ = 0;
  }

 private:
  void put(uint8_t byte) { bytes_[(oldest_ + used_++) % kBytes] = byte; }
  uint8_t take() {
    const uint8_t byte = bytes_[oldest_];
    oldest_ = (oldest_ + 1) % kBytes;
    --used_;
    return byte;
  }

  uint8_t bytes_[kBytes];
  int oldest_ = 0;
  int used_ = 0;
};

}  // namespace imu_gesture
