// Little-endian fields in a byte buffer of fixed size. Overruns are remembered, never performed.
#pragma once

#include <stdint.h>
#include <string.h>

namespace imu_gesture {

class ByteWriter {
 public:
  ByteWriter(uint8_t* data, int capacity) : data_(data), capacity_(capacity) {}

  void u8(uint8_t value) {
    if (reserve(1)) {
      data_[size_++] = value;
    }
  }
  void u16(uint16_t value) {
    u8(static_cast<uint8_t>(value & 0xFFU));
    u8(static_cast<uint8_t>(value >> 8));
  }
  void u32(uint32_t value) {
    u16(static_cast<uint16_t>(value & 0xFFFFU));
    u16(static_cast<uint16_t>(value >> 16));
  }
  void i16(int16_t value) { u16(static_cast<uint16_t>(value)); }
  void f32(float value) {
    uint32_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    u32(bits);
  }
  void bytes(const uint8_t* from, int count) {
    if (count > 0 && reserve(count)) {
      memcpy(data_ + size_, from, static_cast<size_t>(count));
      size_ += count;
    }
  }

  int size() const { return size_; }
  bool ok() const { return ok_; }

 private:
  bool reserve(int count) {
    ok_ = ok_ && count <= capacity_ - size_;
    return ok_;
  }

  uint8_t* data_;
  int capacity_;
  int size_ = 0;
  bool ok_ = true;
};

// Reads zero behind the end, and says so.
class ByteReader {
 public:
  ByteReader(const uint8_t* data, int size) : data_(data), size_(size) {}

  uint8_t u8() { return take(1) ? data_[at_++] : 0U; }
  uint16_t u16() {
    const uint16_t low = u8();
    return static_cast<uint16_t>(low | (u8() << 8));
  }
  uint32_t u32() {
    const uint32_t low = u16();
    return low | (static_cast<uint32_t>(u16()) << 16);
  }
  int16_t i16() { return static_cast<int16_t>(u16()); }
  float f32() {
    const uint32_t bits = u32();
    float value = 0.0F;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  void bytes(uint8_t* to, int count) {
    if (count > 0 && take(count)) {
      memcpy(to, data_ + at_, static_cast<size_t>(count));
      at_ += count;
    }
  }

  const uint8_t* here() const { return data_ + at_; }
  int left() const { return size_ - at_; }
  bool ok() const { return ok_; }

 private:
  bool take(int count) {
    ok_ = ok_ && count <= size_ - at_;
    return ok_;
  }

  const uint8_t* data_;
  int size_;
  int at_ = 0;
  bool ok_ = true;
};

}  // namespace imu_gesture
