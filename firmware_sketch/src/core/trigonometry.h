// Sine, cosine and arc tangent from polynomials: the same bits on every machine, unlike a C library's.
//
// Minimax coefficients of S. Moshier, "Methods and Programs for Mathematical Functions" (1989), as in
// Cephes for single precision.
#pragma once

#include <math.h>
#include <stdint.h>

namespace imu_gesture {

constexpr float kPi = 3.14159265F;
constexpr float kDegreesPerRadian = 57.2957795F;
constexpr float kRadiansPerDegree = 0.0174532925F;

struct SineCosine {
  float sine;
  float cosine;
};

inline float square(float x) { return x * x; }
inline float magnitude(float x) { return x < 0.0F ? -x : x; }

// x, or the nearer of -limit and limit.
inline float clamp(float x, float limit) {
  if (x > limit) {
    return limit;
  }
  return x < -limit ? -limit : x;
}

// sin(x) / x for |x| <= pi / 4, from x squared.
inline float sine_over_angle(float squared) {
  return 1.0F + squared * (-1.6666654611e-1F + squared * (8.3321608736e-3F - squared * 1.9515295891e-4F));
}

// cos(x) for |x| <= pi / 4, from x squared.
inline float cosine_of_square(float squared) {
  const float tail = 4.166664568e-2F + squared * (-1.388731626e-3F + squared * 2.443315712e-5F);
  return 1.0F - 0.5F * squared + squared * squared * tail;
}

// For |radians| <= 1000: within 1e-7 up to a full turn.
inline SineCosine sine_cosine(float radians) {
  const float quarters = radians * 0.636619772F;
  const int32_t quarter = static_cast<int32_t>(quarters < 0.0F ? quarters - 0.5F : quarters + 0.5F);
  const float n = static_cast<float>(quarter);
  // pi / 2 in three parts of few bits, so that the first products are exact.
  const float rest = ((radians - n * 1.5703125F) - n * 4.837512969970703e-4F) - n * 7.549789948768648e-8F;
  const float squared = rest * rest;
  const float sine = rest * sine_over_angle(squared);
  const float cosine = cosine_of_square(squared);
  switch (static_cast<uint32_t>(quarter) & 3U) {
    case 0U:
      return {sine, cosine};
    case 1U:
      return {cosine, -sine};
    case 2U:
      return {-sine, -cosine};
    default:
      return {-cosine, sine};
  }
}

// atan(ratio) for 0 <= ratio <= 1.
inline float arc_tangent_to_one(float ratio) {
  const bool upper = ratio > 0.414213562F;
  const float x = upper ? (ratio - 1.0F) / (ratio + 1.0F) : ratio;
  const float squared = x * x;
  const float tail = 1.99777106478e-1F + squared * (-1.38776856032e-1F + squared * 8.05374449538e-2F);
  const float angle = x + x * squared * (-3.33329491539e-1F + squared * tail);
  return upper ? angle + 0.25F * kPi : angle;
}

// Angle of the point (x, y), -pi to pi, within 3e-7; 0 at the origin.
inline float arc_tangent(float y, float x) {
  const float ax = magnitude(x);
  const float ay = magnitude(y);
  if (ax == 0.0F && ay == 0.0F) {
    return 0.0F;
  }
  float angle = ay > ax ? 0.5F * kPi - arc_tangent_to_one(ax / ay) : arc_tangent_to_one(ay / ax);
  angle = x < 0.0F ? kPi - angle : angle;
  return y < 0.0F ? -angle : angle;
}

// The same angle between -pi and pi, for |radians| <= 3 pi.
inline float wrap_angle(float radians) {
  if (radians > kPi) {
    return radians - 2.0F * kPi;
  }
  return radians < -kPi ? radians + 2.0F * kPi : radians;
}

}  // namespace imu_gesture
