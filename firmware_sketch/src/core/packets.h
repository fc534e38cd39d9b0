// Packets as values, to and from bytes.
#pragma once

#include <stdint.h>

#include "board_packets.h"
#include "fields.h"
#include "host_packets.h"
#include "packet.h"

namespace imu_gesture {

// Writes a whole packet; returns its length, or 0 when it does not fit.
template <typename Packet>
int write_packet(Packet& packet, uint16_t sequence, uint8_t* to, int capacity) {
  if (capacity < kPacketOverhead) {
    return 0;
  }
  FieldWriter io(to + kPacketHeader, capacity - kPacketOverhead);
  packet.fields(io);
  return io.ok() ? seal_packet(to, static_cast<uint8_t>(Packet::kType), sequence, io.size()) : 0;
}

// Reads a payload; false when it is shorter than its fields. Longer ones come from newer versions.
template <typename Packet>
bool read_packet(const PacketView& view, Packet* packet) {
  FieldReader io(view.payload, view.size);
  packet->fields(io);
  return io.ok();
}

}  // namespace imu_gesture
