// Vectors of three numbers.
#pragma once

#include <math.h>

#include "contract.h"

namespace imu_gesture {

struct Vector3 {
  float x = 0.0F;
  float y = 0.0F;
  float z = 0.0F;

  template <typename Io>
  void fields(Io& io) {
    io(x, y, z);
  }
};

inline Vector3 operator+(const Vector3& a, const Vector3& b) {
  Vector3 sum;
  sum.x = a.x + b.x;
  sum.y = a.y + b.y;
  sum.z = a.z + b.z;
  return sum;
}

inline Vector3 operator*(const Vector3& v, float factor) {
  Vector3 product;
  product.x = v.x * factor;
  product.y = v.y * factor;
  product.z = v.z * factor;
  return product;
}

inline Vector3 operator-(const Vector3& a, const Vector3& b) { return a + b * -1.0F; }

inline float dot(const Vector3& a, const Vector3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

inline float norm(const Vector3& v) { return sqrtf(dot(v, v)); }

inline Vector3 vector3(const float* values) {
  Vector3 v;
  v.x = values[0];
  v.y = values[1];
  v.z = values[2];
  return v;
}

inline void copy_to(const Vector3& v, float* values) {
  values[0] = v.x;
  values[1] = v.y;
  values[2] = v.z;
}

}  // namespace imu_gesture
