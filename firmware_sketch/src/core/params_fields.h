// The parameters of a model as fields, in the order of a model package.
#pragma once

#include <stdint.h>

#include "contract.h"
#include "firmware.h"

namespace imu_gesture {

// An int that is a u16 in bytes.
template <typename Io>
void short_field(Io& io, int& value) {
  uint16_t raw = static_cast<uint16_t>(value);
  io(raw);
  value = raw;
}

template <typename Io>
void param_fields(Io& io, RestParams& p) {
  io(p.tau_s, p.min_s, p.gyr_dps, p.acc_g, p.offset_dps, p.first_min_s, p.first_gyr_dps, p.first_offset_dps,
     p.surprise_min_s);
}

template <typename Io>
void param_fields(Io& io, GyroBiasParams& p) {
  io(p.sigma_initial_dps, p.forgetting_s, p.limit_dps, p.sigma_motion_dps, p.sigma_rest_dps, p.vertical_forgetting,
     p.disagreement_dps);
}

template <typename Io>
void param_fields(Io& io, AccelerometerRefinerParams& p) {
  io(p.offset_sigma_g, p.scale_sigma, p.calibrated_offset_sigma_g, p.calibrated_scale_sigma, p.pose_sigma_g,
     p.good_offset_g, p.good_scale, p.new_pose_g, p.memory_poses, p.max_surprise);
}

template <typename Io>
void param_fields(Io& io, TemperatureParams& p) {
  io(p.bias_sigma_dps, p.slope_sigma_dps_per_c, p.rest_sigma_dps, p.walk_dps, p.good_slope_dps_per_c,
     p.min_spread_c);
}

template <typename Io>
void param_fields(Io& io, InertialParams<BiasTracker>& p) {
  io(p.tracker.max_gap_s);
  param_fields(io, p.tracker.rest);
  param_fields(io, p.tracker.bias);
  param_fields(io, p.rest.accelerometer);
  param_fields(io, p.rest.temperature);
  io(p.rest.pose_s, p.rest.temperature_step_c);
}

template <typename Io>
void param_fields(Io& io, ConditionerParams& p) {
  uint8_t learn = p.learn ? 1U : 0U;
  io(p.resampler.period_us, p.resampler.max_gap_us);
  short_field(io, p.channels);
  io(learn);
  p.learn = learn != 0U;
  param_fields(io, p.learning);
}

template <typename Io>
void param_fields(Io& io, MotionParams& p) {
  io(p.memory_s, p.dps_per_g, p.on_g, p.off_g, p.on_ratio, p.off_ratio, p.peak_share, p.rise_s, p.fall_s,
     p.shortest_s, p.longest_s, p.calm_s);
}

template <typename Io>
void param_fields(Io& io, FrontEndParams& p) {
  uint8_t kind = static_cast<uint8_t>(p.kind);
  io(kind, p.up);
  p.kind = static_cast<FrontEnd>(kind);
}

// Everything but the calibration, which is the board's and not the model's.
template <typename Io>
void param_fields(Io& io, FirmwareParams& p) {
  param_fields(io, p.conditioner);
  short_field(io, p.window.samples);
  short_field(io, p.window.hop_samples);
  io(p.features.offset, p.features.gain, p.input.scale);
  int16_t zero_point = static_cast<int16_t>(p.input.zero_point);
  io(zero_point);
  p.input.zero_point = zero_point;
  short_field(io, p.decision.classes);
  short_field(io, p.decision.smoothing);
  io(p.decision.refractory_us, p.decision.threshold);
  param_fields(io, p.front_end);
  uint8_t regime = static_cast<uint8_t>(p.window.regime);
  io(regime);
  p.window.regime = static_cast<Regime>(regime);
  param_fields(io, p.window.motion);
  io(p.decision.most_spread);
}

// Whether a firmware with room for `capacity` rows can run so without stepping out of its memory.
inline bool are_sound(const FirmwareParams& p, int capacity) {
  const bool channels = p.conditioner.channels == kAxes || p.conditioner.channels == kMaxChannels;
  const bool front_end = p.front_end.kind == FrontEnd::kSensor ||
                         ((p.front_end.kind == FrontEnd::kGravity || p.front_end.kind == FrontEnd::kStroke) &&
                          p.conditioner.channels == kMaxChannels);
  const bool times = p.conditioner.resampler.period_us > 0U && p.conditioner.resampler.period_us <= 1000000U &&
                     p.conditioner.resampler.max_gap_us > 0U;
  const bool window = p.window.samples >= 1 && p.window.samples <= capacity && p.window.hop_samples >= 1;
  const bool regime = p.window.regime == Regime::kContinuous ||
                      (p.window.regime == Regime::kTriggered && p.decision.smoothing == 1);
  const bool decision = p.decision.classes >= 1 && p.decision.classes <= kMaxClasses && p.decision.smoothing >= 1 &&
                        p.decision.smoothing <= kMaxSmoothing && p.decision.most_spread <= kMostSpread;
  const bool learning = !p.conditioner.learn || p.conditioner.channels == kMaxChannels;
  const bool input = p.input.scale > 0.0F && p.input.zero_point >= -128 && p.input.zero_point <= 127;
  return channels && front_end && times && window && regime && decision && learning && input;
}

}  // namespace imu_gesture
