#include "inertial_correction.h"

#include <nanobind/stl/optional.h>

#include <algorithm>
#include <optional>

#include "arrays.h"
#include "bias_tracker.h"
#include "bind_params.h"
#include "bind_samples.h"

namespace bindings {
namespace {

using imu_gesture::AccelerometerRefinerParams;
using imu_gesture::AffineParams;
using imu_gesture::BiasTracker;
using imu_gesture::BiasTrackerParams;
using imu_gesture::CalibrationParams;
using imu_gesture::InertialCorrection;
using imu_gesture::InertialParams;
using imu_gesture::kAxes;
using imu_gesture::RestLearningParams;
using imu_gesture::TemperatureParams;

using Correction = InertialCorrection<BiasTracker>;
using Params = InertialParams<BiasTracker>;

const ParamField<AccelerometerRefinerParams> kAccelerometer[] = {
    {"offset_sigma_g", &AccelerometerRefinerParams::offset_sigma_g, "Of a sensor that nobody has calibrated."},
    {"scale_sigma", &AccelerometerRefinerParams::scale_sigma, "The same for its scale."},
    {"calibrated_offset_sigma_g", &AccelerometerRefinerParams::calibrated_offset_sigma_g, "Of a calibrated one."},
    {"calibrated_scale_sigma", &AccelerometerRefinerParams::calibrated_scale_sigma, "The same for its scale."},
    {"pose_sigma_g", &AccelerometerRefinerParams::pose_sigma_g, "Of the mean over one rest."},
    {"good_offset_g", &AccelerometerRefinerParams::good_offset_g, "Uncertainty at which it counts as calibrated."},
    {"good_scale", &AccelerometerRefinerParams::good_scale, "The same for the scale."},
    {"new_pose_g", &AccelerometerRefinerParams::new_pose_g, "A pose this far from the last one is another."},
    {"memory_poses", &AccelerometerRefinerParams::memory_poses, "After so many more, a pose counts a third."},
    {"max_surprise", &AccelerometerRefinerParams::max_surprise, "Standard deviations that are not believed."},
};

const ParamField<TemperatureParams> kTemperature[] = {
    {"bias_sigma_dps", &TemperatureParams::bias_sigma_dps, "Before anything is known."},
    {"slope_sigma_dps_per_c", &TemperatureParams::slope_sigma_dps_per_c, "The same for the slope."},
    {"rest_sigma_dps", &TemperatureParams::rest_sigma_dps, "Of the offset found in one rest."},
    {"walk_dps", &TemperatureParams::walk_dps, "Of the offset between two rests."},
    {"good_slope_dps_per_c", &TemperatureParams::good_slope_dps_per_c, "Uncertainty at which the slope is used."},
    {"min_spread_c", &TemperatureParams::min_spread_c, "Between the coldest and the warmest rest."},
};

const ParamField<RestLearningParams> kRest[] = {
    {"pose_s", &RestLearningParams::pose_s, "Of rest before its readings teach anything."},
    {"temperature_step_c", &RestLearningParams::temperature_step_c, "A change within a rest that teaches again."},
};

nb::tuple run(Correction& self, const Vector<int64_t>& device_time_us, const Matrix<float>& acc_g,
              const Matrix<float>& gyr_dps, const std::optional<Vector<float>>& temperature_c) {
  const SampleArrays samples(device_time_us, acc_g, gyr_dps);
  const size_t n = samples.size();
  require(!temperature_c.has_value() || temperature_c->shape(0) == n,
          "temperature_c: (n,) wanted, n as in device_time_us");
  const float* celsius = temperature_c.has_value() ? temperature_c->data() : nullptr;
  std::vector<float> acc(n * kAxes);
  std::vector<float> gyr(n * kAxes);
  std::vector<float> bias(n * kAxes);
  std::vector<uint8_t> at_rest(n);
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < n; ++i) {
      if (celsius != nullptr) {
        self.update_temperature(celsius[i]);
      }
      const imu_gesture::ImuSample corrected = self.update(samples.at(i));
      std::copy_n(corrected.acc_g, kAxes, &acc[i * kAxes]);
      std::copy_n(corrected.gyr_dps, kAxes, &gyr[i * kAxes]);
      imu_gesture::copy_to(self.tracker().bias_dps(), &bias[i * kAxes]);
      at_rest[i] = self.tracker().at_rest() ? 1U : 0U;
    }
  }
  return nb::make_tuple(to_numpy(std::move(acc), {n, kAxes}), to_numpy(std::move(gyr), {n, kAxes}),
                        to_numpy(std::move(bias), {n, kAxes}), to_numpy(std::move(at_rest), {n}));
}

