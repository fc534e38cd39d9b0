// The model in TensorFlow Lite Micro.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace inference {

// Loads the model; the reason when it cannot run, else null.
const char* begin();

// int8 window in, int8 scores out; the form that the core firmware calls. False when it failed.
bool classify(void* context, const int8_t* input, int8_t* scores);

size_t arena_used_bytes();

}  // namespace inference
