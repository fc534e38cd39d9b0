// What the host has asked to be sent, and where that began and ended.
#pragma once

#include <stdint.h>

#include "answer.h"
#include "packets.h"
#include "uplink.h"

namespace imu_gesture {

class Streaming {
 public:
  // Bits of Stream; 0: nothing.
  uint8_t wanted() const { return streams_; }
  bool wants(Stream stream) const { return (streams_ & stream) != 0U; }
  bool on() const { return streams_ != 0U; }
  bool recognise() const { return recognise_; }

  // Without a word: the host is gone.
  void end() { streams_ = 0; }

  AckStatus start(const PacketView& packet, const Numbers& next, Uplink* uplink, Answer* answer) {
    Start wanted;
    if (!read_packet(packet, &wanted) || wanted.streams == 0U) {
      return AckStatus::kBadArgument;
    }
    if (uplink->max_packet() < kMinPacket) {
      return AckStatus::kLinkTooNarrow;
    }
    uplink->clear_blocks();
    streams_ = wanted.streams;
    recognise_ = wanted.recognise != 0U;
    stopped_ = false;
    answer->numbers(next);
    return AckStatus::kDone;
  }

  // A Stop that comes again, because the answer was lost, is told the same end.
  AckStatus stop(const Numbers& next, Uplink* uplink, Answer* answer) {
    if (!stopped_) {
      uplink->flush();
      streams_ = 0;
      recognise_ = true;
      stopped_ = true;
      end_ = next;
    }
    answer->numbers(end_);
    return AckStatus::kDone;
  }

 private:
  uint8_t streams_ = 0;
  bool recognise_ = true;
  bool stopped_ = false;  // by a Stop, at these numbers
  Numbers end_;
};

}  // namespace imu_gesture
