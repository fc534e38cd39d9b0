// Consistent overhead byte stuffing (Cheshire and Baker 1999): frames without a zero, ended by one.
#pragma once

#include <stdint.h>
#include <string.h>

namespace imu_gesture {

// Bytes that `size` bytes need at most, the closing zero included.
constexpr int cobs_capacity(int size) { return size + size / 254 + 2; }

// Writes one frame, closing zero included; returns its length. `frame` holds cobs_capacity(size).
inline int cobs_encode(const uint8_t* data, int size, uint8_t* frame) {
  int code_at = 0;
  int to = 1;
  uint8_t code = 1;
  for (int from = 0; from < size; ++from) {
    if (data[from] != 0U) {
      frame[to++] = data[from];
      ++code;
    }
    if (data[from] == 0U || (code == 0xFFU && from + 1 < size)) {
      frame[code_at] = code;
      code_at = to++;
      code = 1;
    }
  }
  frame[code_at] = code;
  frame[to++] = 0;
  return to;
}

// Decodes a frame without its closing zero, in place; returns the length, or -1 if it is damaged.
inline int cobs_decode(uint8_t* frame, int size) {
  int from = 0;
  int to = 0;
  while (from < size) {
    const int code = frame[from];
    const int end = from + code;
    if (code == 0 || end > size || memchr(frame + from, 0, static_cast<size_t>(code)) != nullptr) {
      return -1;
    }
    memmove(frame + to, frame + from + 1, static_cast<size_t>(code - 1));
    to += code - 1;
    from = end;
    if (code != 0xFF && from < size) {
      frame[to++] = 0;
    }
  }
  return to;
}

// Gathers the bytes of a stream into frames of bounded size; a longer one is dropped whole.
template <int kCapacity>
class FrameCollector {
 public:
  // Takes one byte; true when `data()` and `size()` hold a decoded frame.
  bool push(uint8_t byte) {
    if (byte != 0U) {
      if (filled_ < kCapacity) {
        buffer_[filled_] = byte;
      }
      overlong_ = overlong_ || filled_ >= kCapacity;
      filled_ += overlong_ ? 0 : 1;
      return false;
    }
    const bool empty = filled_ == 0 && !overlong_;
    size_ = overlong_ ? -1 : cobs_decode(buffer_, filled_);
    filled_ = 0;
    overlong_ = false;
    if (empty) {
      return false;
    }
    if (size_ < 0) {
      ++damaged_;
      return false;
    }
    return true;
  }

  // Takes bytes up to the first that ends a frame, or all; returns how many. `*whole` as push().
  int push(const uint8_t* data, int size, bool* whole) {
    const void* end = memchr(data, 0, static_cast<size_t>(size));
    const int body = end == nullptr ? size : static_cast<int>(static_cast<const uint8_t*>(end) - data);
    if (body <= kCapacity - filled_) {
      memcpy(buffer_ + filled_, data, static_cast<size_t>(body));
      filled_ += body;
    } else {
      overlong_ = true;
    }
    *whole = end != nullptr && push(0);
    return end == nullptr ? size : body + 1;
  }

  const uint8_t* data() const { return buffer_; }
  int size() const { return size_; }
  uint32_t damaged() const { return damaged_; }

 private:
  uint8_t buffer_[kCapacity];
  int filled_ = 0;
  int size_ = 0;
  bool overlong_ = false;
  uint32_t damaged_ = 0;
};

}  // namespace imu_gesture
