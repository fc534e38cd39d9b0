// Sensor samples side by side in one packet, as raw counts with the time of each.
#pragma once

#include <stdint.h>

#include "bytes.h"
#include "clock.h"
#include "contract.h"
#include "packets.h"

namespace imu_gesture {

constexpr int kBlockHeader = 8;  // number and device time of the first sample

constexpr int block_sample_bytes(int values) { return 2 + 2 * values; }

// Samples of `kValues` readings each. Payload: number u32, device time u32, then for each sample
// the time since the one before in µs, u16, and its counts, i16.
template <int kValues>
class BlockBuilder {
 public:
  explicit BlockBuilder(PacketType type) : type_(type) {}

  // Bytes that a whole packet may have; a block in progress keeps to the old limit.
  void limit(int max_packet) { max_payload_ = max_packet - kPacketOverhead; }

  // False when the sample does not belong into this block: no room, a hole before it, or too late.
  bool add(uint32_t number, uint32_t device_time_us, const int16_t* counts) {
    const uint32_t step_us = elapsed_us(newest_us_, device_time_us);
    if (samples_ == 0) {
      first_number_ = number;
      first_us_ = device_time_us;
    } else if (number != first_number_ + static_cast<uint32_t>(samples_) || step_us > UINT16_MAX ||
               payload_size() + kSampleBytes > max_payload_) {
      return false;
    }
    ByteWriter out(body_ + samples_ * kSampleBytes, kSampleBytes);
    out.u16(samples_ == 0 ? uint16_t{0} : static_cast<uint16_t>(step_us));
    for (int i = 0; i < kValues; ++i) {
      out.i16(counts[i]);
    }
    newest_us_ = device_time_us;
    ++samples_;
    return true;
  }

  bool full() const { return payload_size() + kSampleBytes > max_payload_; }
  bool older_than(uint32_t age_us, uint32_t now_us) const {
    return samples_ > 0 && elapsed_us(first_us_, now_us) >= age_us;
  }
  int samples() const { return samples_; }
  void clear() { samples_ = 0; }

  // Writes the whole packet; returns its length.
  int write(uint16_t sequence, uint8_t* packet) const {
    ByteWriter out(packet + kPacketHeader, kMaxPayload);
    out.u32(first_number_);
    out.u32(first_us_);
    out.bytes(body_, samples_ * kSampleBytes);
    return seal_packet(packet, static_cast<uint8_t>(type_), sequence, out.size());
  }

 private:
  static constexpr int kSampleBytes = block_sample_bytes(kValues);

  int payload_size() const { return kBlockHeader + samples_ * kSampleBytes; }

  PacketType type_;
  int max_payload_ = kMaxPayload;
  int samples_ = 0;
  uint32_t first_number_ = 0;
  uint32_t first_us_ = 0;
  uint32_t newest_us_ = 0;
  uint8_t body_[kMaxPayload];
};

}  // namespace imu_gesture
