// SHA-256 (FIPS 180-4) and HMAC (RFC 2104): what a model is known by, and what proves a key.
#pragma once

#include <stdint.h>
#include <string.h>

namespace imu_gesture {

constexpr int kDigestBytes = 32;

static constexpr uint32_t kSha256Round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

class Sha256 {
 public:
  void update(const uint8_t* data, int size) {
    for (int i = 0; i < size; ++i) {
      block_[length_ % kBlock] = data[i];
      ++length_;
      if (length_ % kBlock == 0U) {
        compress();
      }
    }
  }

  // Writes kDigestBytes; nothing may be added afterwards.
  void finish(uint8_t* digest) {
    const uint64_t bits = length_ * 8U;
    const uint8_t mark = 0x80;
    const uint8_t zero = 0;
    update(&mark, 1);
    while (length_ % kBlock != kBlock - 8U) {
      update(&zero, 1);
    }
    for (int shift = 56; shift >= 0; shift -= 8) {
      const uint8_t byte = static_cast<uint8_t>(bits >> shift);
      update(&byte, 1);
    }
    for (int i = 0; i < kDigestBytes; ++i) {
      digest[i] = static_cast<uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
    }
  }

 private:
  static constexpr uint64_t kBlock = 64;

  static uint32_t rotated(uint32_t x, int by) { return (x >> by) | (x << (32 - by)); }

  void compress() {
    uint32_t w[64];
    for (int i = 0; i < 16; ++i) {
      w[i] = (static_cast<uint32_t>(block_[4 * i]) << 24) | (static_cast<uint32_t>(block_[4 * i + 1]) << 16) |
             (static_cast<uint32_t>(block_[4 * i + 2]) << 8) | static_cast<uint32_t>(block_[4 * i + 3]);
    }
    for (int i = 16; i < 64; ++i) {
      const uint32_t s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >> 3);
      const uint32_t s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    uint32_t v[8];
    memcpy(v, state_, sizeof v);
    for (int i = 0; i < 64; ++i) {
      const uint32_t s1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25);
      const uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
      const uint32_t first = v[7] + s1 + choice + kSha256Round[i] + w[i];
      const uint32_t s0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22);
      const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      memmove(v + 1, v, 7 * sizeof v[0]);
      v[4] += first;
      v[0] = first + s0 + majority;
    }
    for (int i = 0; i < 8; ++i) {
      state_[i] += v[i];
    }
  }

  uint32_t state_[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  uint64_t length_ = 0;
  uint8_t block_[kBlock] = {};
};

class HmacSha256 {
 public:
  // `key`: kDigestBytes.
  explicit HmacSha256(const uint8_t* key) {
    pad(key, 0x36, &inner_);
    pad(key, 0x5c, &outer_);
  }

  HmacSha256& add(const uint8_t* data, int size) {
    inner_.update(data, size);
    return *this;
  }
  HmacSha256& add(const char* text) {
    return add(reinterpret_cast<const uint8_t*>(text), static_cast<int>(strlen(text)));
  }

  // Writes kDigestBytes; nothing may be added afterwards.
  void finish(uint8_t* tag) {
    uint8_t digest[kDigestBytes];
    inner_.finish(digest);
    outer_.update(digest, kDigestBytes);
    outer_.finish(tag);
  }

 private:
  static void pad(const uint8_t* key, uint8_t with, Sha256* hash) {
    uint8_t block[64];
    for (int i = 0; i < 64; ++i) {
      block[i] = static_cast<uint8_t>((i < kDigestBytes ? key[i] : 0) ^ with);
    }
    hash->update(block, 64);
  }

  Sha256 inner_;
  Sha256 outer_;
};

// In a time that does not tell where they differ.
inline bool same_bytes(const uint8_t* a, const uint8_t* b, int size) {
  uint8_t difference = 0;
  for (int i = 0; i < size; ++i) {
    difference = static_cast<uint8_t>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

}  // namespace imu_gesture
