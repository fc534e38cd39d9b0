// imu_gesture._core: the firmware's portable core for Python. One function a core header.
#include <nanobind/nanobind.h>

namespace bindings {
void bind_contract(nanobind::module_& m);
void bind_calibration(nanobind::module_& m);
void bind_bias_tracker(nanobind::module_& m);
void bind_inertial_correction(nanobind::module_& m);
void bind_conditioner(nanobind::module_& m);
void bind_front_end(nanobind::module_& m);
void bind_schedule(nanobind::module_& m);
void bind_quantise(nanobind::module_& m);
void bind_decision(nanobind::module_& m);
void bind_firmware(nanobind::module_& m);
void bind_packets(nanobind::module_& m);
void bind_wire(nanobind::module_& m);
void bind_model_package(nanobind::module_& m);
void bind_flash(nanobind::module_& m);
void bind_device(nanobind::module_& m);
void bind_maths(nanobind::module_& m);
void bind_orientation_params(nanobind::module_& m);
void bind_orientation(nanobind::module_& m);
void bind_mag_calibrator(nanobind::module_& m);
void bind_drift(nanobind::module_& m);
}  // namespace bindings

NB_MODULE(_core, m) {
  m.doc() = "The code that runs on the board, for numpy arrays (see firmware_sketch/src/core).";
  bindings::bind_contract(m);
  bindings::bind_calibration(m);
  bindings::bind_orientation_params(m);
  bindings::bind_bias_tracker(m);
  bindings::bind_inertial_correction(m);
  bindings::bind_conditioner(m);
  bindings::bind_front_end(m);
  bindings::bind_schedule(m);
  bindings::bind_quantise(m);
  bindings::bind_decision(m);
  bindings::bind_firmware(m);
  bindings::bind_packets(m);
  bindings::bind_wire(m);
  bindings::bind_flash(m);
  bindings::bind_model_package(m);
  bindings::bind_device(m);
  bindings::bind_maths(m);
  bindings::bind_orientation(m);
  bindings::bind_mag_calibrator(m);
  bindings::bind_drift(m);
}
