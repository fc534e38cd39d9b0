// A state as bytes: version, fields in order, checksum. Whoever restores them goes on with the same bits.
#pragma once

#include <stdint.h>

#include "bytes.h"
#include "crc32.h"
#include "fields.h"

namespace imu_gesture {

constexpr int kSavedStateOverhead = 6;  // version u16, CRC-32 u32

// Takes the place of a FieldWriter, and only counts.
class FieldCounter {
 public:
  template <typename T>
  void operator()(const T&) {
    size_ += static_cast<int>(sizeof(T));
  }
  template <typename First, typename Second, typename... Others>
  void operator()(First& first, Second& second, Others&... others) {
    (*this)(first);
    (*this)(second, others...);
  }
  int size() const { return size_; }

 private:
  int size_ = 0;
};

// Bytes that a saved state has.
template <typename State>
int saved_bytes() {
  State state;
  FieldCounter counter;
  state.fields(counter);
  return counter.size() + kSavedStateOverhead;
}

// Writes saved_bytes<State>() bytes.
template <typename State>
void save_state(State state, uint16_t version, uint8_t* data) {
  FieldWriter out(data, saved_bytes<State>());
  out(version);
  state.fields(out);
  const uint32_t checksum = crc32(data, out.size());
  out(checksum);
}

// False, and `state` as it was, when the bytes are damaged, of another version or another length.
template <typename State>
bool load_state(const uint8_t* data, int size, uint16_t version, State* state) {
  if (size != saved_bytes<State>()) {
    return false;
  }
  const int body = size - 4;
  ByteReader tail(data + body, 4);
  ByteReader head(data, 2);
  if (tail.u32() != crc32(data, body) || head.u16() != version) {
    return false;
  }
  FieldReader in(data + 2, body - 2);
  state->fields(in);
  return true;
}

}  // namespace imu_gesture
