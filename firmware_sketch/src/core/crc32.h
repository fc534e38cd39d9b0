// CRC-32 as zlib, Ethernet and MCAP have it (polynomial 0x04C11DB7, reflected).
#pragma once

#include <stdint.h>

namespace imu_gesture {

struct Crc32Tables {
  uint32_t entry[4][256];

  constexpr Crc32Tables() : entry{} {
    for (uint32_t i = 0; i < 256U; ++i) {
      uint32_t crc = i;
      for (int bit = 0; bit < 8; ++bit) {
        crc = (crc & 1U) != 0U ? (crc >> 1) ^ 0xEDB88320U : crc >> 1;
      }
      entry[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256U; ++i) {
      for (int t = 1; t < 4; ++t) {
        entry[t][i] = (entry[t - 1][i] >> 8) ^ entry[0][entry[t - 1][i] & 0xFFU];
      }
    }
  }
};

static constexpr Crc32Tables kCrc32Tables{};

// Four bytes at a time (Kounavis and Berry 2008, "slicing-by-4").
inline uint32_t crc32(const uint8_t* data, int size) {
  const auto& table = kCrc32Tables.entry;
  uint32_t crc = 0xFFFFFFFFU;
  for (; size >= 4; size -= 4, data += 4) {
    crc ^= static_cast<uint32_t>(data[0]) | (static_cast<uint32_t>(data[1]) << 8) |
           (static_cast<uint32_t>(data[2]) << 16) | (static_cast<uint32_t>(data[3]) << 24);
    crc = table[3][crc & 0xFFU] ^ table[2][(crc >> 8) & 0xFFU] ^ table[1][(crc >> 16) & 0xFFU] ^
          table[0][crc >> 24];
  }
  for (; size > 0; --size, ++data) {
    crc = (crc >> 8) ^ table[0][(crc ^ *data) & 0xFFU];
  }
  return ~crc;
}

}  // namespace imu_gesture
