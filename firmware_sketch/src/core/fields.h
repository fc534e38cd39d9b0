// One list of fields serves both directions: a packet's `fields(io)` writes or reads them.
#pragma once

#include <stdint.h>

#include "bytes.h"

namespace imu_gesture {

class FieldWriter {
 public:
  FieldWriter(uint8_t* data, int capacity) : out_(data, capacity) {}

  void operator()(uint8_t value) { out_.u8(value); }
  void operator()(uint16_t value) { out_.u16(value); }
  void operator()(uint32_t value) { out_.u32(value); }
  void operator()(int16_t value) { out_.i16(value); }
  void operator()(float value) { out_.f32(value); }
  template <typename T, int N>
  void operator()(const T (&values)[N]) {
    for (const T& value : values) {
      (*this)(value);
    }
  }
  // The rest of the packet: `count` bytes of an array.
  template <int N>
  void rest(const uint8_t (&values)[N], const uint8_t& count) {
    out_.bytes(values, count);
  }
  template <typename First, typename Second, typename... Others>
  void operator()(First& first, Second& second, Others&... others) {
    (*this)(first);
    (*this)(second, others...);
  }

  int size() const { return out_.size(); }
  bool ok() const { return out_.ok(); }

 private:
  ByteWriter out_;
};

class FieldReader {
 public:
  FieldReader(const uint8_t* data, int size) : in_(data, size) {}

  void operator()(uint8_t& value) { value = in_.u8(); }
  void operator()(uint16_t& value) { value = in_.u16(); }
  void operator()(uint32_t& value) { value = in_.u32(); }
  void operator()(int16_t& value) { value = in_.i16(); }
  void operator()(float& value) { value = in_.f32(); }
  template <typename T, int N>
  void operator()(T (&values)[N]) {
    for (T& value : values) {
      (*this)(value);
    }
  }
  template <int N>
  void rest(uint8_t (&values)[N], uint8_t& count) {
    count = static_cast<uint8_t>(in_.left() < N ? in_.left() : N);
    in_.bytes(values, count);
  }
  template <typename First, typename Second, typename... Others>
  void operator()(First& first, Second& second, Others&... others) {
    (*this)(first);
    (*this)(second, others...);
  }

  bool ok() const { return in_.ok(); }

 private:
  ByteReader in_;
};

}  // namespace imu_gesture
