// Declarations of Chirale_TensorFLowLite 2.0.0 that the sketch uses, for compiling only.
#pragma once
