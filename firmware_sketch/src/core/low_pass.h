// Second-order Butterworth low-pass filters for samples whose spacing varies.
//
// The filter y'' = w (w (u - y) - sqrt(2) y') is integrated with the trapezoidal rule, and remembers
// the output and its slope. The usual forms remember differences of numbers that are nearly equal,
// which needs double precision once the time constant is thousands of samples; here the output moves
// by small steps, which single precision holds. The step is an argument, so no coefficient depends
// on a nominal rate. The newest input counts for the whole step: half a sample less delay.
//
// The first samples are averaged for one time constant, so that nothing hangs on a single one:
// D. Laidig, T. Seel, "VQF", Information Fusion 91 (2023), section 3.
#pragma once

#include <stdint.h>

namespace imu_gesture {

constexpr float kRootOfTwo = 1.41421356F;

template <int kChannels>
struct LowPass {
  float value[kChannels] = {};
  float slope[kChannels] = {};  // of the output, times the time constant over the root of two
  float averaged_s = 0.0F;
  float averaged = 0.0F;  // samples
  uint8_t settled = 0;    // 0 while averaging

  template <typename Io>
  void fields(Io& io) {
    io(value, slope, averaged_s, averaged, settled);
  }

  // `tau_s`: time constant of the step response's envelope; `input`: (kChannels,).
  void update(const float* input, float tau_s, float step_s) {
    if (settled != 0U) {
      filter(input, tau_s, step_s);
    } else {
      average(input, tau_s, step_s);
    }
  }

 private:
  void average(const float* input, float tau_s, float step_s) {
    averaged += 1.0F;
    averaged_s += step_s;
    const float share = 1.0F / averaged;
    for (int i = 0; i < kChannels; ++i) {
      value[i] += (input[i] - value[i]) * share;
    }
    settled = averaged_s >= tau_s ? 1U : 0U;
  }

  void filter(const float* input, float tau_s, float step_s) {
    if (step_s > 2.0F * tau_s) {
      pass(input);
      return;
    }
    const float c = step_s / (kRootOfTwo * tau_s);  // half the step times the cut-off frequency
    const float share = 1.0F / (1.0F + kRootOfTwo * c + c * c);
    const float twice = c + c;
    for (int i = 0; i < kChannels; ++i) {
      const float slopes = share * (slope[i] + slope[i] + twice * (input[i] - value[i]));
      value[i] += c * slopes;
      slope[i] = slopes - slope[i];
    }
  }

  // Samples further apart than the filter remembers.
  void pass(const float* input) {
    for (int i = 0; i < kChannels; ++i) {
      value[i] = input[i];
      slope[i] = 0.0F;
    }
  }
};

// Gain of a first-order low-pass step by the backward rule; below 1 for any step.
inline float first_order_gain(float tau_s, float step_s) { return step_s / (tau_s + step_s); }

}  // namespace imu_gesture
