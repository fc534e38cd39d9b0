// Declarations for compiling only; as tensorflow/lite/micro/micro_mutable_op_resolver.h has them.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum TfLiteStatus { kTfLiteOk = 0, kTfLiteError = 1 };

namespace tflite {

class MicroOpResolver {
 public:
  virtual ~MicroOpResolver();
};

template <unsigned int tOpCount>
class MicroMutableOpResolver : public MicroOpResolver {
 public:
  TfLiteStatus AddConv2D();
  TfLiteStatus AddFullyConnected();
  TfLiteStatus AddReshape();
  TfLiteStatus AddAveragePool2D();
  TfLiteStatus AddSoftmax();
};

}  // namespace tflite
