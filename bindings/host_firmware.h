// The core firmware with a Python classifier.
#pragma once

#include <nanobind/stl/string.h>

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "bind_samples.h"
#include "firmware.h"

namespace bindings {

// Keeps a Python classifier next to the core firmware that calls it.
class HostFirmware {
 public:
  HostFirmware(const imu_gesture::FirmwareParams& params, nb::callable classify)
      : classify_(std::move(classify)), firmware_(params, &HostFirmware::call, this) {}
  HostFirmware(const HostFirmware&) = delete;
  HostFirmware& operator=(const HostFirmware&) = delete;

  std::vector<imu_gesture::GestureEvent> push(const Vector<int64_t>& device_time_us, const Matrix<float>& acc_g,
                                 const Matrix<float>& gyr_dps) {
    const SampleArrays samples(device_time_us, acc_g, gyr_dps);
    std::vector<imu_gesture::GestureEvent> events;
    for (size_t i = 0; i < samples.size(); ++i) {
      firmware_.push(samples.at(i));
      rethrow();
      imu_gesture::GestureEvent event;
      while (firmware_.next_event(&event)) {
        events.push_back(event);
      }
    }
    return events;
  }

  Output<uint8_t> scores() const {
    std::vector<uint8_t> levels;
    for (int c = 0; c < firmware_.params().decision.classes; ++c) {
      levels.push_back(firmware_.score(c));
    }
    const size_t n = levels.size();
    return to_numpy(std::move(levels), {n});
  }

  const imu_gesture::FirmwareCounters& counters() const { return firmware_.counters(); }

  imu_gesture::Firmware<>& core() { return firmware_; }

  // What classifies from now on; null: what did at first.
  void classify_with(nb::object classify) { loaded_ = std::move(classify); }

  // What the classifier raised since the last call.
  void rethrow() {
    if (failure_) {
      std::rethrow_exception(std::exchange(failure_, nullptr));
    }
  }

  // The classifier may, in Python, hold this object in turn: the garbage collector has to see it.
  static int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (nb::inst_ready(self)) {
      Py_VISIT(nb::inst_ptr<HostFirmware>(self)->classify_.ptr());
      Py_VISIT(nb::inst_ptr<HostFirmware>(self)->loaded_.ptr());
    }
    return 0;
  }
  static int clear(PyObject* self) {
    nb::inst_ptr<HostFirmware>(self)->classify_.reset();
    nb::inst_ptr<HostFirmware>(self)->loaded_.reset();
    return 0;
  }

 private:
  static bool call(void* context, const int8_t* input, int8_t* outputs) {
    auto* self = static_cast<HostFirmware*>(context);
    try {
      self->classify(input, outputs);
      return true;
    } catch (...) {
      self->failure_ = std::current_exception();
      return false;
    }
  }

  void classify(const int8_t* input, int8_t* outputs) {
    const imu_gesture::FirmwareParams& params = firmware_.params();
    const size_t samples = static_cast<size_t>(params.window.samples);
    const size_t channels = static_cast<size_t>(params.conditioner.channels);
    const nb::object answer =
        (loaded_.is_valid() && !loaded_.is_none() ? loaded_ : nb::object(classify_))(to_numpy(std::vector<int8_t>(input, input + samples * channels), {samples, channels}));
    const auto given = nb::cast<Vector<int8_t>>(answer);
    const size_t wanted = static_cast<size_t>(params.decision.outputs());
    require(given.shape(0) == wanted, "classify: " + std::to_string(wanted) + " scores wanted" + got(given.shape(0)));
    for (size_t i = 0; i < wanted; ++i) {
      outputs[i] = given.data()[i];
    }
  }

  nb::callable classify_;
  nb::object loaded_;  // of a model that came over a link
  imu_gesture::Firmware<> firmware_;
  std::exception_ptr failure_;
};

}  // namespace bindings
