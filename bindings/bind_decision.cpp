#include "decision.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "arrays.h"

namespace bindings {
namespace {

using imu_gesture::Decision;
using imu_gesture::DecisionParams;
using imu_gesture::GestureEvent;

DecisionParams make_params(const std::vector<int>& threshold, int smoothing, uint32_t refractory_us,
                           int most_spread) {
  require(!threshold.empty() && threshold.size() <= imu_gesture::kMaxClasses,
          "threshold: 1 to 32 classes wanted" + got(threshold.size()));
  require(smoothing >= 1 && smoothing <= imu_gesture::kMaxSmoothing, "smoothing: 1 to 16 wanted");
  require(most_spread >= 0 && most_spread <= imu_gesture::kMostSpread, "most_spread: 0 to 2047 wanted");
  DecisionParams params;
  params.classes = static_cast<int>(threshold.size());
  params.smoothing = smoothing;
  params.refractory_us = refractory_us;
  params.most_spread = static_cast<uint16_t>(most_spread);
  for (size_t c = 0; c < threshold.size(); ++c) {
    require(threshold[c] > 0 && threshold[c] <= imu_gesture::kNever, "threshold: 1 to 256 wanted");
    params.threshold[c] = static_cast<int16_t>(threshold[c]);
  }
  return params;
}

// Forgets at the start of each run what was scored before it, as the firmware does.
std::vector<GestureEvent> decide(const DecisionParams& params, const Vector<int64_t>& end_us,
                                 const Matrix<int8_t>& scores, const std::optional<Vector<int32_t>>& run) {
  const size_t outputs = scores.shape(1);
  const size_t classes = static_cast<size_t>(params.classes);
  const bool fits = outputs == static_cast<size_t>(params.outputs()) || outputs == 2 * classes;
  require(scores.shape(0) == end_us.shape(0) && fits,
          "scores: shape (n, classes), or with logits (n, 2 * classes) wanted, n as in end_us");
  require(!run || run->shape(0) == end_us.shape(0), "run: shape (n,) wanted, n as in end_us");
  std::vector<GestureEvent> events;
  Decision decision(params);
  for (size_t i = 0; i < end_us.shape(0); ++i) {
    if (run && i > 0 && run->data()[i] != run->data()[i - 1]) {
      decision.forget_scores();
    }
    GestureEvent event;
    if (decision.update(static_cast<uint32_t>(end_us.data()[i]), scores.data() + i * outputs, &event)) {
      events.push_back(event);
    }
  }
  return events;
}

}  // namespace

void bind_decision(nb::module_& m) {
  nb::class_<DecisionParams>(m, "DecisionParams", "How scores over time become one event per gesture.")
      .def("__init__",
           [](DecisionParams* self, const std::vector<int>& threshold, int smoothing, uint32_t refractory_us,
              int most_spread) {
             new (self) DecisionParams(make_params(threshold, smoothing, refractory_us, most_spread));
           },
           nb::arg("threshold"), nb::arg("smoothing"), nb::arg("refractory_us"), nb::arg("most_spread") = 0,
           "threshold: per class, probability * SCORE_LEVELS, or NEVER; smoothing: classifications averaged;\n"
           "most_spread: of a known movement's logits, in 1 / SPREAD_STEPS of their int8 step, the highest left\n"
           "out; 0: nothing is rejected.")
      .def_ro("classes", &DecisionParams::classes)
      .def_ro("smoothing", &DecisionParams::smoothing)
      .def_ro("refractory_us", &DecisionParams::refractory_us)
      .def_ro("most_spread", &DecisionParams::most_spread)
      .def_prop_ro("outputs", &DecisionParams::outputs, "Scores, and to reject, logits: what is wanted of a model.")
      .def_prop_ro("threshold", [](const DecisionParams& p) {
        return std::vector<int>(p.threshold, p.threshold + p.classes);
      });

  nb::class_<GestureEvent>(m, "GestureEvent", "One recognised gesture.")
      .def_ro("device_time_us", &GestureEvent::device_time_us, "End of the deciding window, 32-bit clock.")
      .def_ro("label", &GestureEvent::label, "Class index.")
      .def_ro("score", &GestureEvent::score, "Smoothed probability * SCORE_LEVELS.")
      .def("__repr__", [](const GestureEvent& e) {
        return "GestureEvent(device_time_us=" + std::to_string(e.device_time_us) +
               ", label=" + std::to_string(e.label) + ", score=" + std::to_string(e.score) + ")";
      });

  m.def("decide", &decide, nb::arg("params"), nb::arg("end_us"), nb::arg("scores"), nb::arg("run") = nb::none(),
        "Events of a sequence of classifications.\n\nend_us: (n,) int64; scores: (n, classes) int8,\n"
        "or (n, 2 * classes) with the logits behind them;\n"
        "run: (n,) int32 number of the gap-free run of each; none: there is one.");
}

}  // namespace bindings
