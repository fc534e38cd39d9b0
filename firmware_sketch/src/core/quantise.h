// Features and their int8 form.
#pragma once

#include <stdint.h>

#include "contract.h"

namespace imu_gesture {

// feature = (value - offset) * gain, channel by channel.
struct FeatureParams {
  float offset[kMaxChannels] = {};
  float gain[kMaxChannels] = {};
};

// Affine quantisation of the model's input: real = scale * (q - zero_point).
struct QuantisationParams {
  float scale = 1.0F;
  int zero_point = 0;
};

inline float feature(const FeatureParams& params, int channel, float value) {
  return (value - params.offset[channel]) * params.gain[channel];
}

// Nearest integer, halves to even. Exact for |value| < 2^23.
inline int32_t round_half_even(float value) {
  const int32_t whole = static_cast<int32_t>(value);     // toward zero
  const float rest = value - static_cast<float>(whole);  // exact
  const bool odd = (whole & 1) != 0;
  if (rest > 0.5F || (rest == 0.5F && odd)) {
    return whole + 1;
  }
  if (rest < -0.5F || (rest == -0.5F && odd)) {
    return whole - 1;
  }
  return whole;
}

// Rounds half to even and saturates; not-a-number becomes the zero point.
inline int8_t quantise(const QuantisationParams& params, float value) {
  const float steps = value / params.scale;
  int32_t q = params.zero_point;
  if (steps >= 512.0F) {
    q = INT8_MAX;
  } else if (steps <= -512.0F) {
    q = INT8_MIN;
  } else if (steps == steps) {
    q += round_half_even(steps);
  }
  if (q > INT8_MAX) {
    q = INT8_MAX;
  }
  if (q < INT8_MIN) {
    q = INT8_MIN;
  }
  return static_cast<int8_t>(q);
}

}  // namespace imu_gesture
