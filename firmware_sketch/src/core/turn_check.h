// Do gyroscope and accelerometer have the same axes? Told by turning the board from one rest to another:
// gravity, turned as the gyroscope says, must come out where the accelerometer then finds it.
//
// Both ends are rests, so what the hand does in between does no harm. A turn about an axis says nothing
// of the other two: axes count as checked when gravity was turned about each of them and all agreed.
#pragma once

#include <stdint.h>

#include "contract.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct TurnParams {
  float least_turn = 0.7F;     // distance that gravity's direction moves, seen or expected; 41 degrees
  float slack = 0.35F;         // such a distance, of uncalibrated accelerometers: twice the datasheet's worst
  float slack_per_rad = 0.08F; // of the way turned: scale and axes of uncalibrated gyroscopes
  float longest_rad = 9.0F;    // further, the gyroscope's errors say more than its axes
  float max_gap_s = 0.1F;
};

inline Vector3 cross(const Vector3& a, const Vector3& b) {
  Vector3 product;
  product.x = a.y * b.z - a.z * b.y;
  product.y = a.z * b.x - a.x * b.z;
  product.z = a.x * b.y - a.y * b.x;
  return product;
}

class TurnCheck {
 public:
  // A second of rest: ends the turn before, and begins the next.
  void rest(const Vector3& acc_g, const Vector3& gyr_dps) {
    const float size_g = norm(acc_g);
    if (!(size_g > 0.0F)) {
      return;
    }
    const Vector3 found = acc_g * (1.0F / size_g);
    if (turning_) {
      judge(found);
    }
    turning_ = true;
    bias_dps_ = gyr_dps;
    from_ = up_ = found;
    way_rad_ = 0.0F;
  }

  void take(const Vector3& gyr_dps, float step_s) {
    if (!turning_) {
      return;
    }
    constexpr TurnParams kParams;
    if (!(step_s <= kParams.max_gap_s)) {
      turning_ = false;
      return;
    }
    const Vector3 step_rad = (gyr_dps - bias_dps_) * (step_s * kRadiansPerDegree);
    const Vector3 change = cross(up_, step_rad);
    up_ = up_ + change + cross(change, step_rad) * 0.5F;
    up_ = up_ * (1.0F / norm(up_));
    way_rad_ += norm(step_rad);
    turning_ = way_rad_ <= kParams.longest_rad;
  }

  // Samples are missing: where gravity is now is not known.
  void interrupt() { turning_ = false; }

  bool failed() const { return failed_; }
  bool checked() const { return axes_ == kAllAxes; }
  // Of the turn that went worst: how far gravity was from where it was expected, 0 to 2.
  float worst() const { return worst_; }

 private:
  static constexpr uint8_t kAllAxes = 7;

  void judge(const Vector3& found) {
    constexpr TurnParams kParams;
    const float moved = norm(found - from_);
    const float expected = norm(up_ - from_);
    if ((moved > expected ? moved : expected) < kParams.least_turn) {
      return;
    }
    const float off = norm(found - up_);
    worst_ = off > worst_ ? off : worst_;
    if (off > kParams.slack + kParams.slack_per_rad * way_rad_) {
      failed_ = true;
    } else {
      axes_ = static_cast<uint8_t>(axes_ | 1U << axis_between(from_, found));
    }
  }

  // The axis of the board about which gravity's direction went from `a` to `b`, or nearly so.
  static int axis_between(const Vector3& a, const Vector3& b) {
    float turned[kAxes];
    copy_to(cross(a, b), turned);
    int main = 0;
    for (int axis = 1; axis < kAxes; ++axis) {
      main = magnitude(turned[axis]) > magnitude(turned[main]) ? axis : main;
    }
    return main;
  }

  Vector3 bias_dps_;
  Vector3 from_;
  Vector3 up_;
  float way_rad_ = 0.0F;
  float worst_ = 0.0F;
  bool turning_ = false;
  bool failed_ = false;
  uint8_t axes_ = 0;
};

}  // namespace imu_gesture
