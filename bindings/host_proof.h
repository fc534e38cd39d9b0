// A model's proof with the memory that it points into.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arrays.h"
#include "model_proof.h"

namespace bindings {

class HostProof {
 public:
  using Windows = nb::ndarray<const int8_t, nb::ndim<3>, nb::c_contig, nb::device::cpu>;

  HostProof() = default;
  HostProof(const nb::bytes& model, uint32_t crc, const Windows& inputs, const Matrix<int8_t>& scores)
      : model_(static_cast<const uint8_t*>(model.data()), static_cast<const uint8_t*>(model.data()) + model.size()),
        inputs_(inputs.data(), inputs.data() + inputs.size()),
        scores_(scores.data(), scores.data() + scores.size()),
        crc_(crc),
        windows_(scores.shape(0)),
        outputs_(scores.shape(1)),
        input_bytes_(inputs.shape(1) * inputs.shape(2)) {
    require(inputs.shape(0) == windows_ && windows_ < 256, "scores: one row for each of less than 256 inputs wanted");
    require(!model_.empty(), "model: a flatbuffer wanted");
  }

  bool fits(size_t input_bytes, size_t outputs) const {
    return windows_ == 0 || (input_bytes == input_bytes_ && outputs == outputs_);
  }

  // Valid as long as this object.
  imu_gesture::ModelProof core() const {
    imu_gesture::ModelProof proof;
    if (!model_.empty()) {
      proof.model = model_.data();
      proof.model_bytes = static_cast<uint32_t>(model_.size());
      proof.crc = crc_;
      proof.windows = static_cast<int>(windows_);
      proof.inputs = inputs_.data();
      proof.scores = scores_.data();
    }
    return proof;
  }

 private:
  std::vector<uint8_t> model_;
  std::vector<int8_t> inputs_;
  std::vector<int8_t> scores_;
  uint32_t crc_ = 0;
  size_t windows_ = 0;
  size_t outputs_ = 0;
  size_t input_bytes_ = 0;
};

}  // namespace bindings
