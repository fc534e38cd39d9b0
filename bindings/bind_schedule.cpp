#include "schedule.h"

#include <nanobind/stl/optional.h>

#include <optional>
#include <vector>

#include "arrays.h"
#include "bind_params.h"
#include "bind_state.h"

namespace bindings {
namespace {

using imu_gesture::kMaxChannels;
using imu_gesture::MotionDetector;
using imu_gesture::MotionParams;
using imu_gesture::MotionState;
using imu_gesture::Regime;
using imu_gesture::Schedule;
using imu_gesture::WindowParams;

constexpr uint16_t kStateVersion = 1;

const ParamField<MotionParams> kMotion[] = {
    {"memory_s", &MotionParams::memory_s, "Over which readings vary."},
    {"dps_per_g", &MotionParams::dps_per_g, "A turn of so many deg/s counts as much as 1 g."},
    {"on_g", &MotionParams::on_g, "Variation at which a motion begins, where nothing else moves."},
    {"off_g", &MotionParams::off_g, "The same, below which it has ended."},
    {"on_ratio", &MotionParams::on_ratio, "Where a motion begins, in shares of what moves between motions."},
    {"off_ratio", &MotionParams::off_ratio, "The same for where it has ended."},
    {"peak_share", &MotionParams::peak_share, "Of its greatest variation, below which it has ended in any case."},
    {"rise_s", &MotionParams::rise_s, "How fast what moves between motions is followed upwards."},
    {"fall_s", &MotionParams::fall_s, "The same downwards."},
    {"shortest_s", &MotionParams::shortest_s, "What is shorter is a bump, of which a quarter of a second is seen."},
    {"longest_s", &MotionParams::longest_s, "A motion's greatest length."},
    {"calm_s", &MotionParams::calm_s, "After which a motion is over: a pause within it is shorter."},
};

// A detector with what it is told of its rows.
struct HostMotion : MotionDetector {
  MotionParams params;
  int channels;
  float step_s;
};

void check_channels(int channels) {
  require(channels >= 1 && channels <= kMaxChannels, "channels: 1 to 6 wanted");
}

Output<uint8_t> update(HostMotion& self, const Matrix<float>& rows) {
  const size_t channels = static_cast<size_t>(self.channels);
  require(rows.shape(1) == channels, "rows: (n, channels) wanted");
  std::vector<uint8_t> over(rows.shape(0));
  for (size_t i = 0; i < over.size(); ++i) {
    const float* row = rows.data() + i * channels;
    over[i] = self.update(self.params, row, self.channels, self.step_s) ? 1U : 0U;
  }
  const size_t n = over.size();
  return to_numpy(std::move(over), {n});
}

WindowParams make_window(int samples, int hop_samples, const std::optional<MotionParams>& motion) {
  require(samples >= 1 && samples <= imu_gesture::kMaxWindowSamples, "samples: 1 to 256 wanted");
  require(hop_samples >= 1, "hop_samples: at least 1 wanted");
  return {samples, hop_samples, motion.has_value() ? Regime::kTriggered : Regime::kContinuous,
          motion.value_or(MotionParams())};
}

std::optional<MotionParams> motion_of(const WindowParams& params) {
  return params.regime == Regime::kTriggered ? std::optional<MotionParams>(params.motion) : std::nullopt;
}

Output<int64_t> due_windows(const WindowParams& params, uint32_t period_us, const Matrix<float>& rows) {
  const int channels = static_cast<int>(rows.shape(1));
  check_channels(channels);
  std::vector<int64_t> first;
  {
    nb::gil_scoped_release release;
    Schedule schedule(params, channels, static_cast<float>(period_us) * 1e-6F);
    for (size_t i = 0; i < rows.shape(0); ++i) {
      if (schedule.push(rows.data() + i * rows.shape(1))) {
        first.push_back(static_cast<int64_t>(i) + 1 - params.samples);
      }
    }
  }
  const size_t n = first.size();
  return to_numpy(std::move(first), {n});
}

void bind_motion(nb::module_& m) {
  auto params = bind_params(m, "MotionParams",
                            "What counts as a motion (motion.h); variation is in g, of the rate by `dps_per_g`.", kMotion);
  bind_value(params, kMotion);
  auto detector = nb::class_<HostMotion>(m, "MotionDetector", "Finds motions in rows at the model rate.");
  detector
      .def("__init__",
           [](HostMotion* self, const MotionParams& given, int channels, float step_s) {
             check_channels(channels);
             require(step_s > 0.0F, "step_s: a positive number wanted");
             new (self) HostMotion{{}, given, channels, step_s};
           },
           nb::arg("params"), nb::arg("channels"), nb::arg("step_s"))
      .def("update", &update, nb::arg("rows"),
           nb::sig("def update(self, rows: numpy.typing.NDArray[numpy.float32]) -> numpy.typing.NDArray[numpy.uint8]"),
           "Take in rows (n, channels) float32 in g and deg/s; may be called again with those that follow.\n\n"
           "Returns for each row (n,) whether a motion is over with it.");
  bind_state<MotionState>(detector, kStateVersion);
}

}  // namespace

void bind_schedule(nb::module_& m) {
  bind_motion(m);
  nb::class_<WindowParams>(m, "WindowParams", "Rows in a window, and when one is classified.")
      .def("__init__",
           [](WindowParams* self, int samples, int hop_samples, const std::optional<MotionParams>& motion) {
             new (self) WindowParams(make_window(samples, hop_samples, motion));
           },
           nb::arg("samples"), nb::arg("hop_samples"), nb::arg("motion") = nb::none(),
           "motion: what triggers one classification at its end; None: there is one every hop_samples rows.")
      .def_ro("samples", &WindowParams::samples)
      .def_ro("hop_samples", &WindowParams::hop_samples)
      .def_prop_ro("motion", &motion_of);

  m.def("due_windows", &due_windows, nb::arg("params"), nb::arg("period_us"), nb::arg("rows"),
        nb::sig("def due_windows(params: WindowParams, period_us: int, rows: numpy.typing.NDArray[numpy.float32]) "
                "-> numpy.typing.NDArray[numpy.int64]"),
        "The first row of each window that the firmware classifies in a run of rows without a gap.\n\n"
        "rows: (n, channels) float32 in g and deg/s.");
}

}  // namespace bindings
