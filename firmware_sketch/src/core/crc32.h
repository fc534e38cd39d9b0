// CRC-32 as zlib, Ethernet and MCAP have it (polynomial 0x04C11DB7, reflected).
#pragma once

#include <stdint.h>

namespace imu_gesture {

struct Crc32Tables {
  uint32_t entry[8][256];

  constexpr Crc32Tables() : entry{} {
    for (uint32_t i = 0; i < 256U; ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) {
        crc = (crc & 1U) != 0U ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
      }
      entry[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256U; ++i) {
      for (int t = 1; t < 8; ++t) {
        entry[t][i] = (entry[t - 1][i] >> 8) ^ entry[0][entry[t - 1][i] & 0xFFU];
      }
    }
  }
};

static constexpr Crc32Tables kCrc32Tables{};

inline uint32_t crc_word(const uint8_t* data) {
  return static_cast<uint32_t>(data[0]) | (static_cast<uint32_t>(data[1]) << 8) |
         (static_cast<uint32_t>(data[2]) << 16) | (static_cast<uint32_t>(data[3]) << 24);
}

// Eight bytes at a time (Kounavis and Berry 2008, "slicing-by-8"). `before`: of what stood in front of them.
inline uint32_t crc32(const uint8_t* data, int size, uint32_t before = 0U) {
  const auto& table = kCrc32Tables.entry;
  uint32_t crc = ~before;
  for (; size >= 8; size -= 8, data += 8) {
    const uint32_t low = crc ^ crc_word(data);
    const uint32_t high = crc_word(data + 4);
    crc = table[7][low & 0xFFU] ^ table[6][(low >> 8) & 0xFFU] ^ table[5][(low >> 16) & 0xFFU] ^
          table[4][low >> 24] ^ table[3][high & 0xFFU] ^ table[2][(high >> 8) & 0xFFU] ^
          table[1][(high >> 16) & 0xFFU] ^ table[0][high >> 24];
  }
  for (; size > 0; --size, ++data) {
    crc = (crc >> 8) ^ table[0][(crc ^ *data) & 0xFFU];
  }
  return ~crc;
}

}  // namespace imu_gesture
