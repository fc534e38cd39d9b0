// The board's side of the protocol: sensor samples and commands in, packets out. It owns no clock,
// no sensor and no link; the board and the host's virtual board run it alike.
#pragma once

#include <stdint.h>
#include <string.h>

#include "boot_record.h"
#include "clock.h"
#include "contract.h"
#include "firmware.h"
#include "packets.h"
#include "uplink.h"

namespace imu_gesture {

struct DeviceParams {
  Hello identity;                          // who this is; what varies is filled in when it is asked
  const char* const* labels = nullptr;     // identity.classes names
  uint32_t heartbeat_timeout_us = 3000000; // silence of the host that ends a stream
  uint32_t health_period_us = 1000000;
};

struct RawSample {
  uint32_t device_time_us;
  int16_t counts[2 * kAxes];  // accelerometer, gyroscope
};

struct RawMagSample {
  uint32_t device_time_us;
  int16_t counts[kAxes];
};

template <int kWindowCapacity = kMaxWindowSamples>
class Device {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `recogniser` may be null: a board without a model. `boot` outlives resets where it can.
  Device(Recogniser* recogniser, BootRecord* boot) : recogniser_(recogniser), boot_(boot) {}

  // Call once after start-up, when it is known which sensors there are.
  void begin(const DeviceParams& params) {
    params_ = params;
    params_.identity.boot_count = boot_->boot_count;
    params_.identity.previous_samples = boot_->previous_samples;
  }

  // Sensors. Every sample gets a number, lost ones too, so that a hole tells how many are missing.
  void take(const RawSample& raw) {
    const uint32_t number = health_.imu_numbered++;
    boot_->note(health_.imu_numbered);
    if ((streams_ & kStreamImu) != 0U) {
      uplink_.add_imu(number, raw.device_time_us, raw.counts);
    }
    if (recogniser_ != nullptr && recognise_) {
      const uint32_t windows = recogniser_->counters().windows;
      recogniser_->push(to_units(raw));
      if (recogniser_->counters().windows != windows) {
        report_scores(raw.device_time_us);
      }
      GestureEvent event;
      while (recogniser_->next_event(&event)) {
        report(event);
      }
    }
  }
  void take(const RawMagSample& raw) {
    const uint32_t number = health_.mag_numbered++;
    if ((streams_ & kStreamMag) != 0U) {
      uplink_.add_mag(number, raw.device_time_us, raw.counts);
    }
  }
  void lose(uint32_t samples) {
    health_.imu_fifo_lost += samples;
    health_.imu_numbered += samples;
    boot_->note(health_.imu_numbered);
  }
  void take_temperature(uint32_t device_time_us, int16_t centi_c) {
    if ((streams_ & kStreamTemperature) != 0U) {
      Temperature packet;
      packet.device_time_us = device_time_us;
      packet.centi_c = centi_c;
      uplink_.send(packet);
    }
  }
  void mark(uint32_t device_time_us, uint8_t kind) {
    Mark packet;
    packet.number = marks_++;
    packet.device_time_us = device_time_us;
    packet.kind = kind;
    if (linked_) {
      uplink_.send(packet);
    }
  }

  // Text for people: 0 information, 1 warning, 2 error.
  void say(uint8_t level, const char* text) {
    Log packet;
    packet.level = level;
    for (; *text != '\0' && packet.text_size < kMaxLogText; ++text) {
      packet.text[packet.text_size++] = static_cast<uint8_t>(*text);
    }
    if (linked_) {
      uplink_.send(packet);
    }
  }

  // Link.
  void link_up(const LinkParams& link, uint32_t now_us) {
    uplink_.open(link);
    linked_ = true;
    heard_us_ = now_us;
    health_us_ = now_us;
    streams_ = 0;
    acknowledged_ = false;
    if (link.max_packet >= kMinPacket) {
      introduce(kProtocolVersion);  // unasked, so that a host notices a reset at once
    }
  }
  void link_down() {
    linked_ = false;
    streams_ = 0;
    uplink_.clear();
  }
  // One datagram, or one frame of a stream.
  void receive(const uint8_t* data, int size, uint32_t now_us) {
    PacketReader reader(data, size);
    PacketView packet;
    while (reader.next(&packet)) {
      heard_us_ = now_us;
      obey(packet, now_us);
    }
    if (reader.damaged()) {
      ++health_.commands_damaged;
    }
  }
  void note_damaged_frame() { ++health_.commands_damaged; }

  // What is due with time: blocks that waited long enough, health, the end of an abandoned stream.
  void poll(uint32_t now_us) {
    if (!linked_) {
      return;
    }
    if (streams_ != 0U && elapsed_us(heard_us_, now_us) >= params_.heartbeat_timeout_us) {
      streams_ = 0;
      uplink_.clear();
    }
    uplink_.flush_old(now_us);
    if (streams_ != 0U && elapsed_us(health_us_, now_us) >= params_.health_period_us) {
      health_us_ = now_us;
      send_health(now_us);
    }
    if (identify_ && elapsed_us(identify_since_us_, now_us) >= identify_for_us_) {
      identify_ = false;
    }
  }

