#include "orientation.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>

#include <array>

#include "arrays.h"
#include "bind_attitude.h"
#include "bind_samples.h"
#include "bind_state.h"

namespace bindings {
namespace {

using imu_gesture::ImuSample;
using imu_gesture::kAxes;
using imu_gesture::Orientation;
using imu_gesture::OrientationParams;
using imu_gesture::OrientationState;
using imu_gesture::Quaternion;
using imu_gesture::Vector3;

// What was known after each inertial sample.
struct OrientationRun {
  explicit OrientationRun(size_t n)
      : attitude_6d(n * 4), attitude_9d(n * 4), bias_dps(n * kAxes), bias_sigma_dps(n), at_rest(n), disturbed(n) {}

  void keep(size_t i, const Orientation& orientation) {
    put(orientation.attitude_6d(), &attitude_6d[i * 4]);
    put(orientation.attitude_9d(), &attitude_9d[i * 4]);
    imu_gesture::copy_to(orientation.bias_dps(), &bias_dps[i * kAxes]);
    bias_sigma_dps[i] = orientation.bias_sigma_dps();
    at_rest[i] = orientation.at_rest() ? 1U : 0U;
    disturbed[i] = orientation.field_disturbed() ? 1U : 0U;
  }

  std::vector<float> attitude_6d;
  std::vector<float> attitude_9d;
  std::vector<float> bias_dps;
  std::vector<float> bias_sigma_dps;
  std::vector<uint8_t> at_rest;
  std::vector<uint8_t> disturbed;
};

void advance(Orientation& orientation, const SampleArrays& samples, MagArrays& mag, int64_t time_us, size_t i) {
  orientation.update(samples.at(i));
  imu_gesture::MagSample reading;
  while (mag.next_until(time_us, &reading)) {
    orientation.update(reading);
  }
}

nb::tuple run(Orientation& self, const Vector<int64_t>& device_time_us, const Matrix<float>& acc_g,
              const Matrix<float>& gyr_dps, const std::optional<Vector<int64_t>>& mag_time_us,
              const std::optional<Matrix<float>>& mag_ut) {
  const SampleArrays samples(device_time_us, acc_g, gyr_dps);
  MagArrays mag(mag_time_us, mag_ut);
  const size_t n = samples.size();
  OrientationRun found(n);
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < n; ++i) {
      advance(self, samples, mag, device_time_us.data()[i], i);
      found.keep(i, self);
    }
  }
  return nb::make_tuple(to_numpy(std::move(found.attitude_6d), {n, 4}), to_numpy(std::move(found.attitude_9d), {n, 4}),
                        to_numpy(std::move(found.bias_dps), {n, kAxes}), to_numpy(std::move(found.bias_sigma_dps), {n}),
                        to_numpy(std::move(found.at_rest), {n}), to_numpy(std::move(found.disturbed), {n}));
}

Quaternion attitude_at(const Matrix<float>& attitude, size_t i) {
  const float* q = attitude.data() + i * 4;
  return imu_gesture::quaternion(q[0], q[1], q[2], q[3]);
}

Output<float> gravity(const Matrix<float>& attitude) {
  require(attitude.shape(1) == 4, "attitude: shape (n, 4) wanted");
  const size_t n = attitude.shape(0);
  std::vector<float> found(n * kAxes);
  for (size_t i = 0; i < n; ++i) {
    imu_gesture::copy_to(imu_gesture::gravity_g(attitude_at(attitude, i)), &found[i * kAxes]);
  }
  return to_numpy(std::move(found), {n, kAxes});
}

Output<float> linear_acceleration(const Matrix<float>& attitude, const Matrix<float>& acc_g) {
  const size_t n = attitude.shape(0);
  require(attitude.shape(1) == 4 && acc_g.shape(0) == n && acc_g.shape(1) == kAxes,
          "attitude, acc_g: shapes (n, 4), (n, 3) wanted");
  std::vector<float> found(n * kAxes);
  for (size_t i = 0; i < n; ++i) {
    const Vector3 measured = imu_gesture::vector3(acc_g.data() + i * kAxes);
    imu_gesture::copy_to(imu_gesture::linear_acceleration_g(attitude_at(attitude, i), measured), &found[i * kAxes]);
  }
  return to_numpy(std::move(found), {n, kAxes});
}

Output<float> array_of(const Vector3& v) { return to_numpy(std::vector<float>{v.x, v.y, v.z}, {kAxes}); }

void bind_gravity(nb::module_& m) {
  m.def("gravity_g", &gravity, nb::arg("attitude"),
        "What an accelerometer at rest reads in (n, 4) attitudes: (n, 3), in g, in the board's frame.");
  m.def("linear_acceleration_g", &linear_acceleration, nb::arg("attitude"), nb::arg("acc_g"),
        "How the board is accelerated, in its own frame: readings (n, 3) without gravity.");
}

}  // namespace

void bind_orientation(nb::module_& m) {
  nb::class_<Orientation> bound(
      m, "Orientation",
      "Orientation and gyroscope offset, sample by sample (orientation.h).\n\n"
      "Attitudes are unit quaternions (w, x, y, z) from the board's frame to one with z up.");
  bind_state<OrientationState>(bound, imu_gesture::kOrientationStateVersion);
  bound.def(nb::init<const OrientationParams&>(), nb::arg("params"))
      .def("__init__", [](Orientation* self) { new (self) Orientation(OrientationParams()); })
      .def("run", &run, nb::arg("device_time_us"), nb::arg("acc_g"), nb::arg("gyr_dps"),
           nb::arg("mag_time_us") = nb::none(), nb::arg("mag_ut") = nb::none(),
           nb::sig("def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], "
                   "acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32], "
                   "mag_time_us: numpy.typing.NDArray[numpy.int64] | None = None, "
                   "mag_ut: numpy.typing.NDArray[numpy.float32] | None = None) -> "
                   "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.uint8], numpy.typing.NDArray[numpy.uint8]]"),
           "Take in samples; may be called again with those that follow.\n\n"
           "device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32; mag_time_us: (m,) int64 and mag_ut:\n"
           "(m, 3) float32, new readings only. Returns, after each inertial sample: six-axis and nine-axis\n"
           "attitude (n, 4), gyroscope offset in deg/s (n, 3), its standard deviation (n,), whether the board\n"
           "is at rest (n,) and whether the magnetic field is disturbed (n,).")
      .def("zero_heading", &Orientation::zero_heading, "Count the six-axis heading from where the board points.")
      .def(
          "know_bias",
          [](Orientation& self, const std::array<float, 3>& bias_dps, float sigma_dps) {
            require(sigma_dps > 0.0F, "sigma_dps: a positive number wanted");
            self.know_bias(imu_gesture::vector3(bias_dps.data()), sigma_dps);
          },
          nb::arg("bias_dps"), nb::arg("sigma_dps"), "Start from an offset measured before.")
      .def_prop_ro("params", [](const Orientation& self) { return self.params(); })
      .def_prop_ro("bias_dps", [](const Orientation& self) { return array_of(self.bias_dps()); },
                   nb::rv_policy::automatic)
      .def_prop_ro("bias_sigma_dps", &Orientation::bias_sigma_dps)
      .def_prop_ro("rest_seen", &Orientation::rest_seen, "False: the offset was never measured at rest.")
      .def_prop_ro("gaps", [](const Orientation& self) { return self.state().gaps; })
      .def_prop_ro("unusable", [](const Orientation& self) { return self.state().unusable; })
      .def_prop_ro("out_of_order", [](const Orientation& self) { return self.state().out_of_order; });
  bind_gravity(m);
}

}  // namespace bindings
