#include "arrays.h"
#include "contract.h"
#include "low_pass.h"
#include "trigonometry.h"

namespace bindings {
namespace {

using imu_gesture::kAxes;

nb::tuple sine_cosine(const Vector<float>& radians) {
  const size_t n = radians.shape(0);
  std::vector<float> sine(n);
  std::vector<float> cosine(n);
  for (size_t i = 0; i < n; ++i) {
    const imu_gesture::SineCosine found = imu_gesture::sine_cosine(radians.data()[i]);
    sine[i] = found.sine;
    cosine[i] = found.cosine;
  }
  return nb::make_tuple(to_numpy(std::move(sine), {n}), to_numpy(std::move(cosine), {n}));
}

Output<float> arc_tangent(const Vector<float>& y, const Vector<float>& x) {
  const size_t n = x.shape(0);
  require(y.shape(0) == n, "y: as many as in x wanted");
  std::vector<float> angle(n);
  for (size_t i = 0; i < n; ++i) {
    angle[i] = imu_gesture::arc_tangent(y.data()[i], x.data()[i]);
  }
  return to_numpy(std::move(angle), {n});
}

Output<float> low_pass(const Matrix<float>& values, const Vector<float>& step_s, float tau_s) {
  const size_t n = values.shape(0);
  require(values.shape(1) == kAxes && step_s.shape(0) == n, "values: shape (n, 3) wanted, n as in step_s");
  require(tau_s > 0.0F, "tau_s: a positive number wanted");
  std::vector<float> filtered(n * kAxes);
  {
    nb::gil_scoped_release release;
    imu_gesture::LowPass<kAxes> filter;
    for (size_t i = 0; i < n; ++i) {
      filter.update(values.data() + i * kAxes, tau_s, step_s.data()[i]);
      for (size_t axis = 0; axis < kAxes; ++axis) {
        filtered[i * kAxes + axis] = filter.value[axis];
      }
    }
  }
  return to_numpy(std::move(filtered), {n, size_t{kAxes}});
}

}  // namespace

void bind_maths(nb::module_& m) {
  m.def("sine_cosine", &sine_cosine, nb::arg("radians"),
        nb::sig("def sine_cosine(radians: numpy.typing.NDArray[numpy.float32]) -> "
                "tuple[numpy.typing.NDArray[numpy.float32], numpy.typing.NDArray[numpy.float32]]"),
        "Sine and cosine of (n,) angles as the board computes them.");
  m.def("arc_tangent", &arc_tangent, nb::arg("y"), nb::arg("x"), "Angles of (n,) points, -pi to pi.");
  m.def("low_pass", &low_pass, nb::arg("values"), nb::arg("step_s"), nb::arg("tau_s"),
        "Second-order Butterworth low-pass (low_pass.h).\n\n"
        "values: (n, 3) float32; step_s: (n,) float32, time since the value before.");
}

}  // namespace bindings