  // Length of the oldest packet to send, 0 when there is none; pop it only when the link takes it.
  int next_size() const { return uplink_.next_size(); }
  void pop(uint8_t* packet) { uplink_.pop(packet); }

  // How many there were, and when the newest was recognised.
  uint16_t gestures() const { return gestures_; }
  uint32_t newest_gesture_us() const { return newest_gesture_us_; }
  bool streaming() const { return streams_ != 0U; }
  bool identifying() const { return identify_; }
  bool reset_requested() const { return reset_requested_; }
  const Calibration& calibration() const { return calibration_; }
  // The owner fills in what only it can measure: arena, stack, loop time.
  Health& health() { return health_; }

 private:
  Device(const Device&);  // never defined: its uplink points into it
  Device& operator=(const Device&);

  ImuSample to_units(const RawSample& raw) const {
    ImuSample sample;
    sample.device_time_us = raw.device_time_us;
    for (int axis = 0; axis < kAxes; ++axis) {
      sample.acc_g[axis] = counts_to_units(raw.counts[axis], params_.identity.acc_g_per_lsb);
      sample.gyr_dps[axis] = counts_to_units(raw.counts[kAxes + axis], params_.identity.gyr_dps_per_lsb);
    }
    return sample;
  }

  void report(const GestureEvent& event) {
    if ((streams_ & kStreamGestures) != 0U) {
      Gesture packet;
      packet.number = gestures_;
      packet.device_time_us = event.device_time_us;
      packet.label = event.label;
      packet.score = event.score;
      uplink_.send(packet);
    }
    ++gestures_;
    newest_gesture_us_ = event.device_time_us;
  }

  void report_scores(uint32_t device_time_us) {
    if ((streams_ & kStreamScores) == 0U) {
      return;
    }
    Scores packet;
    packet.device_time_us = device_time_us;
    packet.classes = static_cast<uint8_t>(recogniser_->classes());
    for (int c = 0; c < recogniser_->classes(); ++c) {
      packet.levels[c] = recogniser_->score(c);
    }
    uplink_.send(packet);
  }

  void send_health(uint32_t now_us) {
    health_.device_time_us = now_us;
    if (recogniser_ != nullptr) {
      const FirmwareCounters& seen = recogniser_->counters();
      health_.windows = seen.windows;
      health_.classifier_failures = seen.classifier_failures;
      health_.events_lost = seen.events_lost;
    }
    uplink_.send(health_);
  }

  void obey(const PacketView& packet, uint32_t now_us) {
    if (acknowledged_ && packet.sequence == ack_.command_sequence && packet.type == ack_.command) {
      uplink_.send(ack_);  // the host did not hear the answer and asked again
      return;
    }
    acknowledged_ = true;
    ack_ = Ack();
    ack_.command_sequence = packet.sequence;
    ack_.command = packet.type;
    const AckStatus status = execute(packet, now_us);
    ack_.status = static_cast<uint8_t>(status);
    uplink_.send(ack_);
  }

  AckStatus execute(const PacketView& packet, uint32_t now_us) {
    switch (static_cast<PacketType>(packet.type)) {
      case PacketType::kAskHello:
        return say_hello(packet);
      case PacketType::kStart:
        return start(packet, now_us);
      case PacketType::kStop:
        return stop();
      case PacketType::kHeartbeat:
        return AckStatus::kDone;
      case PacketType::kIdentify:
        return identify(packet, now_us);
      case PacketType::kTimeProbe:
        return answer_probe(packet, now_us);
      case PacketType::kGetCalibration:
        return get_calibration();
      case PacketType::kSetCalibration:
        return set_calibration(packet);
      case PacketType::kGetLabel:
        return get_label(packet);
      case PacketType::kWriteVector:
        return write_vector(packet);
      case PacketType::kRunVector:
        return run_vector();
      case PacketType::kReset:
        reset_requested_ = true;
        return AckStatus::kDone;
      default:
        return AckStatus::kUnknownCommand;
    }
  }

  AckStatus say_hello(const PacketView& packet) {
    AskHello ask;
    if (!read_packet(packet, &ask) || ask.oldest > ask.newest) {
      return AckStatus::kBadArgument;
    }
    if (ask.newest < kOldestProtocol || ask.oldest > kProtocolVersion) {
      answer_u8(kOldestProtocol);
      answer_u8(kProtocolVersion);
      return AckStatus::kUnsupportedProtocol;
    }
    if (uplink_.max_packet() < kMinPacket) {
      answer_u8(static_cast<uint8_t>(uplink_.max_packet()));
      answer_u8(static_cast<uint8_t>(kMinPacket));
      return AckStatus::kLinkTooNarrow;
    }
    introduce(ask.newest < kProtocolVersion ? ask.newest : kProtocolVersion);
    return AckStatus::kDone;
  }

