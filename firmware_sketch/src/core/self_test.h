// What a board finds out about itself: is its model whole and does it compute what it should, and can its
// inertial sensors be believed? At its start, and whenever it is asked.
//
// The model is tested at once. Sensors are watched as they come, so a part of them counts as tested only when
// there was something to see: a second of samples for the rate, of rest for gravity and offset, turns for the axes.
#pragma once

#include <stdint.h>

#include "answer.h"
#include "device_params.h"
#include "firmware.h"
#include "model_package.h"
#include "model_proof.h"
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
  float rate_error = 0.05F;        // relative to what is declared
  float gravity_error_g = 0.2F;    // LSM9DS1: 90 mg on each axis, 3 % of scale; less with a BMI270
  // Largest offset at rest, by board revision; the first is for a board that does not say.
  float offset_dps[3] = {60.0F, 60.0F, 10.0F};  // LSM9DS1: 30 by its datasheet; BMI270: 3 as seen on boards
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

  // `recogniser` may be null: a board without a model.
  explicit SelfTest(Recogniser* recogniser) : recogniser_(recogniser) {}

  void begin(const DeviceParams& device) {
    built_in_ = device.proof;
    declared_hz_ = device.identity.imu_rate_hz;
    const int revision = device.identity.board_revision;
    offset_limit_dps_ = params_.offset_dps[revision == 1 || revision == 2 ? revision : 0];
    units_.acc_g_per_lsb = device.identity.acc_g_per_lsb;
    units_.gyr_dps_per_lsb = device.identity.gyr_dps_per_lsb;
    blocks_.begin(units_);
  }

  // Another model runs; null: the built-in one. It is tested at once.
  void adopt(const ModelPackage* package) {
    proof_ = package != nullptr ? proof_of(*package) : built_in_;
    test_model();
  }

  void take(const RawSample& raw) {
    Block block;
    const bool ended = blocks_.take(raw, &block);
    if (ended) {
      rate_hz_ = block.rate_hz;
    }
    if (ended && block.still) {
      at_rest(block);
    }
    const float step_s = static_cast<float>(elapsed_us(newest_us_, raw.device_time_us)) * 1e-6F;
    newest_us_ = raw.device_time_us;
    float gyr_dps[kAxes];
    for (int axis = 0; axis < kAxes; ++axis) {
      gyr_dps[axis] = static_cast<float>(raw.counts[kAxes + axis]) * units_.gyr_dps_per_lsb;
    }
    if (!(ended && block.still)) {
      turns_.take(vector3(gyr_dps), step_s);
    }
  }
  void lose(uint32_t samples) {
    blocks_.lose(samples);
    turns_.interrupt();
  }

  // Data of the answer: a SelfTestResult.
  AckStatus run(Answer* answer) {
    test_model();
    SelfTestResult result = judge();
    answer->fields(result);
    return AckStatus::kDone;
  }

  SelfTestResult judge() const {
    SelfTestResult result = model_;
    result.rate_hz = rate_hz_;
    result.gravity_g = gravity_g_;
    result.offset_dps = offset_dps_;
    result.turn_error = turns_.worst();
    const bool rested = gravity_g_ > 0.0F;
    note(kTestRate, rate_hz_ > 0.0F && declared_hz_ > 0.0F,
         magnitude(rate_hz_ - declared_hz_) <= params_.rate_error * declared_hz_, &result);
    note(kTestGravity, rested, magnitude(gravity_g_ - 1.0F) <= params_.gravity_error_g, &result);
    note(kTestOffset, rested, offset_dps_ <= offset_limit_dps_, &result);
    note(kTestAxes, turns_.checked() || turns_.failed(), !turns_.failed(), &result);
    return result;
  }

  // Tells the host once on each link what has failed, part by part.
  void complain_anew() { complained_ = 0; }
  void complain(Uplink* uplink) {
    static const char* const kTexts[kSelfTestParts] = {
        "self-test: the model in flash is damaged",
        "self-test: the model computes other scores than it should",
        "self-test: samples do not come at the declared rate",
        "self-test: gravity is not 1 g at rest",
        "self-test: the gyroscope reads too much at rest",
        "self-test: gyroscope and accelerometer disagree about a turn",
    };
    const uint32_t news = judge().failed & ~static_cast<uint32_t>(complained_);
    for (int part = 0; part < kSelfTestParts; ++part) {
      if ((news & (1U << part)) != 0U) {
        complained_ = static_cast<uint8_t>(complained_ | 1U << part);
        Log packet;
        packet.level = 2;
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

  // A package was checked by its own checksum when it was taken; from then on its model must stay as it is.
  static ModelProof proof_of(const ModelPackage& package) {
    ModelProof proof;
    proof.model = package.model();
    proof.model_bytes = package.model_size();
    proof.crc = crc_of(proof);
    proof.windows = package.golden_windows();
    proof.inputs = package.golden_input(0);
    proof.scores = package.golden_scores(0);
    proof.stride = package.input_bytes() + package.classes();
    return proof;
  }

  void test_model() {
    model_ = SelfTestResult();
    const bool known = recogniser_ != nullptr && proof_.model != nullptr;
    model_.model_crc = known ? crc_of(proof_) : 0U;
    model_.windows = static_cast<uint8_t>(known ? proof_.windows : 0);
    model_.right_windows = static_cast<uint8_t>(known ? right_windows(proof_, recogniser_) : 0);
    note(kTestModel, known, model_.model_crc == proof_.crc, &model_);
    note(kTestGolden, model_.windows > 0U, model_.right_windows == model_.windows, &model_);
  }

  void at_rest(const Block& block) {
    const Vector3 acc_g = vector3(block.acc_g);
    gravity_g_ = norm(acc_g);
    offset_dps_ = 0.0F;
    for (const float dps : block.gyr_dps) {
      offset_dps_ = magnitude(dps) > offset_dps_ ? magnitude(dps) : offset_dps_;
    }
    turns_.rest(acc_g, vector3(block.gyr_dps));
  }

  SelfTestParams params_;
  Recogniser* recogniser_;
  ModelProof built_in_;
  ModelProof proof_;
  SelfTestResult model_;
  StillParams units_;
  StillBlocks blocks_;
  TurnCheck turns_;
  float declared_hz_ = 0.0F;
  float offset_limit_dps_ = 0.0F;
  float rate_hz_ = 0.0F;     // of the newest second
  float gravity_g_ = 0.0F;   // of the newest rest; 0: there was none
  float offset_dps_ = 0.0F;
  uint32_t newest_us_ = 0;
  uint8_t complained_ = 0;
};

}  // namespace imu_gesture
