// The model in TensorFlow Lite Micro: the one in the sketch, or one that came over a link.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../core/model_updates.h"

namespace inference {

// Loads the sketch's model; the reason when it cannot run, else null.
const char* begin();

// int8 window in; int8 scores out, then logits where the model gives them. The form that the core firmware
// calls. False when it failed.
bool classify(void* context, const int8_t* input, int8_t* outputs);

size_t arena_used_bytes();

class Loader final : public imu_gesture::ModelLoader {
 public:
  bool load(const uint8_t* model, uint32_t size, int input_bytes, int outputs) override;
  void load_built_in() override;
  uint32_t arena_bytes() const override;
};

}  // namespace inference
