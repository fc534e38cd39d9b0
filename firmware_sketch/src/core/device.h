// The board's side of the protocol: sensor samples and commands in, packets out. It owns no clock,
// no sensor and no link; the board and the host's virtual board run it alike.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "blinker.h"
#include "board_calibration.h"
#include "boot_record.h"
#include "clock.h"
#include "contract.h"
#include "device_params.h"
#include "firmware.h"
#include "model_commands.h"
#include "packets.h"
#include "raw_sample.h"
#include "recognition.h"
#include "reporter.h"
#include "uplink.h"

namespace imu_gesture {

template <int kWindowCapacity = kMaxWindowSamples>
class Device {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `recogniser` may be null: a board without a model. `boot` outlives resets where it can.
  Device(Recogniser* recogniser, BootRecord* boot)
      : boot_(boot), recognition_(recogniser), calibration_(recogniser), model_(recogniser) {}

  // Call once after start-up, when it is known which sensors there are.
  void begin(const DeviceParams& params) {
    params_ = params;
    params_.identity.boot_count = boot_->boot_count;
    params_.identity.previous_samples = boot_->previous_samples;
    recognition_.scale(params.identity.acc_g_per_lsb, params.identity.gyr_dps_per_lsb);
    model_.begin(params.labels, params.identity.classes);
    calibration_.begin(params.identity.model_id);
    reporter_.begin(params.health_period_us);
  }

  // Sensors. Every sample gets a number, lost ones too, so that a hole tells how many are missing.
  void take(const RawSample& raw) {
    const uint32_t number = reporter_.health.imu_numbered++;
    boot_->note(reporter_.health.imu_numbered);
    if ((streams_ & kStreamImu) != 0U) {
      uplink_.add_imu(number, raw.device_time_us, raw.counts);
    }
    if (recognise_) {
      recognition_.take(raw, streams_, &uplink_);
    }
  }
  void take(const RawMagSample& raw) {
    const uint32_t number = reporter_.health.mag_numbered++;
    if ((streams_ & kStreamMag) != 0U) {
      uplink_.add_mag(number, raw.device_time_us, raw.counts);
    }
  }
  void lose(uint32_t samples) {
    reporter_.health.imu_fifo_lost += samples;
    reporter_.health.imu_numbered += samples;
    boot_->note(reporter_.health.imu_numbered);
  }
  void take_temperature(uint32_t device_time_us, int16_t centi_c) {
    recognition_.take_temperature(centi_c);
    if ((streams_ & kStreamTemperature) != 0U) {
      Temperature packet{device_time_us, centi_c};
      uplink_.send(packet);
    }
  }
  void mark(uint32_t device_time_us, uint8_t kind) {
    Mark packet{marks_++, device_time_us, kind};
    if (linked_) {
      uplink_.send(packet);
    }
  }

  // Text for people: 0 information, 1 warning, 2 error.
  void say(uint8_t level, const char* text) {
    Log packet;
    packet.level = level;
    packet.write(text);
    if (linked_) {
      uplink_.send(packet);
    }
  }

  // Link.
  void link_up(const LinkParams& link, uint32_t now_us) {
    uplink_.open(link);
    linked_ = true;
    heard_us_ = now_us;
    streams_ = 0;
    answer_.forget();
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
      ++reporter_.health.commands_damaged;
    }
  }
  void note_damaged_frame() { ++reporter_.health.commands_damaged; }

  // What is due with time: blocks that waited long enough, health, the end of an abandoned stream.
  void poll(uint32_t now_us) {
    reporter_.advance(now_us);
    calibration_.poll(reporter_.uptime_s());
    if (!linked_) {
      return;
    }
    if (streams_ != 0U && elapsed_us(heard_us_, now_us) >= params_.heartbeat_timeout_us) {
      streams_ = 0;
      uplink_.clear();
    }
    uplink_.flush_old(now_us);
    reporter_.poll(now_us, streams_, recognition_, calibration_, &uplink_);
    blinker_.poll(now_us);
  }

