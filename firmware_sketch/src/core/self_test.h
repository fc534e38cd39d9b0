// What a board finds out about itself: is its model whole and does it compute what it should, and can its
// inertial sensors be believed? At its start, and whenever it is asked.
//
// The model is tested at once. Sensors are watched as they come, so a part of them counts as tested only when
// there was something to see: a second of samples for the rate, of rest for gravity and offset, turns for the axes.
#pragma once

#include <stdint.h>

#include "answer.h"
#include "firmware.h"
#include "model_proof.h"
#include "model_updates.h"
#include "still_blocks.h"
#include "turn_check.h"
#include "uplink.h"

namespace imu_gesture {

// Bits of SelfTestResult.
enum SelfTestPart : uint8_t {
  kTestModel = 1,    // the flatbuffer's checksum
  kTestGolden = 2,   // windows with known scores
  kTestRate = 4,
  kTestGravity = 8,
  kTestOffset = 16,  // of the gyroscope
  kTestAxes = 32,
};

constexpr int kSelfTestParts = 6;
constexpr uint8_t kAllSelfTests = (1U << kSelfTestParts) - 1U;

struct SelfTestParams {
  float rate_error = 0.06F;         // relative to what is declared; 5 % as seen on boards
  float gravity_error_g = 0.2F;     // LSM9DS1: 90 mg on each axis, 3 % of scale; less with a BMI270
  float offset_dps = 60.0F;         // LSM9DS1: 30 by its datasheet
  float bmi270_offset_dps = 10.0F;  // 3 as seen on boards

  float offset_limit_dps(uint8_t board_revision) const {
    return board_revision == 2U ? bmi270_offset_dps : offset_dps;
  }
};

struct SelfTestResult {
  uint8_t failed = 0;
  uint8_t untested = 0;
  uint8_t right_windows = 0;
  uint8_t windows = 0;
  uint32_t model_crc = 0;
  float rate_hz = 0.0F;
  float gravity_g = 0.0F;
  float offset_dps = 0.0F;  // on the worst axis
  float turn_error = 0.0F;  // as TurnCheck::worst

  template <typename Io>
  void fields(Io& io) {
    io(failed, untested, right_windows, windows, model_crc, rate_hz, gravity_g, offset_dps, turn_error);
  }
};

template <int kWindowCapacity>
class SelfTest {
 public:
  using Recogniser = Firmware<kWindowCapacity>;
  using Updates = ModelUpdates<kWindowCapacity>;

  // Knows from them what to test: the model that runs, and how its sensors are said to be. `recogniser` may be
  // null: a board without a model.
  SelfTest(Recogniser* recogniser, const Updates& updates, const Hello& identity)
      : recogniser_(recogniser), updates_(updates), identity_(identity) {}

  void begin(const ModelProof* built_in) { built_in_ = built_in; }

  void take(const RawSample& raw) {
    const float step_s = static_cast<float>(elapsed_us(newest_us_, raw.device_time_us)) * 1e-6F;
    newest_us_ = raw.device_time_us;
    Block block;
    if (blocks_.take(identity_, raw, &block)) {
      rate_hz_ = block.rate_hz;
      if (block.still) {
        at_rest(block);
        return;
      }
    }
    turns_.take(gyr_of(identity_, raw.counts), step_s);
  }
  void lose(uint32_t samples) {
    blocks_.lose(samples);
    turns_.interrupt();
  }

  // Also when another model runs.
  SelfTestResult test_model() {
    SelfTestResult result;
    const ModelPackage* const package = updates_.running();
    const bool known = recogniser_ != nullptr && (package != nullptr || built_in_ != nullptr);
    if (known) {
      const ModelProof proof = package != nullptr ? proof_of(*package) : *built_in_;
      result.model_crc = crc_of(proof);
      result.windows = static_cast<uint8_t>(proof.windows);
      result.right_windows = static_cast<uint8_t>(right_windows(proof, recogniser_));
      note(kTestModel, true, package != nullptr ? updates_.whole() : result.model_crc == proof.crc, &result);
    } else {
      note(kTestModel, false, false, &result);
    }
    note(kTestGolden, result.windows > 0U, result.right_windows == result.windows, &result);
    model_failed_ = result.failed;
    return result;
  }

