#include "mag_calibrator.h"

#include <nanobind/stl/vector.h>

#include "bind_params.h"
#include "bind_state.h"

namespace bindings {
namespace {

using imu_gesture::AffineParams;
using imu_gesture::kAxes;
using imu_gesture::MagCalibrator;
using imu_gesture::MagCalibratorParams;
using imu_gesture::MagFit;

const ParamField<MagCalibratorParams> kParams[] = {
    {"step_ut", &MagCalibratorParams::step_ut, "A reading this far from the last one used is used."},
    {"memory_readings", &MagCalibratorParams::memory_readings, "After so many more, a reading counts a third."},
    {"min_readings", &MagCalibratorParams::min_readings, "Readings that a fit needs."},
    {"every_readings", &MagCalibratorParams::every_readings, "Readings used between two fits."},
    {"min_field_ut", &MagCalibratorParams::min_field_ut, "Weakest field of the earth."},
    {"max_field_ut", &MagCalibratorParams::max_field_ut, "Strongest field of the earth."},
    {"max_axis_ratio", &MagCalibratorParams::max_axis_ratio, "Of the longest to the shortest axis."},
    {"max_residual", &MagCalibratorParams::max_residual, "Root mean square, relative to the field."},
    {"min_coverage", &MagCalibratorParams::min_coverage, "Of the directions: 1 for a whole sphere."},
    {"min_pivot", &MagCalibratorParams::min_pivot, "Conditioning of the equations."},
    {"change_ut", &MagCalibratorParams::change_ut, "A fit that moves the offset by more is a new one."},
};

nb::tuple run(MagCalibrator& self, const Matrix<float>& mag_ut) {
  require(mag_ut.shape(1) == kAxes, "mag_ut: shape (n, 3) wanted");
  const size_t n = mag_ut.shape(0);
  std::vector<float> corrected(n * kAxes);
  std::vector<uint8_t> verdict(n);
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < n; ++i) {
      const float* reading = mag_ut.data() + i * kAxes;
      verdict[i] = static_cast<uint8_t>(self.update(reading));
      self.correct(reading, &corrected[i * kAxes]);
    }
  }
  return nb::make_tuple(to_numpy(std::move(corrected), {n, kAxes}), to_numpy(std::move(verdict), {n}));
}

}  // namespace

void bind_mag_calibrator(nb::module_& m) {
  nb::enum_<MagFit>(m, "MagFit", "What became of an attempt to calibrate the magnetometer.", nb::is_arithmetic())
      .value("NONE", MagFit::kNone, "Nothing to fit yet.")
      .value("ACCEPTED", MagFit::kAccepted)
      .value("REFINED", MagFit::kRefined, "A good fit, close to the one in use.")
      .value("TOO_FEW_READINGS", MagFit::kTooFewReadings)
      .value("TOO_FEW_DIRECTIONS", MagFit::kTooFewDirections, "Turn the board about all axes.")
      .value("NOT_EARTHS_FIELD", MagFit::kNotEarthsField, "Iron or a magnet nearby, or wrong units.")
      .value("POOR_FIT", MagFit::kPoorFit, "Readings do not lie on an ellipsoid: a changing field.");

  bind_params(m, "MagCalibratorParams", "When a calibration of the magnetometer is accepted.", kParams);

  nb::class_<MagCalibrator> bound(m, "MagCalibrator",
                                  "Hard and soft iron, found while the board is turned about (mag_calibrator.h).");
  bound.def(nb::init<const MagCalibratorParams&>(), nb::arg("params"))
      .def("__init__", [](MagCalibrator* self) { new (self) MagCalibrator(MagCalibratorParams()); })
      .def("run", &run, nb::arg("mag_ut"),
           nb::sig("def run(self, mag_ut: numpy.typing.NDArray[numpy.float32]) -> "
                   "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.uint8]]"),
           "Take in raw readings (n, 3); returns them corrected, and what came of each (n,): `MagFit`.")
      .def("know", &MagCalibrator::know, nb::arg("correction"), "Start from a correction found before.")
      .def_prop_ro("correction", [](const MagCalibrator& self) { return self.state().correction; })
      .def_prop_ro("accepted", [](const MagCalibrator& self) { return self.state().accepted != 0U; })
      .def_prop_ro("verdict", [](const MagCalibrator& self) { return static_cast<MagFit>(self.state().verdict); })
      .def_prop_ro("coverage", [](const MagCalibrator& self) { return self.last_fit().coverage; },
                   "Of the last attempt: 1 for a whole sphere of directions.")
      .def_prop_ro("residual", [](const MagCalibrator& self) { return self.last_fit().residual; })
      .def_prop_ro("pivot", [](const MagCalibrator& self) { return self.last_fit().pivot; })
      .def_prop_ro("field_ut", &MagCalibrator::last_radius_ut);
  bind_state<imu_gesture::MagCalibratorState>(bound, imu_gesture::kMagCalibratorStateVersion);
}

}  // namespace bindings
