#include "conditioner.h"

#include <nanobind/stl/optional.h>

#include <optional>

#include "arrays.h"
#include "bind_samples.h"

namespace bindings {
namespace {

using imu_gesture::BiasTracker;
using imu_gesture::CalibrationParams;
using imu_gesture::Conditioner;
using imu_gesture::ConditionerParams;
using imu_gesture::InertialParams;
using imu_gesture::ResamplerParams;

ConditionerParams make_params(uint32_t period_us, int channels, const CalibrationParams& calibration,
                              uint32_t max_gap_us, const std::optional<InertialParams<BiasTracker>>& learning) {
  require(period_us > 0U && period_us <= 1000000U, "period_us: 1 to 1000000 wanted");
  require(max_gap_us > 0U && max_gap_us <= 10000000U, "max_gap_us: 1 to 10000000 wanted");
  require(channels == imu_gesture::kAxes || channels == imu_gesture::kMaxChannels,
          "channels: 3 (accelerometer) or 6 (accelerometer, gyroscope) wanted");
  require(!learning.has_value() || channels == imu_gesture::kMaxChannels,
          "learning: 6 channels wanted, there is no gyroscope among 3");
  return {calibration, ResamplerParams{period_us, max_gap_us}, channels, learning.has_value(),
          learning.value_or(InertialParams<BiasTracker>())};
}

struct Rows {
  std::vector<float> values;
  std::vector<int64_t> end_us;
  std::vector<int32_t> run;
  int64_t out_of_order = 0;
};

Rows condition(const ConditionerParams& params, const SampleArrays& samples) {
  Rows rows;
  Conditioner conditioner(params);
  int32_t run = -1;
  for (size_t i = 0; i < samples.size(); ++i) {
    const imu_gesture::ImuSample sample = samples.at(i);
    const imu_gesture::Arrival arrival = conditioner.push(sample);
    rows.out_of_order += arrival == imu_gesture::Arrival::kOutOfOrder ? 1 : 0;
    if (arrival == imu_gesture::Arrival::kOutOfOrder) {
      continue;
    }
    run += arrival == imu_gesture::Arrival::kStartsRun ? 1 : 0;
    float row[imu_gesture::kMaxChannels];
    uint32_t row_end_us = 0;
    while (conditioner.next(row, &row_end_us)) {
      rows.values.insert(rows.values.end(), row, row + params.channels);
      rows.end_us.push_back(samples.unwrap(i, row_end_us));
      rows.run.push_back(run);
    }
  }
  return rows;
}

}  // namespace

void bind_conditioner(nb::module_& m) {
  nb::class_<ConditionerParams>(m, "ConditionerParams",
                                "Correction, then resampling by device time to the model rate.")
      .def("__init__",
           [](ConditionerParams* self, uint32_t period_us, int channels,
              const CalibrationParams& calibration, uint32_t max_gap_us,
              const std::optional<InertialParams<BiasTracker>>& learning) {
             new (self) ConditionerParams(make_params(period_us, channels, calibration, max_gap_us, learning));
           },
           nb::arg("period_us"), nb::arg("channels") = imu_gesture::kMaxChannels,
           nb::arg("calibration") = CalibrationParams{},
           nb::arg("max_gap_us") = imu_gesture::kDefaultMaxGapUs, nb::arg("learning") = nb::none(),
           "learning: how rests correct what the calibration leaves; None leaves it in.")
      .def_prop_ro("period_us", [](const ConditionerParams& p) { return p.resampler.period_us; })
      .def_prop_ro("max_gap_us", [](const ConditionerParams& p) { return p.resampler.max_gap_us; })
      .def_ro("channels", &ConditionerParams::channels)
      .def_prop_ro("learning",
                   [](const ConditionerParams& p) {
                     return p.learn ? std::optional<InertialParams<BiasTracker>>(p.learning) : std::nullopt;
                   })
      .def_ro("calibration", &ConditionerParams::calibration);

  m.def(
      "condition",
      [](const ConditionerParams& params, const Vector<int64_t>& device_time_us,
         const Matrix<float>& acc_g, const Matrix<float>& gyr_dps) {
        const SampleArrays samples(device_time_us, acc_g, gyr_dps);
        Rows rows;
        {
          nb::gil_scoped_release release;
          rows = condition(params, samples);
        }
        const size_t n = rows.end_us.size();
        return nb::make_tuple(to_numpy(std::move(rows.values), {n, static_cast<size_t>(params.channels)}),
                              to_numpy(std::move(rows.end_us), {n}), to_numpy(std::move(rows.run), {n}),
                              rows.out_of_order);
      },
      nb::arg("params"), nb::arg("device_time_us"), nb::arg("acc_g"), nb::arg("gyr_dps"),
      nb::sig("def condition(params: ConditionerParams, device_time_us: numpy.typing.NDArray[numpy.int64], "
              "acc_g: numpy.typing.NDArray[numpy.float32], gyr_dps: numpy.typing.NDArray[numpy.float32]) -> "
              "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.int64], "
              "numpy.typing.NDArray[numpy.int32], int]"),
      "Rows at the model rate.\n\n"
      "device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32. Returns rows (m, channels) float32,\n"
      "the device time of each row's end (m,) int64, the gap-free run it belongs to (m,) int32, and how\n"
      "many samples were ignored because their time did not advance.");
}

}  // namespace bindings
