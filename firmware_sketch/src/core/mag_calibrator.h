// Hard and soft iron of the magnetometer, found while the board is turned about.
//
// Readings of an undisturbed magnetometer lie on an ellipsoid about the hard-iron offset (J. F.
// Vasconcelos et al., IEEE Transactions on Aerospace and Electronic Systems 47, 2011). Its moments
// are kept with forgetting: a recursive least-squares fit. Without enough directions such a fit is
// worse than none, so a new one is accepted only when the directions cover the sphere, the equations
// are well conditioned, and field, axes and residual are those of a magnetometer on earth.
#pragma once

#include <stdint.h>

#include "calibration.h"
#include "ellipsoid_fit.h"
#include "ellipsoid_moments.h"
#include "vector3.h"

namespace imu_gesture {

struct MagCalibratorParams {
  float step_ut = 4.0F;          // a reading this far from the last one used is used
  float memory_readings = 400.0F;  // after so many more, a reading counts a third
  float min_readings = 100.0F;
  float every_readings = 25.0F;  // readings used between two fits
  float min_field_ut = 20.0F;    // radius of the ellipsoid
  float max_field_ut = 70.0F;
  float max_axis_ratio = 1.6F;   // longest to shortest axis
  float max_residual = 0.05F;    // root mean square, relative to the radius
  float min_coverage = 0.4F;     // of the directions: 1 for a whole sphere, 0.25 for half of one
  float min_pivot = 0.02F;       // conditioning of the equations
  float change_ut = 2.0F;        // a fit that moves the offset by more makes the heading start anew
};

enum class MagFit : uint8_t {
  kNone,           // nothing to fit yet
  kAccepted,
  kRefined,        // a good fit, close to the one in use: taken over where it is as well founded
  kTooFewReadings,
  kTooFewDirections,
  kNotEarthsField,
  kPoorFit,        // distorted or disturbed
};

constexpr uint16_t kMagCalibratorStateVersion = 1;

struct MagCalibratorState {
  EllipsoidMoments moments;  // about the reference, in units of kUnitUt
  Vector3 reference_ut;
  Vector3 last_ut;           // the newest reading used
  float used = 0.0F;         // readings since the last fit
  float coverage = 0.0F;     // of the fit in use
  uint8_t begun = 0;
  uint8_t accepted = 0;      // 1 once there is a fit
  uint8_t verdict = 0;       // MagFit of the last attempt
  AffineParams correction;

  template <typename Io>
  void fields(Io& io) {
    moments.fields(io);
    reference_ut.fields(io);
    last_ut.fields(io);
    io(used, coverage, begun, accepted, verdict, correction.matrix, correction.offset);
  }
};

class MagCalibrator {
 public:
  explicit MagCalibrator(const MagCalibratorParams& params) : params_(params) {}

  // Takes one raw reading, (3,) in µT. kAccepted: from now on correct() is quite another one.
  MagFit update(const float* mag_ut) {
    if (!use(vector3(mag_ut)) || state_.used < params_.every_readings) {
      return MagFit::kNone;
    }
    state_.used = 0.0F;
    const MagFit verdict = attempt();
    state_.verdict = static_cast<uint8_t>(verdict);
    return verdict;
  }

  // `measured` and `corrected` may be the same array.
  void correct(const float* measured_ut, float* corrected_ut) const {
    apply_affine(state_.correction, measured_ut, corrected_ut);
  }

  // Is there a correction, found or given?
  bool known() const { return state_.accepted != 0U; }

  // Starts from a correction found before.
  void know(const AffineParams& correction) {
    state_.correction = correction;
    state_.accepted = 1;
  }

  const Ellipsoid& last_fit() const { return fit_; }
  Vector3 last_centre_ut() const { return state_.reference_ut + fit_.centre * kUnitUt; }
  float last_radius_ut() const { return fit_.radius * kUnitUt; }
  const MagCalibratorState& state() const { return state_; }
  void restore(const MagCalibratorState& state) { state_ = state; }

 private:
  static constexpr float kWorse = 0.9F;   // of the coverage: still as well founded
  static constexpr float kUnitUt = 50.0F;  // about the earth's field: moments stay near 1

  bool use(const Vector3& mag_ut) {
    const Vector3 moved_ut = mag_ut - state_.last_ut;
    if (!(dot(mag_ut, mag_ut) < 1e9F)) {
      return false;  // not a number, or absurd
    }
    if (state_.begun == 0U) {
      state_.reference_ut = mag_ut;
      state_.begun = 1;
    } else if (dot(moved_ut, moved_ut) < square(params_.step_ut)) {
      return false;
    }
    state_.last_ut = mag_ut;
    const Vector3 point = (mag_ut - state_.reference_ut) * (1.0F / kUnitUt);
    add_point(point, 1.0F - 1.0F / params_.memory_readings, &state_.moments);
    state_.used += 1.0F;
    return true;
  }

  MagFit attempt() {
    if (total_weight(state_.moments) < params_.min_readings) {
      return MagFit::kTooFewReadings;
    }
    if (!move_reference()) {
      return MagFit::kTooFewDirections;
    }
    if (!fit_ellipsoid(state_.moments, &fit_)) {
      return MagFit::kTooFewDirections;
    }
    const MagFit verdict = judge();
    const bool as_well_founded = fit_.coverage >= kWorse * state_.coverage;
    if (verdict == MagFit::kAccepted || (verdict == MagFit::kRefined && as_well_founded)) {
      accept();
    }
    return verdict;
  }

  // Sees the moments from the middle of the points: single precision is then enough.
  bool move_reference() {
    MomentMatrix mean;
    mean_moments(state_.moments, mean);
    Vector3 centre;
    if (!sphere_centre(mean, &centre)) {
      return false;
    }
    shift_moments(centre, &state_.moments);
    state_.reference_ut = state_.reference_ut + centre * kUnitUt;
    return true;
  }

  MagFit judge() const {
    if (fit_.pivot < params_.min_pivot || fit_.coverage < params_.min_coverage) {
      return MagFit::kTooFewDirections;
    }
    const float radius_ut = last_radius_ut();
    if (radius_ut < params_.min_field_ut || radius_ut > params_.max_field_ut) {
      return MagFit::kNotEarthsField;
    }
    if (fit_.axis_ratio > params_.max_axis_ratio || fit_.residual > params_.max_residual) {
      return MagFit::kPoorFit;
    }
    const Vector3 moved_ut = last_centre_ut() - vector3(state_.correction.offset);
    const bool close = state_.accepted != 0U && dot(moved_ut, moved_ut) < square(params_.change_ut);
    return close ? MagFit::kRefined : MagFit::kAccepted;
  }

  void accept() {
    state_.accepted = 1;
    state_.coverage = fit_.coverage;
    copy_to(last_centre_ut(), state_.correction.offset);
    for (int i = 0; i < kAxes; ++i) {
      for (int j = 0; j < kAxes; ++j) {
        state_.correction.matrix[kAxes * i + j] = fit_.whitening[i][j] * fit_.radius;
      }
    }
  }

  MagCalibratorParams params_;
  MagCalibratorState state_;
  Ellipsoid fit_;
};

}  // namespace imu_gesture
