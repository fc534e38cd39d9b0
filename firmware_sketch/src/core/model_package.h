// A model with everything the firmware must know of it, in one piece that goes over a link.
//
// Head, parameters, labels, golden windows with their scores, padding, then the flatbuffer at a
// multiple of 16 bytes. Little-endian. Read in place: nothing is copied but the parameters.
#pragma once

#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "contract.h"
#include "fields.h"
#include "params_fields.h"
#include "saved_state.h"

namespace imu_gesture {

constexpr uint32_t kPackageMagic = 0x4B504749U;  // "IGPK"
constexpr uint16_t kPackageVersion = 1;
constexpr int kModelAlignment = 16;
// Parameters of the first packages. Those that came later follow them, and zero leaves things as they were:
// packages end before the zeros, so that older boards take what they can run.
constexpr int kFirstParamBytes = 294;
constexpr int kMaxLabelBytes = 100;  // what an answer and a notification carry

struct PackageHead {
  uint32_t magic = kPackageMagic;
  uint16_t version = kPackageVersion;
  uint16_t params_size = 0;
  uint16_t labels_size = 0;
  uint16_t golden = 0;        // windows
  uint32_t arena_bytes = 0;   // that the model needs
  uint32_t model_offset = 0;
  uint32_t model_size = 0;
  uint8_t model_id[kIdBytes] = {};

  template <typename Io>
  void fields(Io& io) {
    io(magic, version, params_size, labels_size, golden, arena_bytes, model_offset, model_size, model_id);
  }
};

constexpr int kPackageHeadBytes = 4 + 4 * 2 + 3 * 4 + kIdBytes;

// Bytes that the parameters take in a package, at most.
inline int param_bytes() {
  FirmwareParams params;
  FieldCounter counter;
  param_fields(counter, params);
  return counter.size();
}

enum class PackageProblem : uint8_t {
  kNone = 0,
  kNoPackage = 1,   // not one, or cut off
  kVersion = 2,     // of a newer or older program
  kParams = 3,      // that this board cannot run
  kLabels = 4,
  kArena = 5,       // more than this board has
};

// A package that was checked; points into its bytes.
class ModelPackage {
 public:
  // `capacity`: rows that the firmware has room for; `arena`: bytes that there are for tensors. Writes the
  // parameters, which are large, to where the caller wants them.
  PackageProblem read(const uint8_t* data, int size, int capacity, uint32_t arena, FirmwareParams* params) {
    data_ = data;
    if (size < kPackageHeadBytes) {
      return PackageProblem::kNoPackage;
    }
    FieldReader in(data, kPackageHeadBytes);
    head_.fields(in);
    if (head_.magic != kPackageMagic) {
      return PackageProblem::kNoPackage;
    }
    if (head_.version != kPackageVersion || head_.params_size < kFirstParamBytes ||
        head_.params_size > param_bytes()) {
      return PackageProblem::kVersion;
    }
    if (!has_room(size)) {
      return PackageProblem::kNoPackage;
    }
    FieldReader fields(data + kPackageHeadBytes, head_.params_size);
    param_fields(fields, *params);
    if (!are_sound(*params, capacity)) {
      return PackageProblem::kParams;
    }
    input_bytes_ = params->window.samples * params->conditioner.channels;
    classes_ = params->decision.classes;
    outputs_ = params->decision.outputs();
    if (!read_labels()) {
      return PackageProblem::kLabels;
    }
    const int64_t golden_end = static_cast<int64_t>(golden_start()) + head_.golden * golden_stride();
    if (golden_end > head_.model_offset) {
      return PackageProblem::kNoPackage;
    }
    return head_.arena_bytes > arena ? PackageProblem::kArena : PackageProblem::kNone;
  }

  int input_bytes() const { return input_bytes_; }
  int classes() const { return classes_; }
  int outputs() const { return outputs_; }
  const uint8_t* model_id() const { return head_.model_id; }
  const uint8_t* model() const { return data_ + head_.model_offset; }
  uint32_t model_size() const { return head_.model_size; }
  uint32_t arena_bytes() const { return head_.arena_bytes; }
  int golden_windows() const { return head_.golden; }
  const int8_t* golden_input(int window) const {
    return reinterpret_cast<const int8_t*>(data_ + golden_start() + window * golden_stride());
  }
  const int8_t* golden_scores(int window) const { return golden_input(window) + input_bytes_; }
  // Not ended by a zero.
  const uint8_t* label(int index, int* size) const {
    const uint8_t* at = data_ + labels_start();
    for (; index > 0; --index) {
      at += 1 + *at;
    }
    *size = *at;
    return at + 1;
  }

 private:
  int labels_start() const { return kPackageHeadBytes + head_.params_size; }
  int golden_start() const { return labels_start() + head_.labels_size; }
  int golden_stride() const { return input_bytes_ + outputs_; }

  bool has_room(int size) const {
    const uint64_t end = static_cast<uint64_t>(head_.model_offset) + head_.model_size;
    return head_.model_offset % kModelAlignment == 0U && head_.model_size > 0U &&
           head_.model_offset >= static_cast<uint32_t>(golden_start()) && end <= static_cast<uint64_t>(size);
  }

  bool read_labels() const {
    int at = 0;
    for (int label = 0; label < classes_; ++label) {
      if (at >= head_.labels_size) {
        return false;
      }
      const int size = data_[labels_start() + at];
      if (size == 0 || size > kMaxLabelBytes) {
        return false;
      }
      at += 1 + size;
    }
    return at == head_.labels_size;
  }

  const uint8_t* data_ = nullptr;
  PackageHead head_;
  int input_bytes_ = 0;
  int classes_ = 0;
  int outputs_ = 0;
};

}  // namespace imu_gesture
