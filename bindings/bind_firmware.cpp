#include <nanobind/stl/vector.h>

#include "host_firmware.h"

namespace bindings {
namespace {

using imu_gesture::FirmwareCounters;
using imu_gesture::FirmwareParams;

PyType_Slot firmware_slots[] = {
    {Py_tp_traverse, reinterpret_cast<void*>(&HostFirmware::traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(&HostFirmware::clear)},
    {0, nullptr},
};

void bind_counters(nb::module_& m) {
  nb::class_<FirmwareCounters>(m, "FirmwareCounters", "What the firmware has seen and refused.")
      .def_ro("samples", &FirmwareCounters::samples)
      .def_ro("out_of_order", &FirmwareCounters::out_of_order)
      .def_ro("gaps", &FirmwareCounters::gaps)
      .def_ro("windows", &FirmwareCounters::windows)
      .def_ro("classifier_failures", &FirmwareCounters::classifier_failures)
      .def_ro("events_lost", &FirmwareCounters::events_lost);
}

void bind_params(nb::module_& m) {
  nb::class_<FirmwareParams>(m, "FirmwareParams", "Everything the firmware is told about a model.")
      .def("__init__",
           [](FirmwareParams* self, const imu_gesture::ConditionerParams& conditioner,
              const imu_gesture::WindowParams& window, const imu_gesture::FeatureParams& features,
              const imu_gesture::QuantisationParams& input, const imu_gesture::DecisionParams& decision,
              const imu_gesture::FrontEndParams& front_end) {
             require(conditioner.channels == imu_gesture::kMaxChannels ||
                         front_end.kind == imu_gesture::FrontEnd::kSensor,
                     "front_end: with 3 channels there is only the sensor's frame");
             require(window.regime == imu_gesture::Regime::kContinuous || decision.smoothing == 1,
                     "smoothing: 1 wanted where each motion is decided by itself" + got(decision.smoothing));
             new (self) FirmwareParams{conditioner, window, features, input, decision, front_end};
           },
           nb::arg("conditioner"), nb::arg("window"), nb::arg("features"), nb::arg("input"),
           nb::arg("decision"), nb::arg("front_end") = imu_gesture::FrontEndParams())
      .def_ro("conditioner", &FirmwareParams::conditioner)
      .def_ro("window", &FirmwareParams::window)
      .def_ro("features", &FirmwareParams::features)
      .def_ro("input", &FirmwareParams::input)
      .def_ro("decision", &FirmwareParams::decision)
      .def_ro("front_end", &FirmwareParams::front_end);
}

}  // namespace

void bind_firmware(nb::module_& m) {
  bind_params(m);
  bind_counters(m);
  nb::class_<HostFirmware>(m, "Firmware", nb::type_slots(firmware_slots),
                           "The board's state machine: samples in, events out.")
      .def(nb::init<const FirmwareParams&, nb::callable>(), nb::arg("params"), nb::arg("classify"),
           nb::sig("def __init__(self, params: FirmwareParams, classify: "
                   "collections.abc.Callable[[numpy.typing.NDArray[numpy.int8]], "
                   "numpy.typing.NDArray[numpy.int8]]) -> None"),
           "classify: int8 (samples, channels) -> int8 scores (classes,); what it raises reaches push().")
      .def("push", &HostFirmware::push, nb::arg("device_time_us"), nb::arg("acc_g"), nb::arg("gyr_dps"),
           "Take samples and return the events they caused.\n\n"
           "device_time_us: (n,) int64; acc_g, gyr_dps: (n, 3) float32.")
      .def("update_temperature",
           [](HostFirmware& self, float celsius) { self.core().correction().update_temperature(celsius); },
           nb::arg("celsius"), "Of the sensor, from the next sample on.")
      .def_prop_ro("bias_dps",
                   [](HostFirmware& self) {
                     const imu_gesture::Vector3 b = self.core().correction().tracker().bias_dps();
                     return to_numpy(std::vector<float>{b.x, b.y, b.z}, {imu_gesture::kAxes});
                   },
                   nb::rv_policy::automatic, "The gyroscope's offset as it is known now: (3,).")
      .def_prop_ro("scores", &HostFirmware::scores, nb::rv_policy::automatic,
                   "Smoothed score levels (classes,) uint8.")
      .def("doze", [](HostFirmware& self, bool dozing) { self.core().doze(dozing); }, nb::arg("dozing"),
           "Classify nothing while the board lies still.")
      .def_prop_ro("at_rest", [](HostFirmware& self) { return self.core().at_rest(); },
                   "Whether the board lies still, as far as it has learned to tell.")
      .def_prop_ro("counters", &HostFirmware::counters, nb::rv_policy::copy);
}

}  // namespace bindings
