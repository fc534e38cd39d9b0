#include <nanobind/nanobind.h>

#include "contract.h"

namespace nb = nanobind;

namespace bindings {

void bind_contract(nb::module_& m) {
  m.attr("AXES") = imu_gesture::kAxes;
  m.attr("MAX_CHANNELS") = imu_gesture::kMaxChannels;
  m.attr("MAX_CLASSES") = imu_gesture::kMaxClasses;
  m.attr("MAX_WINDOW_SAMPLES") = imu_gesture::kMaxWindowSamples;
  m.attr("MAX_SMOOTHING") = imu_gesture::kMaxSmoothing;
  m.attr("SPREAD_STEPS") = imu_gesture::kSpreadSteps;
  m.attr("MOST_SPREAD") = imu_gesture::kMostSpread;
  m.attr("SCORE_LEVELS") = imu_gesture::kScoreLevels;
  m.attr("SCORE_ZERO_POINT") = imu_gesture::kScoreZeroPoint;
  m.attr("NEVER") = imu_gesture::kNever;
  m.attr("DEFAULT_MAX_GAP_US") = imu_gesture::kDefaultMaxGapUs;
}

}  // namespace bindings
