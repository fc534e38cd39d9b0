// The board's answer to the command in hand, kept to be given again when the host did not hear it.
#pragma once

#include <stdint.h>

#include "packets.h"

namespace imu_gesture {

// What comes next of everything that is numbered.
struct Numbers {
  uint32_t imu = 0;
  uint32_t mag = 0;
  uint16_t gestures = 0;
  uint16_t marks = 0;
};

class Answer {
 public:
  // Forgets the last command: its number may come again from another host.
  void forget() { given_ = false; }

  bool repeats(const PacketView& command) const {
    return given_ && command.sequence == ack_.command_sequence && command.type == ack_.command;
  }

  void begin(const PacketView& command) {
    given_ = true;
    ack_ = Ack();
    ack_.command_sequence = command.sequence;
    ack_.command = command.type;
  }
  void end(AckStatus status) { ack_.status = static_cast<uint8_t>(status); }

  void u8(uint8_t value) { ack_.data[ack_.data_size++] = value; }
  void u16(uint16_t value) {
    u8(static_cast<uint8_t>(value));
    u8(static_cast<uint8_t>(value >> 8));
  }
  void u32(uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
      u8(static_cast<uint8_t>(value >> shift));
    }
  }
  void numbers(const Numbers& next) {
    u32(next.imu);
    u32(next.mag);
    u16(next.gestures);
    u16(next.marks);
  }
  void bytes(const uint8_t* from, int count) {
    for (int i = 0; i < count; ++i) {
      u8(from[i]);
    }
  }
  void text(const char* utf8) {
    for (; *utf8 != '\0' && ack_.data_size < kMaxAckData; ++utf8) {
      u8(static_cast<uint8_t>(*utf8));
    }
  }
  template <typename Packet>
  void fields(Packet& packet) {
    FieldWriter io(ack_.data, kMaxAckData);
    packet.fields(io);
    ack_.data_size = static_cast<uint8_t>(io.size());
  }

  Ack& ack() { return ack_; }

 private:
  Ack ack_;
  bool given_ = false;
};

}  // namespace imu_gesture
