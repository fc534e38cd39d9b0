// Models that come over a link: taken, tried, kept or refused; and which one runs.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "firmware.h"
#include "model_package.h"
#include "model_store.h"
#include "packets.h"

namespace imu_gesture {

// What runs models: its owner's TensorFlow Lite Micro.
class ModelLoader {
 public:
  // Makes `model` the one that the firmware's classify runs; false when it cannot (operators, arena, another
  // input or number of outputs).
  virtual bool load(const uint8_t* model, uint32_t size, int input_bytes, int outputs) = 0;
  virtual void load_built_in() = 0;
  virtual uint32_t arena_bytes() const = 0;  // that there are

 protected:
  ~ModelLoader() = default;
};

enum class UpdateResult : uint8_t {
  kRuns = 0,
  // 1 to 5: as PackageProblem
  kIncomplete = 16,  // bytes are missing, or are not those that were announced
  kNotLoaded = 17,   // an operator is missing, or the arena is too small
  kWrongScores = 18, // the golden windows gave other scores
  kNone = 19,        // there is nothing to go back from
};

template <int kWindowCapacity>
class ModelUpdates {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `flash` and `loader` may be null: a board that takes no models.
  ModelUpdates(Recogniser* recogniser, Flash* flash, ModelLoader* loader)
      : recogniser_(recogniser), flash_(flash), loader_(loader), store_(flash) {}

  // Call once after each start: the newest model that was kept runs, else the built-in one.
  void begin(const uint8_t* built_in_id) {
    if (!can_update()) {
      return;
    }
    store_.open(built_in_id);
    built_in_ = recogniser_->params();
    run_newest();
  }

  // The package that runs; null: the built-in model.
  const ModelPackage* running() const { return slot_ == ModelStore::kNoSlot ? nullptr : &package_; }

  // Whether the package that runs still has its checksum.
  bool whole() const { return slot_ == ModelStore::kNoSlot || store_.newest() == slot_; }

  // Whether another model runs since this was last asked.
  bool changed() {
    const bool changed = changed_;
    changed_ = false;
    return changed;
  }

  AckStatus execute(const PacketView& packet, Answer* answer) {
    if (!can_update()) {
      return AckStatus::kUnknownCommand;
    }
    switch (static_cast<PacketType>(packet.type)) {
      case PacketType::kBeginUpdate:
        return begin_update(packet, answer);
      case PacketType::kWriteUpdate:
        return write_update(packet, answer);
      case PacketType::kEndUpdate:
        return end_update(answer);
      case PacketType::kUpdateStatus:
        answer->u8(static_cast<uint8_t>(slot_ == ModelStore::kNoSlot ? 0xFF : slot_));
        answer->u32(ModelStore::kRoom);
        answer->u32(store_.taken());
        return AckStatus::kDone;
      case PacketType::kRollBack:
        return roll_back(answer);
      default:
        return AckStatus::kUnknownCommand;
    }
  }

 private:
  bool can_update() const { return recogniser_ != nullptr && flash_ != nullptr && loader_ != nullptr; }

  AckStatus begin_update(const PacketView& packet, Answer* answer) {
    BeginUpdate wanted;
    if (!read_packet(packet, &wanted)) {
      return AckStatus::kBadArgument;
    }
    answer->u32(ModelStore::kRoom);
    return store_.begin(wanted.size, wanted.sha256, slot_) ? AckStatus::kDone : AckStatus::kBadArgument;
  }

  AckStatus write_update(const PacketView& packet, Answer* answer) {
    WriteUpdate part;
    if (!read_packet(packet, &part)) {
      return AckStatus::kBadArgument;
    }
    const bool written = store_.write(part.offset, part.bytes, part.count);
    answer->u32(store_.taken());
    return written ? AckStatus::kDone : AckStatus::kBadArgument;
  }

  AckStatus end_update(Answer* answer) {
    const int slot = store_.finish();
    if (slot == ModelStore::kNoSlot) {
      answer->u8(static_cast<uint8_t>(UpdateResult::kIncomplete));
      return AckStatus::kFailed;
    }
    const UpdateResult result = attempt(slot);
    if (result != UpdateResult::kRuns) {
      store_.refuse(slot);
      run_newest();
    }
    answer->u8(static_cast<uint8_t>(result));
    return result == UpdateResult::kRuns ? AckStatus::kDone : AckStatus::kFailed;
  }

  AckStatus roll_back(Answer* answer) {
    if (slot_ == ModelStore::kNoSlot) {
      answer->u8(static_cast<uint8_t>(UpdateResult::kNone));
      return AckStatus::kFailed;
    }
    store_.refuse(slot_);
    run_newest();
    answer->u8(static_cast<uint8_t>(UpdateResult::kRuns));
    return AckStatus::kDone;
  }

  void run_newest() {
    for (int slot = store_.newest(); slot != ModelStore::kNoSlot; slot = store_.newest()) {
      const bool crashed = store_.was_tried(slot) && !store_.was_kept(slot);
      if (!crashed && attempt(slot) == UpdateResult::kRuns) {
        return;
      }
      if (!store_.refuse(slot)) {
        break;  // the flash is broken
      }
    }
    run_built_in();
  }

  void run_built_in() {
    slot_ = ModelStore::kNoSlot;
    changed_ = true;
    loader_->load_built_in();
    recogniser_->restart(built_in_);
  }

  UpdateResult attempt(int slot) {
    FirmwareParams params;
    const PackageProblem problem =
        package_.read(store_.package(slot), store_.size(slot), kWindowCapacity, loader_->arena_bytes(), &params);
    if (problem != PackageProblem::kNone) {
      return static_cast<UpdateResult>(problem);
    }
    store_.note_tried(slot);
    slot_ = slot;
    changed_ = true;
    if (!loader_->load(package_.model(), package_.model_size(), package_.input_bytes(), package_.outputs())) {
      return UpdateResult::kNotLoaded;
    }
    recogniser_->restart(params);
    if (!golden_windows_are_right()) {
      return UpdateResult::kWrongScores;
    }
    store_.note_kept(slot);
    return UpdateResult::kRuns;
  }

  bool golden_windows_are_right() {
    int8_t scores[kMaxOutputs];
    for (int window = 0; window < package_.golden_windows(); ++window) {
      if (!recogniser_->score_input(package_.golden_input(window), scores) ||
          memcmp(scores, package_.golden_scores(window), static_cast<size_t>(recogniser_->outputs())) != 0) {
        return false;
      }
    }
    return true;
  }

  Recogniser* recogniser_;
  Flash* flash_;
  ModelLoader* loader_;
  ModelStore store_;
  ModelPackage package_;
  FirmwareParams built_in_;
  int slot_ = ModelStore::kNoSlot;
  bool changed_ = false;
};

}  // namespace imu_gesture
