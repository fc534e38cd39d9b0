// Corrects inertial samples while they stream: the static calibration, what rests have taught about the
// accelerometer and about temperature, and the gyroscope's offset, which a `Tracker` follows:
// `BiasTracker` on its own, or `Orientation`, which also turns.
#pragma once

#include <stdint.h>

#include "accelerometer_refiner.h"
#include "calibration.h"
#include "rest.h"
#include "sample.h"
#include "temperature_compensation.h"
#include "vector3.h"

namespace imu_gesture {

struct RestLearningParams {
  AccelerometerRefinerParams accelerometer;
  TemperatureParams temperature;
  float pose_s = 1.0F;              // of rest before its readings teach anything
  float temperature_step_c = 0.5F;  // a change within a rest that teaches again
};

// What rests have taught, and the newest temperature.
struct RestLearningState {
  AccelerometerRefinerState accelerometer;
  TemperatureState temperature;
  float temperature_c = 0.0F;
  float taught_temperature_c = 0.0F;  // at which this rest last taught
  uint8_t has_temperature = 0;
  uint8_t pose_taught = 0;            // by this rest
  uint8_t temperature_taught = 0;

  template <typename Io>
  void fields(Io& io) {
    accelerometer.fields(io);
    temperature.fields(io);
    io(temperature_c, taught_temperature_c, has_temperature, pose_taught, temperature_taught);
  }
};

template <typename Tracker>
struct InertialParams {
  typename Tracker::Params tracker;
  RestLearningParams rest;
};

template <typename Tracker>
class InertialCorrection {
 public:
  InertialCorrection(const CalibrationParams& calibration, const InertialParams<Tracker>& params)
      : calibration_(calibration),
        params_(params.rest),
        tracker_(params.tracker),
        accelerometer_(params.rest.accelerometer, calibration.known),
        temperature_(params.rest.temperature) {}

  // Takes a raw sample; returns it corrected, the gyroscope's offset removed.
  ImuSample update(const ImuSample& raw) {
    ImuSample sample = calibrate(calibration_, raw);
    apply_affine(accelerometer_.correction(), sample.acc_g, sample.acc_g);
    copy_to(vector3(sample.gyr_dps) - thermal_dps(), sample.gyr_dps);
    tracker_.update(sample);
    learn_from_rest();
    copy_to(vector3(sample.gyr_dps) - tracker_.bias_dps(), sample.gyr_dps);
    return sample;
  }

  void update_temperature(float temperature_c) {
    if (magnitude(temperature_c) < 200.0F) {  // neither absurd nor no number
      state_.temperature_c = temperature_c;
      state_.has_temperature = 1;
    }
  }

  const CalibrationParams& calibration() const { return calibration_; }
  Tracker& tracker() { return tracker_; }
  const Tracker& tracker() const { return tracker_; }
  const AccelerometerRefiner& accelerometer() const { return accelerometer_; }
  const TemperatureCompensation& temperature() const { return temperature_; }

  RestLearningState learned() const {
    RestLearningState state = state_;
    state.accelerometer = accelerometer_.state();
    state.temperature = temperature_.state();
    return state;
  }
  void restore(const RestLearningState& learned) {
    state_ = learned;
    accelerometer_.restore(learned.accelerometer);
    temperature_.restore(learned.temperature);
  }

  // After power-up: what was learned before holds, but this is another rest, and the temperature is not known.
  void recall(const RestLearningState& learned) {
    restore(learned);
    state_.has_temperature = 0;
    state_.pose_taught = 0;
    state_.temperature_taught = 0;
  }

 private:
  Vector3 thermal_dps() const {
    return state_.has_temperature != 0U ? temperature_.drift_dps(state_.temperature_c) : Vector3();
  }

  void learn_from_rest() {
    if (!tracker_.at_rest()) {
      state_.pose_taught = 0;
      state_.temperature_taught = 0;
      return;
    }
    const RestState& rest = tracker_.rest();
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
    tracker_.shift_bias(before_dps - thermal_dps());
  }

  CalibrationParams calibration_;
  RestLearningParams params_;
  RestLearningState state_;  // what the parts do not remember themselves
  Tracker tracker_;
  AccelerometerRefiner accelerometer_;
  TemperatureCompensation temperature_;
};

}  // namespace imu_gesture
