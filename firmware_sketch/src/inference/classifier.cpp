#pragma GCC optimize("fp-contract=off")
#include "classifier.h"

// Chirale_TensorFLowLite is in the Library Manager; the older library is taken only where it is
// the one already there.
#if !__has_include(<Chirale_TensorFlowLite.h>) && __has_include(<TensorFlowLite.h>)
#include <TensorFlowLite.h>
#else
#include <Chirale_TensorFlowLite.h>
#endif

#include <new>
#include <string.h>

#include "../model/model_data.h"
#include "../model/model_manifest.h"
#include "../model/op_resolver.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/schema/schema_generated.h"

namespace inference {
namespace {

constexpr size_t kUpdateArenaBytes = 4096;  // for a model that comes over a link and needs more than this one
constexpr size_t kArenaBytes = kModelArenaBytes > kUpdateArenaBytes ? kModelArenaBytes : kUpdateArenaBytes;

alignas(16) uint8_t arena[kArenaBytes];
alignas(tflite::MicroInterpreter) uint8_t place[sizeof(tflite::MicroInterpreter)];
tflite::MicroInterpreter* interpreter = nullptr;

const ModelOpResolver* resolver() {
  static ModelOpResolver the_resolver;
  static const bool complete = add_model_operators(&the_resolver) == kTfLiteOk;
  return complete ? &the_resolver : nullptr;
}

bool fits(const TfLiteTensor* tensor, int bytes) {
  return tensor != nullptr && tensor->type == kTfLiteInt8 && tensor->bytes == static_cast<size_t>(bytes);
}

// One tensor of scores, or one of scores and one of logits, each of the same size.
bool gives(tflite::MicroInterpreter* opened, int outputs) {
  const size_t tensors = opened->outputs_size();
  if (tensors == 0U || tensors > 2U) {
    return false;
  }
  const int each = outputs / static_cast<int>(tensors);
  return each * static_cast<int>(tensors) == outputs && fits(opened->output(0), each) &&
         fits(opened->output(tensors - 1U), each);
}

// In the place of the interpreter before; the reason when the model cannot run, else null.
const char* open(const uint8_t* flatbuffer, int input_bytes, int outputs) {
  if (interpreter != nullptr) {
    interpreter->~MicroInterpreter();
    interpreter = nullptr;
  }
  const tflite::Model* model = tflite::GetModel(flatbuffer);
  if (model->version() != TFLITE_SCHEMA_VERSION) {
    return "the model has another schema version than the library";
  }
  if (resolver() == nullptr) {
    return "an operator could not be registered";
  }
  auto* opened = new (place) tflite::MicroInterpreter(model, *resolver(), arena, kArenaBytes);
  if (opened->AllocateTensors() != kTfLiteOk) {
    opened->~MicroInterpreter();
    return "the tensor arena is too small, or an operator is missing";
  }
  if (!fits(opened->input(0), input_bytes) || !gives(opened, outputs)) {
    opened->~MicroInterpreter();
    return "the model's input or output is not what the manifest says";
  }
  interpreter = opened;
  return nullptr;
}

const char* open_built_in() { return open(g_model, kModelWindowSamples * kModelChannels, kModelOutputs); }

}  // namespace

const char* begin() { return open_built_in(); }

bool classify(void* /*context*/, const int8_t* input, int8_t* outputs) {
  if (interpreter == nullptr) {
    return false;
  }
  // The interpreter may use the input's memory for other tensors: fill it before every call.
  TfLiteTensor* window = interpreter->input(0);
  memcpy(window->data.int8, input, window->bytes);
  if (interpreter->Invoke() != kTfLiteOk) {
    return false;
  }
  for (size_t i = 0; i < interpreter->outputs_size(); ++i) {
    const TfLiteTensor* output = interpreter->output(i);
    memcpy(outputs, output->data.int8, output->bytes);
    outputs += output->bytes;
  }
  return true;
}

size_t arena_used_bytes() { return interpreter == nullptr ? 0 : interpreter->arena_used_bytes(); }

bool Loader::load(const uint8_t* model, uint32_t /*size*/, int input_bytes, int outputs) {
  return open(model, input_bytes, outputs) == nullptr;
}

void Loader::load_built_in() { open_built_in(); }

uint32_t Loader::arena_bytes() const { return static_cast<uint32_t>(kArenaBytes); }

}  // namespace inference
