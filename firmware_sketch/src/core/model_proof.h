// What a sketch knows of its model beside the model itself: its checksum, inputs and the scores they have.
#pragma once

#include <stdint.h>
#include <string.h>

#include "contract.h"
#include "crc32.h"

namespace imu_gesture {

struct ModelProof {
  const uint8_t* model = nullptr;  // a flatbuffer
  uint32_t model_bytes = 0;
  uint32_t crc = 0;                // that the flatbuffer must have
  int windows = 0;
  const int8_t* inputs = nullptr;  // windows times the recogniser's input
  const int8_t* scores = nullptr;  // windows times its outputs
  int stride = 0;                  // from one window's to the next one's, of both; 0: each follows the one before
};

inline uint32_t crc_of(const ModelProof& proof) {
  return crc32(proof.model, static_cast<int>(proof.model_bytes));
}

// How many windows have exactly their scores.
template <typename Recogniser>
int right_windows(const ModelProof& proof, Recogniser* recogniser) {
  const int input_step = proof.stride != 0 ? proof.stride : recogniser->input_bytes();
  const int scores_step = proof.stride != 0 ? proof.stride : recogniser->outputs();
  int right = 0;
  for (int window = 0; window < proof.windows; ++window) {
    int8_t scores[kMaxOutputs];
    const bool scored = recogniser->score_input(proof.inputs + window * input_step, scores);
    const int8_t* const expected = proof.scores + window * scores_step;
    right += scored && memcmp(scores, expected, static_cast<size_t>(recogniser->outputs())) == 0 ? 1 : 0;
  }
  return right;
}

}  // namespace imu_gesture
