// Who the board says it is: its identity, the model that runs, the calibration in use; and its time.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "boot_record.h"
#include "model_package.h"
#include "packets.h"
#include "uplink.h"

namespace imu_gesture {

class Introduction {
 public:
  // `identity` has the built-in model's id and classes.
  void begin(const Hello& identity, const BootRecord& boot) {
    hello_ = identity;
    hello_.boot_count = boot.boot_count;
    hello_.previous_samples = boot.previous_samples;
    memcpy(built_in_id_, identity.model_id, sizeof built_in_id_);
    built_in_classes_ = identity.classes;
  }

  const Hello& hello() const { return hello_; }
  // Null: the built-in model.
  void runs(const ModelPackage* package) {
    memcpy(hello_.model_id, package != nullptr ? package->model_id() : built_in_id_, sizeof hello_.model_id);
    hello_.classes = package != nullptr ? static_cast<uint8_t>(package->classes()) : built_in_classes_;
  }

  // Unasked too: when a link comes up, so that a host notices a reset at once, and when another model runs.
  void send(uint8_t protocol, const uint8_t* calibration_id, Uplink* uplink) const {
    Hello hello = hello_;
    hello.protocol = protocol;
    hello.max_packet = static_cast<uint8_t>(uplink->max_packet());
    memcpy(hello.calibration_id, calibration_id, sizeof hello.calibration_id);
    uplink->send(hello);
  }

  // kDone: the protocol they both speak is in `protocol`.
  static AckStatus agree(const PacketView& packet, Uplink* uplink, Answer* answer, uint8_t* protocol) {
    AskHello ask;
    if (!read_packet(packet, &ask) || ask.oldest > ask.newest) {
      return AckStatus::kBadArgument;
    }
    if (ask.newest < kOldestProtocol || ask.oldest > kProtocolVersion) {
      answer->u8(kOldestProtocol);
      answer->u8(kProtocolVersion);
      return AckStatus::kUnsupportedProtocol;
    }
    uplink->narrow(ask.max_packet);
    if (uplink->max_packet() < kMinPacket) {
      answer->u8(static_cast<uint8_t>(uplink->max_packet()));
      answer->u8(static_cast<uint8_t>(kMinPacket));
      return AckStatus::kLinkTooNarrow;
    }
    *protocol = ask.newest < kProtocolVersion ? ask.newest : kProtocolVersion;
    return AckStatus::kDone;
  }

  // What the board's clock says.
  static AckStatus tell_time(const PacketView& packet, uint32_t now_us, Answer* answer) {
    TimeProbe probe;
    if (!read_packet(packet, &probe)) {
      return AckStatus::kBadArgument;
    }
    answer->u32(probe.nonce);
    answer->u32(now_us);
    return AckStatus::kDone;
  }

 private:
  Hello hello_;
  uint8_t built_in_id_[kIdBytes] = {};
  uint8_t built_in_classes_ = 0;
};

}  // namespace imu_gesture