  void introduce(uint8_t protocol) {
    Hello hello = params_.identity;
    hello.protocol = protocol;
    hello.max_packet = static_cast<uint8_t>(uplink_.max_packet());
    memcpy(hello.calibration_id, calibration_.calibration_id, sizeof hello.calibration_id);
    uplink_.send(hello);
  }

  AckStatus start(const PacketView& packet, uint32_t now_us) {
    Start wanted;
    if (!read_packet(packet, &wanted) || wanted.streams == 0U) {
      return AckStatus::kBadArgument;
    }
    if (uplink_.max_packet() < kMinPacket) {
      return AckStatus::kLinkTooNarrow;
    }
    uplink_.clear_blocks();
    streams_ = wanted.streams;
    recognise_ = wanted.recognise != 0U;
    health_us_ = now_us;
    answer_numbers();
    return AckStatus::kDone;
  }

  AckStatus stop() {
    uplink_.flush();
    streams_ = 0;
    recognise_ = true;
    answer_numbers();
    return AckStatus::kDone;
  }

  AckStatus identify(const PacketView& packet, uint32_t now_us) {
    Identify wanted;
    if (!read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    identify_ = wanted.seconds > 0U;
    identify_since_us_ = now_us;
    identify_for_us_ = wanted.seconds * 1000000U;
    return AckStatus::kDone;
  }

  AckStatus answer_probe(const PacketView& packet, uint32_t now_us) {
    TimeProbe probe;
    if (!read_packet(packet, &probe)) {
      return AckStatus::kBadArgument;
    }
    answer_u32(probe.nonce);
    answer_u32(now_us);
    return AckStatus::kDone;
  }

  AckStatus get_calibration() {
    if (recogniser_ == nullptr) {
      return AckStatus::kFailed;
    }
    copy_fields(recogniser_->calibration(), calibration_.values);
    FieldWriter io(ack_.data, kMaxAckData);
    calibration_.fields(io);
    ack_.data_size = static_cast<uint8_t>(io.size());
    return AckStatus::kDone;
  }

  AckStatus set_calibration(const PacketView& packet) {
    Calibration wanted;
    if (recogniser_ == nullptr || !read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    CalibrationParams params;
    copy_fields(wanted.values, &params);
    recogniser_->calibrate_with(params);
    calibration_ = wanted;
    return AckStatus::kDone;
  }

  AckStatus get_label(const PacketView& packet) {
    GetLabel wanted;
    if (!read_packet(packet, &wanted) || wanted.index >= params_.identity.classes ||
        params_.labels == nullptr) {
      return AckStatus::kBadArgument;
    }
    for (const char* c = params_.labels[wanted.index]; *c != '\0' && ack_.data_size < kMaxAckData; ++c) {
      answer_u8(static_cast<uint8_t>(*c));
    }
    return AckStatus::kDone;
  }

  AckStatus write_vector(const PacketView& packet) {
    WriteVector part;
    if (recogniser_ == nullptr || !read_packet(packet, &part) ||
        part.offset + part.count > recogniser_->input_bytes()) {
      return AckStatus::kBadArgument;
    }
    memcpy(vector_ + part.offset, part.bytes, part.count);
    return AckStatus::kDone;
  }

  AckStatus run_vector() {
    int8_t scores[kMaxClasses];
    if (recogniser_ == nullptr || !recogniser_->score_input(vector_, scores)) {
      return AckStatus::kFailed;
    }
    for (int c = 0; c < recogniser_->classes(); ++c) {
      answer_u8(static_cast<uint8_t>(scores[c]));
    }
    return AckStatus::kDone;
  }

  void answer_u8(uint8_t value) { ack_.data[ack_.data_size++] = value; }
  void answer_u32(uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) {
      answer_u8(static_cast<uint8_t>(value >> shift));
    }
  }
  void answer_numbers() {
    answer_u32(health_.imu_numbered);
    answer_u32(health_.mag_numbered);
  }

  DeviceParams params_;
  Recogniser* recogniser_;
  BootRecord* boot_;
  Health health_;
  Uplink uplink_{&health_};
  Calibration calibration_;
  Ack ack_;
  bool acknowledged_ = false;
  bool linked_ = false;
  bool recognise_ = true;
  bool reset_requested_ = false;
  uint8_t streams_ = 0;
  uint16_t gestures_ = 0;
  uint32_t newest_gesture_us_ = 0;
  uint16_t marks_ = 0;
  uint32_t heard_us_ = 0;
  uint32_t health_us_ = 0;
  bool identify_ = false;
  uint32_t identify_since_us_ = 0;
  uint32_t identify_for_us_ = 0;
  int8_t vector_[kWindowCapacity * kMaxChannels] = {};
};

}  // namespace imu_gesture
