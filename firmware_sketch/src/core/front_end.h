// What the model sees of a window: sensor readings as they are, in a frame with z up, or integrated.
//
// A front end is a function of one window of rows (acceleration in g, angular rate in deg/s, offset
// removed) and of nothing before it: the same rows give the same values on the board and in training, in a
// stream and in a gesture that was cut out. Inside the window the rate is integrated from row to row;
// gravity is the mean acceleration in the frame of the first row, exact where the hand ends as fast as it
// began (docs/front-ends.md).
#pragma once

#include <stdint.h>

#include "contract.h"
#include "quaternion.h"
#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

constexpr float kStandardGravity = 9.80665F;  // m/s2 in a g

enum class FrontEnd : uint8_t {
  kSensor = 0,   // rows as they are
  kGravity = 1,  // acceleration (g), rate (deg/s): z up, heading as in the window's first row
  kStroke = 2,   // the same integrated from the first row on: angle (deg), velocity (m/s)
};

struct FrontEndParams {
  FrontEnd kind = FrontEnd::kSensor;
  float up[kAxes] = {0.0F, 0.0F, 1.0F};  // unit: upwards in the board's frame, as it is usually held
};

// The shortest turn that brings the unit vector `from` to the unit vector `to`.
inline Quaternion shortest_turn(const Vector3& from, const Vector3& to) {
  const float half = 0.5F * (dot(from, to) + 1.0F);
  if (half < 1e-12F) {  // opposite: any axis at right angles will do
    const Quaternion level = levelling(to);
    return inverse(level) * (quaternion(0.0F, 1.0F, 0.0F, 0.0F) * level);
  }
  const float w = sqrtf(half);
  const float share = 0.5F / w;
  return quaternion(w, share * (from.y * to.z - from.z * to.y), share * (from.z * to.x - from.x * to.z),
                    share * (from.x * to.y - from.y * to.x));
}

// Attitude along a window of rows, integrated between the middles of their periods.
class WindowAttitude {
 public:
  WindowAttitude() = default;
  // `start`: attitude at the first row.
  WindowAttitude(const Quaternion& start, const float* first_row)
      : attitude_(start), rate_dps_(vector3(first_row + kAxes)) {}

  void advance(const float* row, float period_s) {
    const Vector3 rate_dps = vector3(row + kAxes);
    const Vector3 mean_dps = (rate_dps_ + rate_dps) * 0.5F;
    attitude_ = renormalised(attitude_ * turned_by(mean_dps, period_s));
    rate_dps_ = rate_dps;
  }

  Rotation rotation() const { return rotation_of(attitude_); }

 private:
  Quaternion attitude_;
  Vector3 rate_dps_;
};

// The mean acceleration of a window, in the board's frame at its first row. `rows.row(i)`: oldest first.
template <typename Rows>
Vector3 mean_acceleration_g(const Rows& rows, int samples, float period_s) {
  WindowAttitude attitude(Quaternion(), rows.row(0));
  Vector3 sum_g = vector3(rows.row(0));
  for (int i = 1; i < samples; ++i) {
    attitude.advance(rows.row(i), period_s);
    sum_g = sum_g + attitude.rotation() * vector3(rows.row(i));
  }
  return sum_g * (1.0F / static_cast<float>(samples));
}

struct WindowShape {
  int samples;
  int channels;  // 3 with the sensor's frame only, else 6
  float period_s;
};

// Writes what the model sees, row after row, oldest first.
template <typename Rows>
class FrontEndReader {
 public:
  // `rows` must stay as it is; `rows.row(i)` is a row of `shape.channels` values, oldest first.
  FrontEndReader(const FrontEndParams& params, const Rows& rows, const WindowShape& shape)
      : kind_(params.kind), rows_(rows), shape_(shape) {
    if (kind_ != FrontEnd::kSensor) {
      level(vector3(params.up));
    }
  }

  // `values`: (channels,) of the next row.
  void next(float* values) {
    const float* row = rows_.row(index_);
    if (kind_ == FrontEnd::kSensor) {
      for (int c = 0; c < shape_.channels; ++c) {
        values[c] = row[c];
      }
    } else {
      align(row, values);
    }
    ++index_;
  }

 private:
  void level(const Vector3& usual_up) {
    const Vector3 gravity_g = mean_acceleration_g(rows_, shape_.samples, shape_.period_s);
    gravity_g_ = norm(gravity_g);
    Quaternion start = levelling(usual_up);
    if (gravity_g_ > 0.0F) {
      start = start * shortest_turn(gravity_g * (1.0F / gravity_g_), usual_up);
    }
    attitude_ = WindowAttitude(start, rows_.row(0));
  }

  void align(const float* row, float* values) {
    if (index_ > 0) {
      attitude_.advance(row, shape_.period_s);
    }
    const Rotation rotation = attitude_.rotation();
    const Vector3 acc_g = rotation * vector3(row);
    const Vector3 gyr_dps = rotation * vector3(row + kAxes);
    if (kind_ == FrontEnd::kGravity) {
      copy_to(acc_g, values);
      copy_to(gyr_dps, values + kAxes);
      return;
    }
    Vector3 moving_g = acc_g;
    moving_g.z -= gravity_g_;
    if (index_ > 0) {
      angle_deg_ = angle_deg_ + (last_dps_ + gyr_dps) * (0.5F * shape_.period_s);
      velocity_mps_ = velocity_mps_ + (last_g_ + moving_g) * (0.5F * kStandardGravity * shape_.period_s);
    }
    last_dps_ = gyr_dps;
    last_g_ = moving_g;
    copy_to(angle_deg_, values);
    copy_to(velocity_mps_, values + kAxes);
  }

  FrontEnd kind_;
  const Rows& rows_;
  WindowShape shape_;
  WindowAttitude attitude_;
  int index_ = 0;
  float gravity_g_ = 0.0F;
  Vector3 last_dps_;  // of the row before, in the aligned frame
  Vector3 last_g_;
  Vector3 angle_deg_;
  Vector3 velocity_mps_;
};

}  // namespace imu_gesture
