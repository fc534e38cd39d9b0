// Everything that corrects samples while they stream, in order: the static calibration, what the
// temperature adds, what rests and turns have taught, and the orientation on top.
#pragma once

#include <stdint.h>

#include "accelerometer_refiner.h"
#include "calibration.h"
#include "mag_calibrator.h"
#include "orientation.h"
#include "sample.h"
#include "temperature_compensation.h"

namespace imu_gesture {

struct DriftParams {
  CalibrationParams calibration;
  OrientationParams orientation;
  AccelerometerRefinerParams accelerometer;
  MagCalibratorParams magnetometer;
  TemperatureParams temperature;
  float pose_s = 1.0F;         // of rest before its readings teach anything
  float temperature_step_c = 0.5F;  // a change within a rest that teaches again
};

constexpr uint16_t kDriftStateVersion = 1;

struct DriftState {
  OrientationState orientation;
  AccelerometerRefinerState accelerometer;
  MagCalibratorState magnetometer;
  TemperatureState temperature;
  float temperature_c = 0.0F;         // newest reading
  float taught_temperature_c = 0.0F;  // at which this rest last taught
  uint8_t has_temperature = 0;
  uint8_t pose_taught = 0;            // by this rest
  uint8_t temperature_taught = 0;

  template <typename Io>
  void fields(Io& io) {
    orientation.fields(io);
    accelerometer.fields(io);
    magnetometer.fields(io);
    temperature.fields(io);
    io(temperature_c, taught_temperature_c, has_temperature, pose_taught, temperature_taught);
  }
};

class DriftCorrection {
 public:
  explicit DriftCorrection(const DriftParams& params)
      : params_(params),
        orientation_(params.orientation),
        accelerometer_(params.accelerometer),
        magnetometer_(params.magnetometer),
        temperature_(params.temperature) {}

  // Takes a raw sample; returns it corrected, the gyroscope's offset removed.
  ImuSample update(const ImuSample& raw) {
    ImuSample sample = calibrate(params_.calibration, raw);
    apply_affine(accelerometer_.correction(), sample.acc_g, sample.acc_g);
    copy_to(vector3(sample.gyr_dps) - thermal_dps(), sample.gyr_dps);
    orientation_.update(sample);
    learn_from_rest();
    copy_to(vector3(sample.gyr_dps) - orientation_.bias_dps(), sample.gyr_dps);
    return sample;
  }

  // Takes a new magnetometer reading; returns it corrected. It turns the heading once a calibration is known.
  MagSample update(const MagSample& raw) {
    if (magnetometer_.update(raw.mag_ut) == MagFit::kAccepted) {
      orientation_.forget_heading();
    }
    MagSample sample = raw;
    magnetometer_.correct(raw.mag_ut, sample.mag_ut);
    if (magnetometer_.known()) {
      orientation_.update(sample);
    }
    return sample;
  }

  void update_temperature(float temperature_c) {
    if (!(magnitude(temperature_c) < 200.0F)) {
      return;  // not a number, or absurd
    }
    state_.temperature_c = temperature_c;
    state_.has_temperature = 1;
  }

  Orientation& orientation() { return orientation_; }
  const Orientation& orientation() const { return orientation_; }
  MagCalibrator& magnetometer() { return magnetometer_; }
  const MagCalibrator& magnetometer() const { return magnetometer_; }
  const AccelerometerRefiner& accelerometer() const { return accelerometer_; }
  const TemperatureCompensation& temperature() const { return temperature_; }

  DriftState state() const {
    DriftState state = state_;
    state.orientation = orientation_.state();
    state.accelerometer = accelerometer_.state();
    state.magnetometer = magnetometer_.state();
    state.temperature = temperature_.state();
    return state;
  }

  void restore(const DriftState& state) {
    state_ = state;
    orientation_.restore(state.orientation);
    accelerometer_.restore(state.accelerometer);
    magnetometer_.restore(state.magnetometer);
    temperature_.restore(state.temperature);
  }

 private:
  Vector3 thermal_dps() const {
    return state_.has_temperature != 0U ? temperature_.drift_dps(state_.temperature_c) : Vector3();
  }

  void learn_from_rest() {
    if (!orientation_.at_rest()) {
      state_.pose_taught = 0;
      state_.temperature_taught = 0;
      return;
    }
    const RestState& rest = orientation_.state().rest;
    if (rest.quiet_s < params_.pose_s) {
      return;
    }
    if (state_.pose_taught == 0U) {
      state_.pose_taught = 1;
      accelerometer_.update(accelerometer_.uncorrected(vector3(rest.acc_g.value)));
    }
    if (state_.has_temperature != 0U && temperature_is_new()) {
      learn_temperature(vector3(rest.gyr_dps.value));
    }
  }

  bool temperature_is_new() const {
    return state_.temperature_taught == 0U ||
           magnitude(state_.temperature_c - state_.taught_temperature_c) >= params_.temperature_step_c;
  }

  // `rate_dps`: what the gyroscope reads at rest, the temperature's share removed.
  void learn_temperature(const Vector3& rate_dps) {
    state_.temperature_taught = 1;
    state_.taught_temperature_c = state_.temperature_c;
    const Vector3 before_dps = thermal_dps();
    temperature_.update(state_.temperature_c, rate_dps + before_dps);
    orientation_.shift_bias(before_dps - thermal_dps());
  }

  DriftParams params_;
  DriftState state_;  // what the parts do not remember themselves
  Orientation orientation_;
  AccelerometerRefiner accelerometer_;
  MagCalibrator magnetometer_;
  TemperatureCompensation temperature_;
};

}  // namespace imu_gesture
