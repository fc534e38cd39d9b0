// Who may change a board over a link that strangers can reach (docs/security.md).
//
// Board and host share a key that was agreed over USB. For each connection both make a session key from it
// and from a number of each side's; every command that changes something is sealed: it carries a counter that
// only grows, and a tag that only the session key makes. So what was heard before cannot be said again.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "packets.h"
#include "sha256.h"

namespace imu_gesture {

class Authority {
 public:
  // `seed`: kDigestBytes from a source that nobody can guess, new after each start.
  void begin(const uint8_t* seed, const uint8_t* device_id) {
    memcpy(seed_, seed, sizeof seed_);
    memcpy(device_id_, device_id, sizeof device_id_);
  }

  // A new connection. `trusted`: only somebody who holds the board can be at the other end.
  void link_up(bool trusted) {
    trusted_ = trusted;
    session_ = false;
  }

  bool paired() const { return (key_.flags & kKeyIsSet) != 0U; }
  const SetKey& key() const { return key_; }
  void know(const SetKey& key) { key_ = key; }

  AckStatus set_key(const PacketView& packet) {
    SetKey wanted;
    if (!trusted_) {
      return AckStatus::kForbidden;
    }
    if (!read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    key_ = wanted;
    session_ = false;
    return AckStatus::kDone;
  }

  // Data of the answer: the board's number, and the proof that it has the key.
  AckStatus challenge(const PacketView& packet, Answer* answer) {
    Challenge asked;
    if (!read_packet(packet, &asked)) {
      return AckStatus::kBadArgument;
    }
    if (!paired()) {
      return AckStatus::kForbidden;
    }
    uint8_t number[kDigestBytes];
    next_number(number);
    HmacSha256(key_.key)
        .add("imu-gesture session")
        .add(device_id_, kIdBytes)
        .add(asked.number, kNonceBytes)
        .add(number, kNonceBytes)
        .finish(session_key_);
    session_ = true;
    counter_ = 0;
    failures_ = 0;
    uint8_t proof[kDigestBytes];
    HmacSha256(session_key_).add("board").finish(proof);
    answer->bytes(number, kNonceBytes);
    answer->bytes(proof, kTagBytes);
    return AckStatus::kDone;
  }

  // Takes the command out of its seal; its payload points into the packet.
  AckStatus open(const PacketView& packet, PacketView* command) {
    Sealed sealed;
    if (!read_packet(packet, &sealed)) {
      return AckStatus::kBadArgument;
    }
    if (!session_ || sealed.counter <= counter_) {
      return AckStatus::kForbidden;
    }
    const int head = packet.size - sealed.count;
    const uint8_t* payload = packet.payload + head;
    uint8_t tag[kDigestBytes];
    HmacSha256(session_key_)
        .add("command")
        .add(packet.payload, 4)  // the counter
        .add(&sealed.command, 1)
        .add(payload, sealed.count)
        .finish(tag);
    if (!same_bytes(tag, sealed.tag, kTagBytes)) {
      session_ = ++failures_ < kMaxFailures;
      return AckStatus::kForbidden;
    }
    counter_ = sealed.counter;
    command->type = sealed.command;
    command->payload = payload;
    command->size = sealed.count;
    return AckStatus::kDone;
  }

  // The command to obey: the one in the seal, or the packet itself where it needs none.
  AckStatus admit(const PacketView& packet, PacketView* command) {
    *command = packet;
    if (packet.type == static_cast<uint8_t>(PacketType::kSealed)) {
      return open(packet, command);
    }
    return allows(packet.type, false) ? AckStatus::kDone : AckStatus::kForbidden;
  }

  // Whether a command is obeyed. Sealed ones are; over USB all are.
  bool allows(uint8_t type, bool sealed) const {
    if (trusted_ || sealed) {
      return true;
    }
    switch (static_cast<PacketType>(type)) {
      case PacketType::kAskHello:
      case PacketType::kHeartbeat:
      case PacketType::kChallenge:
        return true;
      case PacketType::kStart:
      case PacketType::kStop:
      case PacketType::kTimeProbe:
      case PacketType::kGetCalibration:
      case PacketType::kGetLabel:
      case PacketType::kUpdateStatus:
        return (key_.flags & kKeyIsPrivate) == 0U;  // reading
      case PacketType::kIdentify:
        return !paired();  // so that somebody can find out which one to pair
      default:
        return false;
    }
  }

 private:
  static constexpr int kMaxFailures = 16;

  void next_number(uint8_t* number) {
    ++numbers_;
    uint8_t bytes[4];
    ByteWriter out(bytes, 4);
    out.u32(numbers_);
    HmacSha256(seed_).add("number").add(bytes, 4).finish(number);
  }

  SetKey key_;
  uint8_t seed_[kDigestBytes] = {};
  uint8_t device_id_[kIdBytes] = {};
  uint8_t session_key_[kDigestBytes] = {};
  uint32_t numbers_ = 0;
  uint32_t counter_ = 0;  // of the newest command that was obeyed
  int failures_ = 0;
  bool session_ = false;
  bool trusted_ = false;
};

}  // namespace imu_gesture
