// Declarations for compiling only; as tensorflow/lite/schema/schema_generated.h and version.h have them.
#pragma once

#include <stdint.h>

#define TFLITE_SCHEMA_VERSION (3)

namespace tflite {

struct Model {
  uint32_t version() const;
};

const Model* GetModel(const void* buf);

}  // namespace tflite