void bind_inertial_params(nb::module_& m) {
  bind_params(m, "AccelerometerRefinerParams", "How rests refine the accelerometer.", kAccelerometer);
  bind_params(m, "TemperatureParams", "How the gyroscope's slope with temperature is learned.", kTemperature);
  bind_params(m, "RestLearningParams", "What rests teach beside the gyroscope's offset.", kRest)
      .def(
          "with_parts",
          [](RestLearningParams params, const std::optional<AccelerometerRefinerParams>& accelerometer,
             const std::optional<TemperatureParams>& temperature) {
            replace_part(&params.accelerometer, accelerometer);
            replace_part(&params.temperature, temperature);
            return params;
          },
          nb::arg("accelerometer") = nb::none(), nb::arg("temperature") = nb::none(), "The same with other parts.")
      .def_ro("accelerometer", &RestLearningParams::accelerometer)
      .def_ro("temperature", &RestLearningParams::temperature);
  nb::class_<Params>(m, "LearningParams", "How rests correct what a calibration leaves.")
      .def("__init__",
           [](Params* self, const std::optional<BiasTrackerParams>& bias, const std::optional<RestLearningParams>& rest) {
             new (self) Params{bias.value_or(BiasTrackerParams()), rest.value_or(RestLearningParams())};
           },
           nb::arg("bias") = nb::none(), nb::arg("rest") = nb::none())
      .def_ro("bias", &Params::tracker)
      .def_ro("rest", &Params::rest);
}

}  // namespace

void bind_inertial_correction(nb::module_& m) {
  bind_inertial_params(m);
  nb::class_<Correction>(m, "InertialCorrection", "Corrects inertial samples while they stream, and learns from rests.")
      .def("__init__",
           [](Correction* self, const std::optional<CalibrationParams>& calibration, const std::optional<Params>& params) {
             new (self) Correction(calibration.value_or(CalibrationParams()), params.value_or(Params()));
           },
           nb::arg("calibration") = nb::none(), nb::arg("params") = nb::none())
      .def("run", &run, nb::arg("device_time_us"), nb::arg("acc_g"), nb::arg("gyr_dps"),
           nb::arg("temperature_c") = nb::none(),
           nb::sig("def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], "
                   "acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32], "
                   "temperature_c: numpy.typing.NDArray[numpy.float32] | None = None) -> "
                   "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8]]"),
           "Take in raw samples; may be called again with those that follow.\n\n"
           "device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32; temperature_c: (n,), not a number where\n"
           "it was not measured. Returns, of each sample: acc_g and gyr_dps corrected (n, 3), the gyroscope's\n"
           "offset in deg/s that the calibration left (n, 3), and whether the board is at rest (n,).")
      .def_prop_ro("bias_sigma_dps", [](const Correction& self) { return self.tracker().bias_sigma_dps(); })
      .def_prop_ro("rest_seen", [](const Correction& self) { return self.tracker().rest_seen(); },
                   "False: the offset was never measured at rest.")
      .def_prop_ro("accelerometer", [](const Correction& self) { return self.accelerometer().correction(); },
                   "What rests have taught of the accelerometer.")
      .def_prop_ro("accelerometer_sigma_g", [](const Correction& self) { return self.accelerometer().offset_sigma_g(); });
}

}  // namespace bindings
