// The state of an estimator as bytes, for Python.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arrays.h"
#include "saved_state.h"

namespace bindings {

// Adds `state()` and `restore(saved)` to an estimator that has a state and can be restored from one.
template <typename State, typename Estimator>
void bind_state(nb::class_<Estimator>& bound, uint16_t version) {
  bound
      .def(
          "state",
          [version](const Estimator& self) {
            std::vector<uint8_t> data(static_cast<size_t>(imu_gesture::saved_bytes<State>()));
            imu_gesture::save_state(self.state(), version, data.data());
            return nb::bytes(data.data(), data.size());
          },
          "Everything remembered, as bytes.")
      .def(
          "restore",
          [version](Estimator& self, const nb::bytes& saved) {
            State state;
            const auto* data = static_cast<const uint8_t*>(saved.data());
            require(imu_gesture::load_state(data, static_cast<int>(saved.size()), version, &state),
                    "saved: damaged, or not a state of this version; start with a new estimator");
            self.restore(state);
          },
          nb::arg("saved"), "Go on from `state()`, with the same bits.");
}

}  // namespace bindings
