#include "front_end.h"

#include <nanobind/stl/array.h>
#include <nanobind/stl/string.h>

#include <array>
#include <cmath>

#include "arrays.h"

namespace bindings {
namespace {

using imu_gesture::FrontEnd;
using imu_gesture::FrontEndParams;
using imu_gesture::FrontEndReader;
using imu_gesture::kAxes;
using imu_gesture::kMaxChannels;
using imu_gesture::WindowShape;

FrontEndParams make_params(FrontEnd kind, const std::array<float, kAxes>& up) {
  const float length = std::sqrt(up[0] * up[0] + up[1] * up[1] + up[2] * up[2]);
  require(std::fabs(length - 1.0F) < 1e-3F, "up: a vector of length 1 wanted");
  FrontEndParams params;
  params.kind = kind;
  for (size_t axis = 0; axis < kAxes; ++axis) {
    params.up[axis] = up[axis];
  }
  return params;
}

// One window of a batch.
struct Rows {
  const float* values;
  int channels;
  const float* row(int index) const { return values + index * channels; }
};

Output<float> front_end(const FrontEndParams& params, uint32_t period_us, const AnyShape<float>& windows) {
  require(windows.ndim() == 3, "windows: shape (n, samples, channels) wanted");
  const size_t samples = windows.shape(1);
  const size_t channels = windows.shape(2);
  require(samples >= 1, "windows: at least one row wanted");
  require(channels == kMaxChannels || (params.kind == FrontEnd::kSensor && channels == kAxes),
          "windows: 6 channels wanted" + got(channels));
  const WindowShape shape = {static_cast<int>(samples), static_cast<int>(channels),
                             static_cast<float>(period_us) * 1e-6F};
  std::vector<float> values(windows.size());
  {
    nb::gil_scoped_release release;
    for (size_t start = 0; start < values.size(); start += samples * channels) {
      const Rows rows = {windows.data() + start, shape.channels};
      FrontEndReader<Rows> reader(params, rows, shape);
      for (size_t i = 0; i < samples; ++i) {
        reader.next(&values[start + i * channels]);
      }
    }
  }
  return to_numpy(std::move(values), shape_of<float>(windows));
}

std::array<float, kAxes> up_of(const FrontEndParams& params) { return {params.up[0], params.up[1], params.up[2]}; }

}  // namespace

void bind_front_end(nb::module_& m) {
  nb::enum_<FrontEnd>(m, "FrontEnd", "What the model sees of a window (front_end.h).")
      .value("SENSOR", FrontEnd::kSensor, "Rows as they are.")
      .value("GRAVITY", FrontEnd::kGravity, "Acceleration (g) and rate (deg/s): z up, heading of the first row.")
      .value("STROKE", FrontEnd::kStroke, "The same integrated from the first row: angle (deg), velocity (m/s).");

  nb::class_<FrontEndParams>(m, "FrontEndParams", "A front end, and how the board is usually held.")
      .def("__init__",
           [](FrontEndParams* self, FrontEnd kind, const std::array<float, kAxes>& up) {
             new (self) FrontEndParams(make_params(kind, up));
           },
           nb::arg("kind") = FrontEnd::kSensor, nb::arg("up") = std::array<float, kAxes>{0.0F, 0.0F, 1.0F},
           nb::sig("def __init__(self, kind: FrontEnd = ..., up: collections.abc.Sequence[float] = ...) -> None"),
           "up: (3,) unit vector, upwards in the board's frame.")
      .def_ro("kind", &FrontEndParams::kind)
      .def_prop_ro("up", &up_of);

  m.def("front_end", &front_end, nb::arg("params"), nb::arg("period_us"), nb::arg("windows"),
        nb::sig("def front_end(params: FrontEndParams, period_us: int, windows: "
                "numpy.typing.NDArray[numpy.float32]) -> numpy.typing.NDArray[numpy.float32]"),
        "What the model sees of windows (n, samples, channels) float32 in g and deg/s: the same shape.");
}

}  // namespace bindings
