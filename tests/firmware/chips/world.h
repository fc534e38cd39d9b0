// What the sensors of a board feel: the board turns at a constant rate in gravity and a magnetic
// field. Everything in the board's right-handed frame; true by construction, so `da/dt = -w x a`.
#pragma once

#include <math.h>

namespace chips {

struct Vec {
  double x, y, z;
};

inline double dot(const Vec& a, const Vec& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline Vec cross(const Vec& a, const Vec& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

// `v` turned about the unit vector `axis` (Rodrigues).
inline Vec turned(const Vec& v, const Vec& axis, double angle_rad) {
  const Vec across = cross(axis, v);
  const double along = dot(axis, v) * (1.0 - cos(angle_rad));
  const double c = cos(angle_rad);
  const double s = sin(angle_rad);
  return {v.x * c + across.x * s + axis.x * along, v.y * c + across.y * s + axis.y * along,
          v.z * c + across.z * s + axis.z * along};
}

struct World {
  Vec rate_dps = {0.0, 0.0, 0.0};
  double spin_dps_per_s = 0.0;          // x turns faster and faster; only with all vectors along x
  Vec up_g = {0.1, -0.2, 0.97};         // specific force when the clock starts
  Vec field_ut = {18.0, -5.0, -44.0};   // towards magnetic north, likewise
  double celsius = 31.5;

  Vec acc_g(double time_us) const { return seen(up_g, time_us); }
  Vec gyr_dps(double time_us) const {
    return {rate_dps.x + spin_dps_per_s * time_us * 1e-6, rate_dps.y, rate_dps.z};
  }
  Vec mag_ut(double time_us) const { return seen(field_ut, time_us); }

 private:
  // What stands still in the world turns backwards on the board.
  Vec seen(const Vec& v, double time_us) const {
    const double rate = sqrt(dot(rate_dps, rate_dps));
    if (rate == 0.0) {
      return v;
    }
    const Vec axis = {rate_dps.x / rate, rate_dps.y / rate, rate_dps.z / rate};
    return turned(v, axis, -rate * time_us * 1e-6 * M_PI / 180.0);
  }
};

}  // namespace chips