  // Data of the answer: a SelfTestResult.
  AckStatus run(Answer* answer) {
    SelfTestResult result = test_model();
    judge_sensors(&result);
    answer->fields(result);
    return AckStatus::kDone;
  }

  // Tells the host once what has failed, part by part. A warning: an error would end the very recording or
  // calibration that shows what is wrong. Nobody listens before a host has asked who is there.
  void nobody_listens() { complained_ = kAllSelfTests; }
  void complain_anew(Uplink* uplink) {
    complained_ = 0;
    complain(uplink);
  }
  void complain(Uplink* uplink) {
    static const char* const kTexts[kSelfTestParts] = {
        "self-test: the model in flash is damaged",
        "self-test: the model computes other scores than it should",
        "self-test: samples do not come at the declared rate",
        "self-test: gravity is not 1 g at rest",
        "self-test: the gyroscope reads too much at rest",
        "self-test: gyroscope and accelerometer disagree about a turn",
    };
    SelfTestResult result;
    judge_sensors(&result);
    const uint32_t news = (result.failed | model_failed_) & ~static_cast<uint32_t>(complained_);
    for (int part = 0; part < kSelfTestParts; ++part) {
      if ((news & (1U << part)) != 0U) {
        complained_ = static_cast<uint8_t>(complained_ | 1U << part);
        Log packet;
        packet.level = 1;
        packet.write(kTexts[part]);
        uplink->send(packet);
      }
    }
  }

 private:
  static void note(uint8_t part, bool tested, bool right, SelfTestResult* result) {
    if (!tested) {
      result->untested = static_cast<uint8_t>(result->untested | part);
    } else if (!right) {
      result->failed = static_cast<uint8_t>(result->failed | part);
    }
  }

  static ModelProof proof_of(const ModelPackage& package) {
    ModelProof proof;
    proof.model = package.model();
    proof.model_bytes = package.model_size();
    proof.windows = package.golden_windows();
    proof.inputs = package.golden_input(0);
    proof.scores = package.golden_scores(0);
    proof.stride = package.input_bytes() + package.outputs();
    return proof;
  }

  void judge_sensors(SelfTestResult* result) const {
    constexpr SelfTestParams kParams;
    result->rate_hz = rate_hz_;
    result->gravity_g = gravity_g_;
    result->offset_dps = offset_dps_;
    result->turn_error = turns_.worst();
    const float declared_hz = identity_.imu_rate_hz;
    const bool rested = gravity_g_ > 0.0F;
    note(kTestRate, rate_hz_ > 0.0F && declared_hz > 0.0F,
         magnitude(rate_hz_ - declared_hz) <= kParams.rate_error * declared_hz, result);
    note(kTestGravity, rested, magnitude(gravity_g_ - 1.0F) <= kParams.gravity_error_g, result);
    note(kTestOffset, rested, offset_dps_ <= kParams.offset_limit_dps(identity_.board_revision), result);
    note(kTestAxes, turns_.checked() || turns_.failed(), !turns_.failed(), result);
  }

  void at_rest(const Block& block) {
    gravity_g_ = norm(block.acc_g);
    float offset_dps[kAxes];
    copy_to(block.gyr_dps, offset_dps);
    offset_dps_ = 0.0F;
    for (const float dps : offset_dps) {
      offset_dps_ = magnitude(dps) > offset_dps_ ? magnitude(dps) : offset_dps_;
    }
    turns_.rest(block.acc_g, block.gyr_dps);
  }

  Recogniser* recogniser_;
  const Updates& updates_;
  const Hello& identity_;
  const ModelProof* built_in_ = nullptr;
  StillBlocks blocks_;
  TurnCheck turns_;
  float rate_hz_ = 0.0F;     // of the newest second
  float gravity_g_ = 0.0F;   // of the newest rest; 0: there was none
  float offset_dps_ = 0.0F;  // the same, on the worst axis
  uint32_t newest_us_ = 0;
  uint8_t model_failed_ = 0;
  uint8_t complained_ = kAllSelfTests;
};

}  // namespace imu_gesture
