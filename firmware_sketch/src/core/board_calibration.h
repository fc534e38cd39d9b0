// How a board corrects its readings: told by its host, learned at rest, and remembered without power.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "contract.h"
#include "firmware.h"
#include "packets.h"
#include "remembered.h"
#include "saved_state.h"

namespace imu_gesture {

// Flash wears out: what rests teach is written every half hour of use at most, and at first after a minute.
constexpr uint32_t kFirstSaveS = 60;
constexpr uint32_t kSavePeriodS = 1800;
constexpr float kSaveSigmaDps = 0.1F;      // an offset known worse is not worth writing
constexpr float kSwitchOnSigmaDps = 1.0F;  // by which the offset is another after each power-up

template <int kWindowCapacity>
class BoardCalibration {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `recogniser` may be null: a board without a model.
  explicit BoardCalibration(Recogniser* recogniser) : recogniser_(recogniser) {}

  // Another model starts with nothing.
  void begin(const uint8_t* model_id) {
    memcpy(model_id_, model_id, sizeof model_id_);
    memset(id_, 0, sizeof id_);
    recalled_ = false;
  }

  const uint8_t* id() const { return id_; }

  // Commands.
  AckStatus get(Answer* answer) const {
    if (recogniser_ == nullptr) {
      return AckStatus::kFailed;
    }
    Calibration calibration;
    memcpy(calibration.calibration_id, id_, sizeof id_);
    copy_fields(recogniser_->correction().calibration(), &calibration);
    answer->fields(calibration);
    return AckStatus::kDone;
  }
  AckStatus set(const PacketView& packet) {
    Calibration wanted;
    if (recogniser_ == nullptr || !read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    CalibrationParams params;
    copy_fields(wanted, &params);
    recogniser_->calibrate_with(params);
    memcpy(id_, wanted.calibration_id, sizeof id_);
    due_ = true;
    return AckStatus::kDone;
  }

  // Memory. Its owner writes `save()`'s bytes to flash when they are `due()`, and reads them back after a start.
  bool due() const { return due_; }
  // Writes at most kMaxRememberedBytes; returns how many.
  int save(uint8_t* data) {
    due_ = false;
    saved_s_ = uptime_s_;
    saved_ = true;
    save_state(remembered(), kRememberedVersion, data);
    return saved_bytes<Remembered>();
  }
  // False, and nothing changed, when they are damaged, of another version, or meant for another model.
  bool recall(const uint8_t* data, int size) {
    Remembered memory;
    if (recogniser_ == nullptr || !load_state(data, size, kRememberedVersion, &memory) ||
        memcmp(memory.model_id, model_id_, sizeof model_id_) != 0) {
      return false;
    }
    memcpy(id_, memory.calibration_id, sizeof id_);
    recogniser_->calibrate_with(memory.calibration);
    recogniser_->correction().recall(memory.learned);
    if (memory.bias_sigma_dps > 0.0F) {
      const bool vague = memory.bias_sigma_dps < kSwitchOnSigmaDps;
      const float sigma_dps = vague ? kSwitchOnSigmaDps : memory.bias_sigma_dps;
      recogniser_->correction().tracker().know_bias(memory.bias_dps, sigma_dps);
      recalled_ = true;
    }
    return true;
  }

  // What is due with time.
  void poll(uint32_t uptime_s) {
    uptime_s_ = uptime_s;
    if (recogniser_ == nullptr) {
      return;
    }
    const BiasTracker& tracker = recogniser_->correction().tracker();
    if (tracker.at_rest()) {
      rested_ = true;
      rest_s_ = uptime_s;
      const uint32_t waited_s = uptime_s - saved_s_;
      const bool may = waited_s >= (saved_ ? kSavePeriodS : kFirstSaveS);
      due_ = due_ || (may && tracker.bias_sigma_dps() <= kSaveSigmaDps);
    }
  }

  Drift report(uint32_t device_time_us) const {
    Drift drift;
    drift.device_time_us = device_time_us;
    if (recogniser_ == nullptr) {
      return drift;
    }
    const auto& correction = recogniser_->correction();
    copy_to(correction.tracker().bias_dps(), drift.bias_dps);
    drift.bias_sigma_dps = correction.tracker().bias_sigma_dps();
    memcpy(drift.acc_offset_g, correction.accelerometer().correction().offset, sizeof drift.acc_offset_g);
    drift.acc_sigma_g = correction.accelerometer().offset_sigma_g();
    const uint32_t age_s = uptime_s_ - rest_s_;
    drift.rest_age_s = rested_ && age_s < kNeverRested ? static_cast<uint16_t>(age_s) : kNeverRested;
    drift.flags = static_cast<uint8_t>((correction.tracker().at_rest() ? kDriftAtRest : 0) |
                                       (recalled_ ? kDriftRecalled : 0));
    return drift;
  }

 private:
  Remembered remembered() const {
    Remembered memory;
    memcpy(memory.model_id, model_id_, sizeof model_id_);
    memcpy(memory.calibration_id, id_, sizeof id_);
    if (recogniser_ != nullptr) {
      const auto& correction = recogniser_->correction();
      memory.calibration = correction.calibration();
      memory.learned = correction.learned();
      memory.bias_dps = correction.tracker().bias_dps();
      memory.bias_sigma_dps = correction.tracker().rest_seen() ? correction.tracker().bias_sigma_dps() : 0.0F;
    }
    return memory;
  }

  Recogniser* recogniser_;
  uint8_t model_id_[kIdBytes] = {};
  uint8_t id_[kIdBytes] = {};
  bool due_ = false;
  bool saved_ = false;     // since the start, at saved_s_
  bool rested_ = false;    // since the start, last at rest_s_
  bool recalled_ = false;  // the offset from before
  uint32_t saved_s_ = 0;
  uint32_t rest_s_ = 0;
  uint32_t uptime_s_ = 0;
};

}  // namespace imu_gesture
