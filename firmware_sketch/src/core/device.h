// The board's side of the protocol: sensor samples and commands in, packets out. It owns no clock,
// no sensor and no link; the board and the host's virtual board run it alike.
#pragma once

#include <stdint.h>

#include "answer.h"
#include "authority.h"
#include "blinker.h"
#include "board_calibration.h"
#include "board_flash.h"
#include "boot_record.h"
#include "device_params.h"
#include "firmware.h"
#include "introduction.h"
#include "model_commands.h"
#include "model_updates.h"
#include "packets.h"
#include "raw_sample.h"
#include "recognition.h"
#include "reporter.h"
#include "self_test.h"
#include "streaming.h"
#include "uplink.h"

namespace imu_gesture {

template <int kWindowCapacity = kMaxWindowSamples>
class Device {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `recogniser` may be null: a board without a model; so may `flash`: one that remembers nothing, and
  // `loader`: one that takes no models over a link. `boot` outlives resets where it can.
  Device(Recogniser* recogniser, BootRecord* boot, Flash* flash = nullptr, ModelLoader* loader = nullptr)
      : boot_(boot),
        flash_(flash),
        recognition_(recogniser, introduction_.hello()),
        calibration_(recogniser),
        model_(recogniser),
        updates_(recogniser, flash, loader),
        self_test_(recogniser, updates_, introduction_.hello()) {}

  // Call once after start-up, when it is known which sensors there are.
  void begin(const DeviceParams& params) {
    model_.begin(params.labels);
    heartbeat_timeout_us_ = params.heartbeat_timeout_us;
    introduction_.begin(params.identity, *boot_);
    reporter_.begin(params.health_period_us);
    self_test_.begin(params.proof);
    authority_.begin(params.seed, params.identity.device_id);
    updates_.begin(params.identity.model_id);
    adopt_model();
    flash_.recall(&calibration_, &authority_);
  }

