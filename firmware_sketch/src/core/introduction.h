// Who the board says it is: its identity, the model that runs, the calibration in use; and its time.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "packets.h"
#include "uplink.h"

namespace imu_gesture {

class Introduction {
 public:
  void begin(const Hello& identity) { hello_ = identity; }

  const Hello& hello() const { return hello_; }
  void runs(const uint8_t* model_id, uint8_t classes) {
    memcpy(hello_.model_id, model_id, sizeof hello_.model_id);
    hello_.classes = classes;
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
};

}  // namespace imu_gesture
