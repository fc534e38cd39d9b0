// Offset and scale of the accelerometer, refined whenever the board rests in another pose.
//
// At rest the corrected reading has the length of 1 g, whatever the pose (D. Tedaldi, A. Pretto,
// E. Menegatti, "A robust and easy to implement method for IMU calibration without external equipments",
// ICRA 2014). With an offset and a scale for each axis this is a linear equation in six unknowns, taken
// in by recursive least squares that start from a sensor as its datasheet has it, or as its calibration
// left it. So few poses correct what they show and no more, and the covariance says how well it is known.
#pragma once

#include <math.h>
#include <stdint.h>

#include "calibration.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

constexpr int kAccUnknowns = 2 * kAxes;  // factors of the squared readings, then of the readings

struct AccelerometerRefinerParams {
  float offset_sigma_g = 0.09F;   // of a sensor that nobody has calibrated
  float scale_sigma = 0.03F;
  float calibrated_offset_sigma_g = 0.01F;  // of one that was calibrated some time ago
  float calibrated_scale_sigma = 0.005F;
  float pose_sigma_g = 0.003F;    // of the mean over one rest
  float good_offset_g = 0.01F;    // uncertainty at which an accelerometer counts as calibrated
  float good_scale = 0.01F;
  float new_pose_g = 0.2F;        // a pose this far from the last one is another
  float memory_poses = 50.0F;     // after so many more, a pose counts a third
  float max_surprise = 6.0F;      // standard deviations beyond which a pose is not believed
};

struct AccelerometerRefinerState {
  float unknown[kAccUnknowns] = {1.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F};
  float covariance[kAccUnknowns][kAccUnknowns] = {};
  Vector3 last_pose_g;
  uint32_t poses = 0;
  uint32_t refused = 0;
  AffineParams correction;

  template <typename Io>
  void fields(Io& io) {
    io(unknown);
    for (auto& row : covariance) {
      io(row);
    }
    last_pose_g.fields(io);
    io(poses, refused, correction.matrix, correction.offset);
  }
};

constexpr uint16_t kAccelerometerRefinerStateVersion = 1;

class AccelerometerRefiner {
 public:
  AccelerometerRefiner(const AccelerometerRefinerParams& params, bool calibrated) : params_(params) {
    const float scale = calibrated ? params.calibrated_scale_sigma : params.scale_sigma;
    const float offset_g = calibrated ? params.calibrated_offset_sigma_g : params.offset_sigma_g;
    for (int i = 0; i < kAxes; ++i) {
      state_.covariance[i][i] = square(2.0F * scale);
      state_.covariance[kAxes + i][kAxes + i] = square(2.0F * offset_g);
    }
  }

  // Takes the mean reading of a rest; true when it is used. The same pose twice counts once.
  bool update(const Vector3& pose_g) {
    const Vector3 moved_g = pose_g - state_.last_pose_g;
    if (dot(moved_g, moved_g) < square(params_.new_pose_g)) {
      return false;
    }
    state_.last_pose_g = pose_g;
    if (!learn(pose_g)) {
      ++state_.refused;
      return false;
    }
    ++state_.poses;
    set_correction();
    return true;
  }

  // Standard deviations of the worst axis.
  float offset_sigma_g() const { return 0.5F * worst_sigma(kAxes); }
  float scale_sigma() const { return 0.5F * worst_sigma(0); }
  bool good() const {
    return offset_sigma_g() <= params_.good_offset_g && scale_sigma() <= params_.good_scale;
  }

  const AffineParams& correction() const { return state_.correction; }

  // What was measured, from what the correction made of it.
  Vector3 uncorrected(const Vector3& corrected_g) const {
    const float* matrix = state_.correction.matrix;
    Vector3 measured_g = vector3(state_.correction.offset);
    measured_g.x += corrected_g.x / matrix[0];
    measured_g.y += corrected_g.y / matrix[4];
    measured_g.z += corrected_g.z / matrix[8];
    return measured_g;
  }

  const AccelerometerRefinerState& state() const { return state_; }
  void restore(const AccelerometerRefinerState& state) { state_ = state; }

 private:
  float worst_sigma(int first) const {
    float worst = 0.0F;
    for (int i = first; i < first + kAxes; ++i) {
      worst = state_.covariance[i][i] > worst ? state_.covariance[i][i] : worst;
    }
    return sqrtf(worst);
  }

  // One step of recursive least squares: unknown . (squares, readings) = 1.
  bool learn(const Vector3& pose_g) {
    const float row[kAccUnknowns] = {square(pose_g.x), square(pose_g.y), square(pose_g.z),
                                     pose_g.x,         pose_g.y,         pose_g.z};
    float seen[kAccUnknowns];
    float expected = 0.0F;
    float variance = square(2.0F * params_.pose_sigma_g);
    for (int i = 0; i < kAccUnknowns; ++i) {
      seen[i] = 0.0F;
      for (int j = 0; j < kAccUnknowns; ++j) {
        seen[i] += state_.covariance[i][j] * row[j];
      }
      expected += state_.unknown[i] * row[i];
      variance += seen[i] * row[i];
    }
    const float surprise = 1.0F - expected;
    if (square(surprise) > square(params_.max_surprise) * variance) {
      return false;
    }
    const float forget = params_.memory_poses / (params_.memory_poses - 1.0F);
    for (int i = 0; i < kAccUnknowns; ++i) {
      const float gain = seen[i] / variance;
      state_.unknown[i] += gain * surprise;
      for (int j = 0; j < kAccUnknowns; ++j) {
        state_.covariance[i][j] = (state_.covariance[i][j] - gain * seen[j]) * forget;
      }
    }
    return true;
  }

  void set_correction() {
    float size = 1.0F;
    for (int i = 0; i < kAxes; ++i) {
      const float factor = state_.unknown[i];
      state_.correction.offset[i] = -0.5F * state_.unknown[kAxes + i] / factor;
      size += factor * square(state_.correction.offset[i]);
    }
    for (int i = 0; i < kAxes; ++i) {
      state_.correction.matrix[(kAxes + 1) * i] = sqrtf(state_.unknown[i] / size);
    }
  }

  AccelerometerRefinerParams params_;
  AccelerometerRefinerState state_;
};

}  // namespace imu_gesture
