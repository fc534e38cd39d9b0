#include "bias_tracker.h"

#include <nanobind/stl/array.h>

#include <array>

#include "arrays.h"
#include "bind_samples.h"
#include "saved_state.h"

namespace bindings {
namespace {

using imu_gesture::BiasTracker;
using imu_gesture::BiasTrackerParams;
using imu_gesture::BiasTrackerState;
using imu_gesture::GyroBiasParams;
using imu_gesture::kAxes;
using imu_gesture::RestParams;

constexpr uint16_t kStateVersion = 1;

nb::tuple run(BiasTracker& self, const Vector<int64_t>& device_time_us, const Matrix<float>& acc_g,
              const Matrix<float>& gyr_dps) {
  const SampleArrays samples(device_time_us, acc_g, gyr_dps);
  const size_t n = samples.size();
  std::vector<float> corrected(n * kAxes);
  std::vector<float> bias(n * kAxes);
  std::vector<uint8_t> at_rest(n);
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < n; ++i) {
      const imu_gesture::ImuSample sample = samples.at(i);
      self.update(sample);
      imu_gesture::copy_to(imu_gesture::vector3(sample.gyr_dps) - self.bias_dps(), &corrected[i * kAxes]);
      imu_gesture::copy_to(self.bias_dps(), &bias[i * kAxes]);
      at_rest[i] = self.at_rest() ? 1U : 0U;
    }
  }
  return nb::make_tuple(to_numpy(std::move(corrected), {n, kAxes}), to_numpy(std::move(bias), {n, kAxes}),
                        to_numpy(std::move(at_rest), {n}));
}

nb::bytes save(const BiasTracker& self) {
  std::vector<uint8_t> data(static_cast<size_t>(imu_gesture::saved_bytes<BiasTrackerState>()));
  imu_gesture::save_state(self.state(), kStateVersion, data.data());
  return nb::bytes(data.data(), data.size());
}

void restore(BiasTracker& self, const nb::bytes& saved) {
  BiasTrackerState state;
  require(imu_gesture::load_state(static_cast<const uint8_t*>(saved.data()), static_cast<int>(saved.size()),
                                  kStateVersion, &state),
          "saved: not a state of this version of BiasTracker, or damaged; start with a new one");
  self.restore(state);
}

}  // namespace

void bind_bias_tracker(nb::module_& m) {
  nb::class_<BiasTrackerParams>(m, "BiasTrackerParams", "Parameters of `BiasTracker`.")
      .def("__init__",
           [](BiasTrackerParams* self, const RestParams& rest, const GyroBiasParams& bias, float max_gap_s) {
             require(max_gap_s > 0.0F, "max_gap_s: a positive number wanted");
             new (self) BiasTrackerParams{max_gap_s, rest, bias};
           },
           nb::arg("rest") = BiasTrackerParams().rest, nb::arg("bias") = GyroBiasParams(),
           nb::arg("max_gap_s") = BiasTrackerParams().max_gap_s)
      .def_ro("rest", &BiasTrackerParams::rest)
      .def_ro("bias", &BiasTrackerParams::bias)
      .def_ro("max_gap_s", &BiasTrackerParams::max_gap_s, "Longer silence interrupts the low-pass filters.");

  nb::class_<BiasTracker>(m, "BiasTracker", "The gyroscope's offset, found whenever the board rests.")
      .def(nb::init<const BiasTrackerParams&>(), nb::arg("params") = BiasTrackerParams())
      .def("run", &run, nb::arg("device_time_us"), nb::arg("acc_g"), nb::arg("gyr_dps"),
           nb::sig("def run(self, device_time_us: numpy.typing.NDArray[numpy.int64], "
                   "acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32]) -> "
                   "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32], "
                   "numpy.typing.NDArray[numpy.uint8]]"),
           "Take in samples; may be called again with those that follow.\n\n"
           "device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32. Returns, of each sample: the rate\n"
           "without the offset (n, 3), the offset in deg/s (n, 3), and whether the board is at rest (n,).")
      .def(
          "know_bias",
          [](BiasTracker& self, const std::array<float, 3>& bias_dps, float sigma_dps) {
            require(sigma_dps > 0.0F, "sigma_dps: a positive number wanted");
            self.know_bias(imu_gesture::vector3(bias_dps.data()), sigma_dps);
          },
          nb::arg("bias_dps"), nb::arg("sigma_dps"), "Start from an offset measured before.")
      .def("state", &save, "Everything remembered, as bytes.")
      .def("restore", &restore, nb::arg("saved"), "Go on from `state()`, with the same bits.")
      .def_prop_ro("bias_dps",
                   [](const BiasTracker& self) {
                     const imu_gesture::Vector3 b = self.bias_dps();
                     return to_numpy(std::vector<float>{b.x, b.y, b.z}, {kAxes});
                   },
                   nb::rv_policy::automatic)
      .def_prop_ro("bias_sigma_dps", &BiasTracker::bias_sigma_dps)
      .def_prop_ro("rest_seen", &BiasTracker::rest_seen, "False: the offset was never measured at rest.");
}

}  // namespace bindings
