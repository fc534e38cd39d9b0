// Commands about what recognises gestures: its labels, vectors to check it with.
#pragma once

#include <stdint.h>
#include <string.h>

#include "answer.h"
#include "contract.h"
#include "firmware.h"
#include "model_package.h"
#include "packets.h"

namespace imu_gesture {

template <int kWindowCapacity>
class ModelCommands {
 public:
  using Recogniser = Firmware<kWindowCapacity>;

  // `recogniser` may be null: a board without a model.
  explicit ModelCommands(Recogniser* recogniser) : recogniser_(recogniser) {}

  // `labels`: of the built-in model.
  void begin(const char* const* labels) { labels_ = labels; }
  // `package`: the labels are those of a model that came over a link; null: they are the built-in one's.
  void adopt(int classes, const ModelPackage* package) {
    classes_ = classes;
    package_ = package;
  }

  AckStatus get_label(const PacketView& packet, Answer* answer) const {
    GetLabel wanted;
    if (!read_packet(packet, &wanted) || wanted.index >= classes_) {
      return AckStatus::kBadArgument;
    }
    if (package_ != nullptr) {
      int size = 0;
      const uint8_t* label = package_->label(wanted.index, &size);
      answer->bytes(label, size);
    } else {
      answer->text(labels_[wanted.index]);
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

  AckStatus run_vector(Answer* answer) {
    int8_t outputs[kMaxOutputs];
    if (recogniser_ == nullptr || !recogniser_->score_input(vector_, outputs)) {
      return AckStatus::kFailed;
    }
    for (int i = 0; i < recogniser_->outputs(); ++i) {
      answer->u8(static_cast<uint8_t>(outputs[i]));
    }
    return AckStatus::kDone;
  }

 private:
  Recogniser* recogniser_;
  const char* const* labels_ = nullptr;
  int classes_ = 0;
  const ModelPackage* package_ = nullptr;
  int8_t vector_[kWindowCapacity * kMaxChannels] = {};
};

}  // namespace imu_gesture
