// Everything that corrects samples while they stream, the magnetometer's too, and the orientation on top.
#pragma once

#include <stdint.h>

#include "calibration.h"
#include "inertial_correction.h"
#include "mag_calibrator.h"
#include "orientation.h"
#include "sample.h"

namespace imu_gesture {

struct DriftParams {
  CalibrationParams calibration;
  InertialParams<Orientation> inertial;
  MagCalibratorParams magnetometer;
};

constexpr uint16_t kDriftStateVersion = 2;

struct DriftState {
  OrientationState orientation;
  RestLearningState learned;
  MagCalibratorState magnetometer;

  template <typename Io>
  void fields(Io& io) {
    orientation.fields(io);
    learned.fields(io);
    magnetometer.fields(io);
  }
};

class DriftCorrection {
 public:
  explicit DriftCorrection(const DriftParams& params)
      : inertial_(params.calibration, params.inertial), magnetometer_(params.magnetometer) {}

  // Takes a raw sample; returns it corrected, the gyroscope's offset removed.
  ImuSample update(const ImuSample& raw) { return inertial_.update(raw); }

  // Takes a new magnetometer reading; returns it corrected. It turns the heading once a calibration is known.
  MagSample update(const MagSample& raw) {
    if (magnetometer_.update(raw.mag_ut) == MagFit::kAccepted) {
      orientation().forget_heading();
    }
    MagSample sample = raw;
    magnetometer_.correct(raw.mag_ut, sample.mag_ut);
    if (magnetometer_.known()) {
      orientation().update(sample);
    }
    return sample;
  }

  void update_temperature(float temperature_c) { inertial_.update_temperature(temperature_c); }

  const InertialCorrection<Orientation>& inertial() const { return inertial_; }
  Orientation& orientation() { return inertial_.tracker(); }
  const Orientation& orientation() const { return inertial_.tracker(); }
  MagCalibrator& magnetometer() { return magnetometer_; }
  const MagCalibrator& magnetometer() const { return magnetometer_; }

  DriftState state() const {
    DriftState state;
    state.orientation = orientation().state();
    state.learned = inertial_.learned();
    state.magnetometer = magnetometer_.state();
    return state;
  }

  void restore(const DriftState& state) {
    orientation().restore(state.orientation);
    inertial_.restore(state.learned);
    magnetometer_.restore(state.magnetometer);
  }

 private:
  InertialCorrection<Orientation> inertial_;
  MagCalibrator magnetometer_;
};

}  // namespace imu_gesture
