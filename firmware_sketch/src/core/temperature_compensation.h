// How the gyroscope's offset grows with temperature: one slope for each axis of this very sensor.
//
// Rests at different temperatures give pairs of temperature and offset; a line through them is fitted
// by recursive least squares (P. Aggarwal, Z. Syed, X. Niu, N. El-Sheimy, "A standard testing and
// calibration procedure for low cost MEMS inertial sensors and units", Journal of Navigation 61, 2008, for the
// thermal model). The offset itself also walks at random, so old pairs say less about
// it. The slope is used once its uncertainty and the temperatures' spread allow it.
#pragma once

#include <math.h>
#include <stdint.h>

#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct TemperatureParams {
  float bias_sigma_dps = 40.0F;       // before anything is known
  float slope_sigma_dps_per_c = 0.1F;
  float rest_sigma_dps = 0.03F;       // of the offset found in one rest
  float walk_dps = 0.02F;             // of the offset between two rests
  float good_slope_dps_per_c = 0.01F;  // uncertainty at which the slope is used
  float min_spread_c = 3.0F;          // between the coldest and the warmest rest
};

struct TemperatureState {
  Vector3 bias_dps;              // at the reference
  Vector3 slope_dps_per_c;
  float bias_variance = 0.0F;    // the same for every axis
  float covariance = 0.0F;
  float slope_variance = 0.0F;
  float reference_c = 0.0F;
  float coldest_c = 0.0F;
  float warmest_c = 0.0F;
  uint32_t rests = 0;

  template <typename Io>
  void fields(Io& io) {
    bias_dps.fields(io);
    slope_dps_per_c.fields(io);
    io(bias_variance, covariance, slope_variance, reference_c, coldest_c, warmest_c, rests);
  }
};

constexpr uint16_t kTemperatureStateVersion = 1;

class TemperatureCompensation {
 public:
  explicit TemperatureCompensation(const TemperatureParams& params) : params_(params) {
    state_.bias_variance = square(params.bias_sigma_dps);
    state_.slope_variance = square(params.slope_sigma_dps_per_c);
  }

  // Takes the whole offset found in one rest.
  void update(float temperature_c, const Vector3& bias_dps) {
    if (state_.rests == 0U) {
      state_.reference_c = temperature_c;
      state_.coldest_c = temperature_c;
      state_.warmest_c = temperature_c;
    }
    ++state_.rests;
    state_.coldest_c = temperature_c < state_.coldest_c ? temperature_c : state_.coldest_c;
    state_.warmest_c = temperature_c > state_.warmest_c ? temperature_c : state_.warmest_c;
    learn(temperature_c - state_.reference_c, bias_dps);
  }

  // What the temperature adds to the offset; nothing while the slope is not known well.
  Vector3 drift_dps(float temperature_c) const {
    return good() ? state_.slope_dps_per_c * (temperature_c - state_.reference_c) : Vector3();
  }

  float slope_sigma_dps_per_c() const { return sqrtf(state_.slope_variance); }
  bool good() const {
    return slope_sigma_dps_per_c() <= params_.good_slope_dps_per_c &&
           state_.warmest_c - state_.coldest_c >= params_.min_spread_c;
  }

  const TemperatureState& state() const { return state_; }
  void restore(const TemperatureState& state) { state_ = state; }

 private:
  void learn(float warmer_c, const Vector3& bias_dps) {
    state_.bias_variance += square(params_.walk_dps);
    const float seen_bias = state_.bias_variance + warmer_c * state_.covariance;
    const float seen_slope = state_.covariance + warmer_c * state_.slope_variance;
    const float share = 1.0F / (seen_bias + warmer_c * seen_slope + square(params_.rest_sigma_dps));
    const Vector3 surprise_dps = bias_dps - state_.bias_dps - state_.slope_dps_per_c * warmer_c;
    state_.bias_dps = state_.bias_dps + surprise_dps * (seen_bias * share);
    state_.slope_dps_per_c = state_.slope_dps_per_c + surprise_dps * (seen_slope * share);
    state_.bias_variance -= seen_bias * seen_bias * share;
    state_.covariance -= seen_bias * seen_slope * share;
    state_.slope_variance -= seen_slope * seen_slope * share;
  }

  TemperatureParams params_;
  TemperatureState state_;
};

}  // namespace imu_gesture
