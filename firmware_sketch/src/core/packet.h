// A packet: type, payload length, sequence number, payload, CRC-32. The same on every link.
#pragma once

#include <stdint.h>

#include "bytes.h"
#include "contract.h"
#include "crc32.h"

namespace imu_gesture {

constexpr int kPacketHeader = 4;
constexpr int kPacketOverhead = kPacketHeader + 4;
constexpr int kMaxPayload = kMaxPacket - kPacketOverhead;

struct PacketView {
  uint8_t type;
  uint16_t sequence;
  const uint8_t* payload;
  int size;
};

// Closes a packet whose payload already stands at `packet + kPacketHeader`; returns its length.
inline int seal_packet(uint8_t* packet, uint8_t type, uint16_t sequence, int payload_size) {
  ByteWriter head(packet, kPacketHeader);
  head.u8(type);
  head.u8(static_cast<uint8_t>(payload_size));
  head.u16(sequence);
  ByteWriter tail(packet + kPacketHeader + payload_size, 4);
  tail.u32(crc32(packet, kPacketHeader + payload_size));
  return payload_size + kPacketOverhead;
}

// Takes packets off a frame or datagram that holds one or several of them.
class PacketReader {
 public:
  PacketReader(const uint8_t* data, int size) : data_(data), left_(size) {}

  // False at the end, and at the first damage: what stands behind it cannot be trusted.
  bool next(PacketView* packet) {
    if (left_ == 0) {
      return false;
    }
    const int size = left_ < kPacketOverhead ? 0 : data_[1] + kPacketOverhead;
    if (size == 0 || size > left_ || stored_crc(size) != crc32(data_, size - 4)) {
      damaged_ = true;
      left_ = 0;
      return false;
    }
    ByteReader head(data_, kPacketHeader);
    packet->type = head.u8();
    packet->size = head.u8();
    packet->sequence = head.u16();
    packet->payload = data_ + kPacketHeader;
    data_ += size;
    left_ -= size;
    return true;
  }

  bool damaged() const { return damaged_; }

 private:
  uint32_t stored_crc(int size) const { return ByteReader(data_ + size - 4, 4).u32(); }

  const uint8_t* data_;
  int left_;
  bool damaged_ = false;
};

}  // namespace imu_gesture