  // Sensors. Every sample gets a number, lost ones too, so that a hole tells how many are missing.
  void take(const RawSample& raw) {
    const uint32_t number = reporter_.health.imu_numbered++;
    boot_->note(reporter_.health.imu_numbered);
    self_test_.take(raw);
    if (streaming_.wants(kStreamImu)) {
      uplink_.add_imu(number, raw.device_time_us, raw.counts);
    }
    if (streaming_.recognise()) {
      recognition_.take(raw, streaming_.wanted(), &uplink_);
    }
  }
  void take(const RawMagSample& raw) {
    const uint32_t number = reporter_.health.mag_numbered++;
    if (streaming_.wants(kStreamMag)) {
      uplink_.add_mag(number, raw.device_time_us, raw.counts);
    }
  }
  void lose(uint32_t samples) {
    reporter_.health.imu_fifo_lost += samples;
    reporter_.health.imu_numbered += samples;
    self_test_.lose(samples);
    boot_->note(reporter_.health.imu_numbered);
  }
  void take_temperature(uint32_t device_time_us, int16_t centi_c) {
    recognition_.take_temperature(centi_c);
    if (streaming_.wants(kStreamTemperature)) {
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
    streaming_.end();
    answer_.forget();
    authority_.link_up(link.trusted);
    self_test_.nobody_listens();
    if (link.max_packet >= kMinPacket) {
      introduce(kProtocolVersion);
    }
  }
  void link_down() {
    linked_ = false;
    recognition_.end_test();
    streaming_.end();
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
    flash_.save_due(&calibration_);
    if (!linked_) {
      return;
    }
    if (streaming_.on() && elapsed_us(heard_us_, now_us) >= heartbeat_timeout_us_) {
      streaming_.end();
      uplink_.clear();
    }
    self_test_.complain(&uplink_);
    uplink_.flush_old(now_us);
    reporter_.poll(now_us, streaming_.wanted(), recognition_, calibration_, &uplink_);
    blinker_.poll(now_us);
  }

  // Length of the oldest packet to send, 0 when there is none; pop it only when the link takes it.
  int next_size() const { return uplink_.next_size(); }
  void pop(uint8_t* packet) { uplink_.pop(packet); }

  const Recognition<kWindowCapacity>& recognition() const { return recognition_; }
  bool streaming() const { return streaming_.on(); }
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

  AckStatus execute(const PacketView& received, uint32_t now_us) {
    PacketView packet;
    const AckStatus admitted = authority_.admit(received, &packet);
    if (admitted != AckStatus::kDone) {
      return admitted;
    }
    switch (static_cast<PacketType>(packet.type)) {
      case PacketType::kAskHello:
        return say_hello(packet);
      case PacketType::kStart:
        return start(packet, now_us);
      case PacketType::kStop:
        return streaming_.stop(next_numbers(), &uplink_, &answer_);
      case PacketType::kHeartbeat:
        return AckStatus::kDone;
      case PacketType::kIdentify:
        return blinker_.obey(packet, now_us);
      case PacketType::kTimeProbe:
        return Introduction::tell_time(packet, now_us, &answer_);
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
      case PacketType::kFeed:
        return recognition_.feed(packet, &answer_);
      case PacketType::kReadInput:
        return recognition_.read_input(packet, &answer_);
      case PacketType::kSelfTest:
        return self_test_.run(&answer_);
      case PacketType::kReset:
        reset_requested_ = true;
        return AckStatus::kDone;
      case PacketType::kSetKey:
        return set_key(packet);
      case PacketType::kChallenge:
        return authority_.challenge(packet, &answer_);
      default:
        return update(packet);
    }
  }

  AckStatus set_key(const PacketView& packet) {
    const AckStatus status = authority_.set_key(packet);
    return status != AckStatus::kDone || flash_.save(authority_.key()) ? status : AckStatus::kFailed;
  }

  AckStatus update(const PacketView& packet) {
    const AckStatus status = updates_.execute(packet, &answer_);
    if (updates_.changed()) {
      adopt_model();
      introduce(kProtocolVersion);
    }
    return status;
  }

  // Tells everybody which model runs.
  void adopt_model() {
    const ModelPackage* package = updates_.running();
    introduction_.runs(package);
    model_.adopt(introduction_.hello().classes, package);
    calibration_.begin(introduction_.hello().model_id);
    self_test_.test_model();
    updates_.changed();
  }

  AckStatus say_hello(const PacketView& packet) {
    uint8_t protocol = 0;
    const AckStatus status = Introduction::agree(packet, &uplink_, &answer_, &protocol);
    if (status == AckStatus::kDone) {
      introduce(protocol);
      self_test_.complain_anew(&uplink_);
    } else if (status == AckStatus::kLinkTooNarrow) {
      streaming_.end();
    }
    return status;
  }

  void introduce(uint8_t protocol) { introduction_.send(protocol, calibration_.id(), &uplink_); }

  AckStatus start(const PacketView& packet, uint32_t now_us) {
    reporter_.restart(now_us);
    return streaming_.start(packet, next_numbers(), &uplink_, &answer_);
  }

  Numbers next_numbers() const {
    return {reporter_.health.imu_numbered, reporter_.health.mag_numbered, recognition_.gestures(), marks_};
  }

  uint32_t heartbeat_timeout_us_ = 0;
  BootRecord* boot_;
  Introduction introduction_;
  BoardFlash flash_;
  Authority authority_;
  Reporter reporter_;
  Uplink uplink_{&reporter_.health};
  Recognition<kWindowCapacity> recognition_;
  BoardCalibration<kWindowCapacity> calibration_;
  ModelCommands<kWindowCapacity> model_;
  ModelUpdates<kWindowCapacity> updates_;
  SelfTest<kWindowCapacity> self_test_;
  Streaming streaming_;
  Answer answer_;
  Blinker blinker_;
  bool linked_ = false;
  bool reset_requested_ = false;
  uint16_t marks_ = 0;
  uint32_t heard_us_ = 0;
};

}  // namespace imu_gesture
