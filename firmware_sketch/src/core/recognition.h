// The recogniser on the board: raw samples in, gestures and scores to the host.
#pragma once

#include <stdint.h>

#include "answer.h"
#include "contract.h"
#include "firmware.h"
#include "packets.h"
#include "raw_sample.h"
#include "uplink.h"

namespace imu_gesture {

template <int kWindowCapacity>
class Recognition {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `recogniser` may be null: a board without a model. `identity` tells the scales.
  Recognition(Recogniser* recogniser, const Hello& identity) : recogniser_(recogniser), identity_(identity) {}

  // `streams`: bits of Stream that the host wants.
  void take(const RawSample& raw, uint8_t streams, Uplink* uplink) {
    if (recogniser_ == nullptr || testing_) {
      return;
    }
    const uint32_t windows = recogniser_->counters().windows;
    recogniser_->push(to_units(raw));
    if ((streams & kStreamScores) != 0U && recogniser_->counters().windows != windows) {
      report_scores(raw.device_time_us, uplink);
    }
    GestureEvent event;
    while (recogniser_->next_event(&event)) {
      if ((streams & kStreamGestures) != 0U) {
        report(event, uplink);
      }
      ++gestures_;
      newest_us_ = event.device_time_us;
    }
  }

  void take_temperature(int16_t centi_c) {
    if (recogniser_ != nullptr) {
      recogniser_->correction().update_temperature(static_cast<float>(centi_c) / 100.0F);
    }
  }

  // A test: the recogniser begins anew and sees samples of the host's instead of the sensors'.
  AckStatus feed(const PacketView& packet, Answer* answer) {
    Feed part;
    if (recogniser_ == nullptr || !read_packet(packet, &part) || part.size % kFeedSampleBytes != 0) {
      return AckStatus::kBadArgument;
    }
    if ((part.flags & kFeedBegins) != 0U) {
      begin_test();
    }
    if (!testing_) {
      return AckStatus::kBadArgument;
    }
    ByteReader in(part.samples, part.size);
    RawSample raw;
    raw.device_time_us = part.device_time_us;
    while (in.left() > 0) {
      raw.device_time_us += in.u16();
      for (int16_t& count : raw.counts) {
        count = in.i16();
      }
      push_fed(raw);
    }
    answer->fields(trace_);
    if ((part.flags & kFeedEnds) != 0U) {
      end_test();
    }
    return AckStatus::kDone;
  }
  AckStatus read_input(const PacketView& packet, Answer* answer) const {
    ReadInput wanted;
    if (recogniser_ == nullptr || !read_packet(packet, &wanted) || wanted.offset >= recogniser_->input_bytes()) {
      return AckStatus::kBadArgument;
    }
    const int left = recogniser_->input_bytes() - wanted.offset;
    answer->bytes(reinterpret_cast<const uint8_t*>(recogniser_->input()) + wanted.offset,
                  left < kMaxAckData ? left : kMaxAckData);
    return AckStatus::kDone;
  }
  // Also when the host is gone.
  void end_test() {
    if (testing_) {
      testing_ = false;
      recogniser_->trace_into(nullptr);
      begin_anew();
    }
  }

  void count_into(Health* health) const {
    if (recogniser_ != nullptr) {
      const FirmwareCounters& seen = recogniser_->counters();
      health->windows = seen.windows;
      health->classifier_failures = seen.classifier_failures;
      health->events_lost = seen.events_lost;
    }
  }

  // How many gestures there were, and when the newest was recognised.
  uint16_t gestures() const { return gestures_; }
  uint32_t newest_us() const { return newest_us_; }

 private:
  void begin_test() {
    testing_ = true;
    trace_ = Trace();
    recogniser_->trace_into(&trace_);
    begin_anew();
  }

  // Under the same calibration; what rests have taught is forgotten.
  void begin_anew() {
    const CalibrationParams calibration = recogniser_->correction().calibration();
    recogniser_->restart(recogniser_->params());
    recogniser_->calibrate_with(calibration);
  }

  void push_fed(const RawSample& raw) {
    recogniser_->push(to_units(raw));
    GestureEvent event;
    while (recogniser_->next_event(&event)) {
    }
  }

  ImuSample to_units(const RawSample& raw) const {
    ImuSample sample;
    sample.device_time_us = raw.device_time_us;
    for (int axis = 0; axis < kAxes; ++axis) {
      sample.acc_g[axis] = counts_to_units(raw.counts[axis], identity_.acc_g_per_lsb);
      sample.gyr_dps[axis] = counts_to_units(raw.counts[kAxes + axis], identity_.gyr_dps_per_lsb);
    }
    return sample;
  }

  void report(const GestureEvent& event, Uplink* uplink) const {
    Gesture packet;
    packet.number = gestures_;
    packet.device_time_us = event.device_time_us;
    packet.label = event.label;
    packet.score = event.score;
    uplink->send(packet);
  }

  void report_scores(uint32_t device_time_us, Uplink* uplink) const {
    Scores packet;
    packet.device_time_us = device_time_us;
    packet.classes = static_cast<uint8_t>(recogniser_->classes());
    for (int c = 0; c < recogniser_->classes(); ++c) {
      packet.levels[c] = recogniser_->score(c);
    }
    uplink->send(packet);
  }

  Recogniser* recogniser_;
  const Hello& identity_;
  bool testing_ = false;
  Trace trace_;
  uint16_t gestures_ = 0;
  uint32_t newest_us_ = 0;
};

}  // namespace imu_gesture
