#include "drift_correction.h"

#include "arrays.h"
#include "bind_attitude.h"
#include "bind_params.h"
#include "bind_samples.h"
#include "bind_state.h"

namespace bindings {
namespace {

using imu_gesture::AffineParams;
using imu_gesture::CalibrationParams;
using imu_gesture::DriftCorrection;
using imu_gesture::DriftParams;
using imu_gesture::DriftState;
using imu_gesture::ImuSample;
using imu_gesture::Orientation;

// What the correction made of each inertial sample.
struct DriftRun {
  explicit DriftRun(size_t n)
      : acc_g(n * kAxes), gyr_dps(n * kAxes), attitude_6d(n * 4), attitude_9d(n * 4), at_rest(n) {}

  void keep(size_t i, const ImuSample& sample, const Orientation& orientation) {
    for (size_t axis = 0; axis < kAxes; ++axis) {
      acc_g[i * kAxes + axis] = sample.acc_g[axis];
      gyr_dps[i * kAxes + axis] = sample.gyr_dps[axis];
    }
    put(orientation.attitude_6d(), &attitude_6d[i * 4]);
    put(orientation.attitude_9d(), &attitude_9d[i * 4]);
    at_rest[i] = orientation.at_rest() ? 1U : 0U;
  }

  std::vector<float> acc_g;
  std::vector<float> gyr_dps;
  std::vector<float> attitude_6d;
  std::vector<float> attitude_9d;
  std::vector<uint8_t> at_rest;
};

nb::tuple run(DriftCorrection& self, const Vector<int64_t>& device_time_us, const Matrix<float>& acc_g,
              const Matrix<float>& gyr_dps, const std::optional<Vector<int64_t>>& mag_time_us,
              const std::optional<Matrix<float>>& mag_ut, const std::optional<Vector<float>>& temperature_c) {
  const SampleArrays samples(device_time_us, acc_g, gyr_dps);
  MagArrays mag(mag_time_us, mag_ut);
  const size_t n = samples.size();
  require(!temperature_c.has_value() || temperature_c->shape(0) == n,
          "temperature_c: (n,) wanted, n as in device_time_us");
  const float* celsius = temperature_c.has_value() ? temperature_c->data() : nullptr;
  DriftRun found(n);
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < n; ++i) {
      if (celsius != nullptr) {
        self.update_temperature(celsius[i]);
      }
      const ImuSample corrected = self.update(samples.at(i));
      MagSample reading;
      while (mag.next_until(device_time_us.data()[i], &reading)) {
        self.update(reading);
      }
      found.keep(i, corrected, self.orientation());
    }
  }
  return nb::make_tuple(to_numpy(std::move(found.acc_g), {n, kAxes}), to_numpy(std::move(found.gyr_dps), {n, kAxes}),
                        to_numpy(std::move(found.attitude_6d), {n, 4}), to_numpy(std::move(found.attitude_9d), {n, 4}),
                        to_numpy(std::move(found.at_rest), {n}));
}

Output<float> array_of(const imu_gesture::Vector3& v) { return to_numpy(std::vector<float>{v.x, v.y, v.z}, {kAxes}); }

void bind_drift_params(nb::module_& m) {
  nb::class_<DriftParams>(m, "DriftParams", "Parameters of `DriftCorrection`.")
      .def(
          "__init__",
          [](DriftParams* self, const std::optional<CalibrationParams>& calibration,
             const std::optional<imu_gesture::OrientationParams>& orientation,
             const std::optional<imu_gesture::RestLearningParams>& rest,
             const std::optional<imu_gesture::MagCalibratorParams>& magnetometer) {
            new (self) DriftParams();
            replace_part(&self->calibration, calibration);
            replace_part(&self->inertial.tracker, orientation);
            replace_part(&self->inertial.rest, rest);
            replace_part(&self->magnetometer, magnetometer);
          },
          nb::arg("calibration") = nb::none(), nb::arg("orientation") = nb::none(), nb::arg("rest") = nb::none(),
          nb::arg("magnetometer") = nb::none());
}

// What has been learned so far.
void bind_learned(nb::class_<DriftCorrection>& bound) {
  bound
      .def_prop_ro("bias_dps", [](const DriftCorrection& self) { return array_of(self.orientation().bias_dps()); },
                   nb::rv_policy::automatic)
      .def_prop_ro("bias_sigma_dps", [](const DriftCorrection& self) { return self.orientation().bias_sigma_dps(); })
      .def_prop_ro("rest_seen", [](const DriftCorrection& self) { return self.orientation().rest_seen(); })
      .def_prop_ro("accelerometer", [](const DriftCorrection& self) { return self.inertial().accelerometer().correction(); })
      .def_prop_ro("accelerometer_good", [](const DriftCorrection& self) { return self.inertial().accelerometer().good(); })
      .def_prop_ro("accelerometer_sigma_g",
                   [](const DriftCorrection& self) { return self.inertial().accelerometer().offset_sigma_g(); })
      .def_prop_ro("poses", [](const DriftCorrection& self) { return self.inertial().accelerometer().state().poses; })
      .def_prop_ro("magnetometer", [](const DriftCorrection& self) { return self.magnetometer().state().correction; })
      .def_prop_ro("magnetometer_known", [](const DriftCorrection& self) { return self.magnetometer().known(); })
      .def_prop_ro("slope_dps_per_c",
                   [](const DriftCorrection& self) { return array_of(self.inertial().temperature().state().slope_dps_per_c); },
                   nb::rv_policy::automatic)
      .def_prop_ro("slope_sigma_dps_per_c",
                   [](const DriftCorrection& self) { return self.inertial().temperature().slope_sigma_dps_per_c(); })
      .def_prop_ro("slope_good", [](const DriftCorrection& self) { return self.inertial().temperature().good(); });
}

}  // namespace

void bind_drift(nb::module_& m) {
  bind_drift_params(m);
  nb::class_<DriftCorrection> bound(m, "DriftCorrection",
                                    "Corrects raw samples while they stream, and learns (drift_correction.h).");
  bind_state<DriftState>(bound, imu_gesture::kDriftStateVersion);
  bound.def(nb::init<const DriftParams&>(), nb::arg("params"))
      .def("__init__", [](DriftCorrection* self) { new (self) DriftCorrection(DriftParams()); })
      .def("run", &run, nb::arg("device_time_us"), nb::arg("acc_g"), nb::arg("gyr_dps"),
           nb::arg("mag_time_us") = nb::none(), nb::arg("mag_ut") = nb::none(), nb::arg("temperature_c") = nb::none(),
           nb::sig("def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], "
                   "acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32], "
                   "mag_time_us: numpy.typing.NDArray[numpy.int64] | None = None, "
                   "mag_ut: numpy.typing.NDArray[numpy.float32] | None = None, "
                   "temperature_c: numpy.typing.NDArray[numpy.float32] | None = None) -> "
                   "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.uint8]]"),
           "Take in raw samples; may be called again with those that follow.\n\n"
           "As `Orientation.run`, with a temperature beside each sample (n,) where the board has one. Returns\n"
           "corrected acc_g and gyr_dps (n, 3), six-axis and nine-axis attitude (n, 4), and whether the board is\n"
           "at rest (n,).")
      .def("know_magnetometer",
           [](DriftCorrection& self, const AffineParams& correction) { self.magnetometer().know(correction); },
           nb::arg("correction"), "Start from a calibration found before.")
      .def("zero_heading", [](DriftCorrection& self) { self.orientation().zero_heading(); },
           "Count the six-axis heading from where the board points.");
  bind_learned(bound);
}

}  // namespace bindings
