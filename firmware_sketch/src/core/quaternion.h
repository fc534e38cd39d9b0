// Unit quaternions (w, x, y, z) that turn vectors from one frame into another.
#pragma once

#include <math.h>

#include "trigonometry.h"
#include "vector3.h"

namespace imu_gesture {

struct Quaternion {
  float w = 1.0F;
  float x = 0.0F;
  float y = 0.0F;
  float z = 0.0F;

  template <typename Io>
  void fields(Io& io) {
    io(w, x, y, z);
  }
};

inline Quaternion quaternion(float w, float x, float y, float z) {
  Quaternion q;
  q.w = w;
  q.x = x;
  q.y = y;
  q.z = z;
  return q;
}

// First turns by `b`, then by `a`.
inline Quaternion operator*(const Quaternion& a, const Quaternion& b) {
  return quaternion(a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
                    a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
                    a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
                    a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w);
}

// Back to unit length, for a quaternion that rounding has moved off it: one Newton step.
inline Quaternion renormalised(const Quaternion& q) {
  const float factor = 1.5F - 0.5F * (q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);
  return quaternion(q.w * factor, q.x * factor, q.y * factor, q.z * factor);
}

// Rows of the matrix that turns vectors as the quaternion does.
struct Rotation {
  Vector3 row[kAxes];
};

inline Rotation rotation_of(const Quaternion& q) {
  const float x2 = q.x + q.x;
  const float y2 = q.y + q.y;
  const float z2 = q.z + q.z;
  const float xx = q.x * x2;
  const float yy = q.y * y2;
  const float zz = q.z * z2;
  const float xy = q.x * y2;
  const float xz = q.x * z2;
  const float yz = q.y * z2;
  const float wx = q.w * x2;
  const float wy = q.w * y2;
  const float wz = q.w * z2;
  const float entries[kAxes][kAxes] = {{1.0F - (yy + zz), xy - wz, xz + wy},
                                       {xy + wz, 1.0F - (xx + zz), yz - wx},
                                       {xz - wy, yz + wx, 1.0F - (xx + yy)}};
  Rotation rotation;
  for (int i = 0; i < kAxes; ++i) {
    rotation.row[i] = vector3(entries[i]);
  }
  return rotation;
}

inline Vector3 operator*(const Rotation& r, const Vector3& v) {
  Vector3 turned;
  turned.x = dot(r.row[0], v);
  turned.y = dot(r.row[1], v);
  turned.z = dot(r.row[2], v);
  return turned;
}

// The turn by `rate_dps` for `step_s`, about an axis fixed in the turning frame.
inline Quaternion turned_by(const Vector3& rate_dps, float step_s) {
  const Vector3 half = rate_dps * (0.5F * kRadiansPerDegree * step_s);
  const float squared = dot(half, half);
  if (squared < 0.25F) {
    const Vector3 axis = half * sine_over_angle(squared);
    return quaternion(cosine_of_square(squared), axis.x, axis.y, axis.z);
  }
  const float angle = sqrtf(squared);
  const SineCosine turn = sine_cosine(angle);
  const Vector3 axis = half * (turn.sine / angle);
  return quaternion(turn.cosine, axis.x, axis.y, axis.z);
}

// The shortest turn that brings the unit vector `up` to the z axis.
inline Quaternion levelling(const Vector3& up) {
  const float half = 0.5F * (up.z + 1.0F);
  if (half < 1e-12F) {
    return quaternion(0.0F, 1.0F, 0.0F, 0.0F);  // upside down: any horizontal axis will do
  }
  const float w = sqrtf(half);
  return quaternion(w, 0.5F * up.y / w, -0.5F * up.x / w, 0.0F);
}

// The turn about the vertical that is in `q` (swing-twist decomposition); identity where there is none.
inline Quaternion heading_of(const Quaternion& q) {
  const float length = sqrtf(q.w * q.w + q.z * q.z);
  if (length < 1e-6F) {
    return quaternion(1.0F, 0.0F, 0.0F, 0.0F);
  }
  return quaternion(q.w / length, 0.0F, 0.0F, q.z / length);
}

inline Quaternion inverse(const Quaternion& q) { return quaternion(q.w, -q.x, -q.y, -q.z); }

}  // namespace imu_gesture