  // Length of the oldest packet to send, 0 when there is none; pop it only when the link takes it.
  int next_size() const { return uplink_.next_size(); }
  void pop(uint8_t* packet) { uplink_.pop(packet); }

  // What to write to flash and to read back after a start.
  BoardCalibration<kWindowCapacity>& calibration() { return calibration_; }

  const Recognition<kWindowCapacity>& recognition() const { return recognition_; }
  bool streaming() const { return streams_ != 0U; }
  bool identifying() const { return blinker_.on(); }
  bool reset_requested() const { return reset_requested_; }
  // The owner fills in what only it can measure: arena, stack, loop time.
  Health& health() { return reporter_.health; }

 private:
  Device(const Device&);  // never defined: its uplink points into it
  Device& operator=(const Device&);

  void obey(const PacketView& packet, uint32_t now_us) {
    if (!answer_.repeats(packet)) {
      answer_.begin(packet);
      answer_.end(execute(packet, now_us));
    }
    uplink_.send(answer_.ack());  // a command that comes again is answered, but not obeyed, again
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
        return calibration_.get(&answer_);
      case PacketType::kSetCalibration:
        return calibration_.set(packet);
      case PacketType::kGetLabel:
        return model_.get_label(packet, &answer_);
      case PacketType::kWriteVector:
        return model_.write_vector(packet);
      case PacketType::kRunVector:
        return model_.run_vector(&answer_);
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
      answer_.u8(kOldestProtocol);
      answer_.u8(kProtocolVersion);
      return AckStatus::kUnsupportedProtocol;
    }
    uplink_.narrow(ask.max_packet);
    if (uplink_.max_packet() < kMinPacket) {
      answer_.u8(static_cast<uint8_t>(uplink_.max_packet()));
      answer_.u8(static_cast<uint8_t>(kMinPacket));
      streams_ = 0;
      return AckStatus::kLinkTooNarrow;
    }
    introduce(ask.newest < kProtocolVersion ? ask.newest : kProtocolVersion);
    return AckStatus::kDone;
  }

  void introduce(uint8_t protocol) {
    Hello hello = params_.identity;
    hello.protocol = protocol;
    hello.max_packet = static_cast<uint8_t>(uplink_.max_packet());
    memcpy(hello.calibration_id, calibration_.id(), sizeof hello.calibration_id);
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
    reporter_.restart(now_us);
    stopped_ = false;
    answer_.numbers(next_numbers());
    return AckStatus::kDone;
  }

  // A Stop that comes again, because the answer was lost, is told the same end.
  AckStatus stop() {
    if (!stopped_) {
      uplink_.flush();
      streams_ = 0;
      recognise_ = true;
      stopped_ = true;
      end_ = next_numbers();
    }
    answer_.numbers(end_);
    return AckStatus::kDone;
  }

  AckStatus identify(const PacketView& packet, uint32_t now_us) {
    Identify wanted;
    if (!read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    blinker_.start(wanted.seconds, now_us);
    return AckStatus::kDone;
  }

  AckStatus answer_probe(const PacketView& packet, uint32_t now_us) {
    TimeProbe probe;
    if (!read_packet(packet, &probe)) {
      return AckStatus::kBadArgument;
    }
    answer_.u32(probe.nonce);
    answer_.u32(now_us);
    return AckStatus::kDone;
  }

  Numbers next_numbers() const {
    return {reporter_.health.imu_numbered, reporter_.health.mag_numbered, recognition_.gestures(), marks_};
  }

  DeviceParams params_;
  BootRecord* boot_;
  Reporter reporter_;
  Uplink uplink_{&reporter_.health};
  Recognition<kWindowCapacity> recognition_;
  BoardCalibration<kWindowCapacity> calibration_;
  ModelCommands<kWindowCapacity> model_;
  Answer answer_;
  Blinker blinker_;
  bool linked_ = false;
  bool recognise_ = true;
  bool reset_requested_ = false;
  bool stopped_ = false;  // by a Stop, at these numbers
  Numbers end_;
  uint8_t streams_ = 0;
  uint16_t marks_ = 0;
  uint32_t heard_us_ = 0;
};

}  // namespace imu_gesture
