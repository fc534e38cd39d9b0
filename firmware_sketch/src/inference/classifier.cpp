#pragma GCC optimize("fp-contract=off")
#include "classifier.h"

// Chirale_TensorFLowLite is in the Library Manager; the older library is taken only where it is
// the one already there.
#if !__has_include(<Chirale_TensorFlowLite.h>) && __has_include(<TensorFlowLite.h>)
#include <TensorFlowLite.h>
#else
#include <Chirale_TensorFlowLite.h>
#endif

#include <string.h>

#include "../model/model_data.h"
#include "../model/model_manifest.h"
#include "../model/op_resolver.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/schema/schema_generated.h"

namespace inference {
namespace {

alignas(16) uint8_t arena[kModelArenaBytes];
tflite::MicroInterpreter* interpreter = nullptr;

bool fits(const TfLiteTensor* tensor, size_t bytes) {
  return tensor != nullptr && tensor->type == kTfLiteInt8 && tensor->bytes == bytes;
}

}  // namespace

const char* begin() {
  const tflite::Model* model = tflite::GetModel(g_model);
  if (model->version() != TFLITE_SCHEMA_VERSION) {
    return "the model has another schema version than the library";
  }
  static ModelOpResolver resolver;
  if (add_model_operators(&resolver) != kTfLiteOk) {
    return "an operator could not be registered";
  }
  static tflite::MicroInterpreter the_interpreter(model, resolver, arena, kModelArenaBytes);
  if (the_interpreter.AllocateTensors() != kTfLiteOk) {
    return "the tensor arena is too small, or an operator is missing";
  }
  if (!fits(the_interpreter.input(0), kModelWindowSamples * kModelChannels) ||
      !fits(the_interpreter.output(0), kModelClasses)) {
    return "the model's input or output is not what the manifest says";
  }
  interpreter = &the_interpreter;
  return nullptr;
}

bool classify(void* /*context*/, const int8_t* input, int8_t* scores) {
  // The interpreter may use the input's memory for other tensors: fill it before every call.
  memcpy(interpreter->input(0)->data.int8, input, kModelWindowSamples * kModelChannels);
  if (interpreter->Invoke() != kTfLiteOk) {
    return false;
  }
  memcpy(scores, interpreter->output(0)->data.int8, kModelClasses);
  return true;
}

size_t arena_used_bytes() { return interpreter == nullptr ? 0 : interpreter->arena_used_bytes(); }

}  // namespace inference
