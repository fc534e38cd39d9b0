#include "arrays.h"
#include "calibration.h"
#include "sample.h"

namespace bindings {
namespace {

using imu_gesture::AffineParams;
using imu_gesture::CalibrationParams;
using imu_gesture::kAxes;

AffineParams make_affine(const Matrix<float>& matrix, const Vector<float>& offset) {
  require(matrix.shape(0) == kAxes && matrix.shape(1) == kAxes, "matrix: shape (3, 3) wanted");
  require(offset.shape(0) == kAxes, "offset: shape (3,) wanted" + got(offset.shape(0)));
  AffineParams params;
  for (int i = 0; i < kAxes * kAxes; ++i) {
    params.matrix[i] = matrix.data()[i];
  }
  for (int i = 0; i < kAxes; ++i) {
    params.offset[i] = offset.data()[i];
  }
  return params;
}

Output<float> apply_affine(const AffineParams& params, const Matrix<float>& measured) {
  require(measured.shape(1) == kAxes, "measured: shape (n, 3) wanted");
  const size_t n = measured.shape(0);
  std::vector<float> corrected(n * kAxes);
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < n; ++i) {
      imu_gesture::apply_affine(params, measured.data() + i * kAxes, corrected.data() + i * kAxes);
    }
  }
  return to_numpy(std::move(corrected), {n, size_t{kAxes}});
}

Output<float> counts_to_units(const AnyShape<int16_t>& counts, float units_per_lsb) {
  std::vector<float> units(counts.size());
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < units.size(); ++i) {
      units[i] = imu_gesture::counts_to_units(counts.data()[i], units_per_lsb);
    }
  }
  return to_numpy(std::move(units), shape_of<int16_t>(counts));
}

std::vector<float> copy_of(const float* values, int n) { return {values, values + n}; }

}  // namespace

void bind_calibration(nb::module_& m) {
  nb::class_<AffineParams>(m, "AffineParams",
                           "corrected = matrix @ (measured - offset), for one three-axis sensor.")
      .def(nb::init<>(), "The identity.")
      .def("__init__",
           [](AffineParams* self, const Matrix<float>& matrix, const Vector<float>& offset) {
             new (self) AffineParams(make_affine(matrix, offset));
           },
           nb::arg("matrix"), nb::arg("offset"), "matrix: (3, 3) float32; offset: (3,) float32.")
      .def_prop_ro("matrix",
                   [](const AffineParams& p) { return to_numpy(copy_of(p.matrix, kAxes * kAxes), {3, 3}); },
                   nb::rv_policy::automatic)
      .def_prop_ro("offset", [](const AffineParams& p) { return to_numpy(copy_of(p.offset, kAxes), {3}); },
                   nb::rv_policy::automatic);

  nb::class_<CalibrationParams>(m, "CalibrationParams", "Static correction of both inertial sensors.")
      .def(nb::init<>(), "The identity.")
      .def("__init__",
           [](CalibrationParams* self, const AffineParams& acc, const AffineParams& gyr, bool known) {
             new (self) CalibrationParams{acc, gyr, known};
           },
           nb::arg("acc"), nb::arg("gyr"), nb::arg("known") = true,
           "known: of a calibrated board, so that what is left is small.")
      .def_ro("known", &CalibrationParams::known)
      .def_ro("acc", &CalibrationParams::acc)
      .def_ro("gyr", &CalibrationParams::gyr);

  m.def("apply_affine", &apply_affine, nb::arg("params"), nb::arg("measured"),
        "Correct (n, 3) float32 readings of one sensor.");
  m.def("counts_to_units", &counts_to_units, nb::arg("counts"), nb::arg("units_per_lsb"),
        "Raw int16 counts of any shape as float32 in physical units.");
}

}  // namespace bindings
