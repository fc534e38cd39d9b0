#include "bind_params.h"
#include "orientation.h"

namespace bindings {
namespace {

using imu_gesture::GyroBiasParams;
using imu_gesture::HeadingParams;
using imu_gesture::MagneticFieldParams;
using imu_gesture::OrientationParams;
using imu_gesture::RestParams;

const ParamField<RestParams> kRest[] = {
    {"tau_s", &RestParams::tau_s, "Time constant of the low-pass filters."},
    {"min_s", &RestParams::min_s, "Stillness that counts as rest."},
    {"gyr_dps", &RestParams::gyr_dps, "Largest deviation from the low-passed rate."},
    {"acc_g", &RestParams::acc_g, "Largest deviation from the low-passed acceleration."},
    {"offset_dps", &RestParams::offset_dps, "Largest distance from the known offset, on one axis."},
    {"first_min_s", &RestParams::first_min_s, "Stillness that counts as the first rest."},
    {"first_gyr_dps", &RestParams::first_gyr_dps, "Largest deviation from the rate at the first rest."},
    {"first_offset_dps", &RestParams::first_offset_dps, "Largest offset that a sensor may have."},
    {"surprise_min_s", &RestParams::surprise_min_s, "Stillness after which another offset is believed."},
};

const ParamField<GyroBiasParams> kBias[] = {
    {"sigma_initial_dps", &GyroBiasParams::sigma_initial_dps, "Before anything was measured."},
    {"forgetting_s", &GyroBiasParams::forgetting_s, "In which the uncertainty grows from 0 to 0.1 deg/s."},
    {"limit_dps", &GyroBiasParams::limit_dps, "Of the estimate, on each axis."},
    {"sigma_motion_dps", &GyroBiasParams::sigma_motion_dps, "To which it converges in motion."},
    {"sigma_rest_dps", &GyroBiasParams::sigma_rest_dps, "To which it converges at rest."},
    {"vertical_forgetting", &GyroBiasParams::vertical_forgetting, "Weight of the decay in the vertical."},
    {"disagreement_dps", &GyroBiasParams::disagreement_dps, "To which one disagreement is cut."},
};

const ParamField<MagneticFieldParams> kField[] = {
    {"tau_s", &MagneticFieldParams::tau_s, "Of strength and dip."},
    {"reference_tau_s", &MagneticFieldParams::reference_tau_s, "With which the reference follows."},
    {"strength", &MagneticFieldParams::strength, "Largest relative deviation of the strength."},
    {"dip_deg", &MagneticFieldParams::dip_deg, "Largest deviation of the dip."},
    {"undisturbed_s", &MagneticFieldParams::undisturbed_s, "Within the limits before the field is trusted."},
    {"new_s", &MagneticFieldParams::new_s, "Of turning in another field until that is the reference."},
    {"first_s", &MagneticFieldParams::first_s, "The same while there is no reference."},
    {"turning_dps", &MagneticFieldParams::turning_dps, "Slower turning does not count."},
};

const ParamField<HeadingParams> kHeading[] = {
    {"tau_s", &HeadingParams::tau_s, "Longer: the gyroscope is trusted more."},
    {"known_bias_tau_s", &HeadingParams::known_bias_tau_s, "The same once its offset was measured at rest."},
    {"still_tau_s", &HeadingParams::still_tau_s, "Of the field seen by a board at rest."},
    {"max_rejection_s", &HeadingParams::max_rejection_s, "Of a disturbed field."},
    {"rejection_factor", &HeadingParams::rejection_factor, "By which the filter is slower afterwards."},
};

const ParamField<OrientationParams> kOrientation[] = {
    {"tau_acc_s", &OrientationParams::tau_acc_s, "Longer: the gyroscope is trusted more."},
    {"max_gap_s", &OrientationParams::max_gap_s, "Longer silence interrupts the low-pass filters."},
    {"relevel_dps", &OrientationParams::relevel_dps,
     "An offset found to be wrong by more starts the attitude anew."},
};

}  // namespace

void bind_orientation_params(nb::module_& m) {
  bind_params(m, "RestParams", "When the board is at rest.", kRest);
  bind_params(m, "GyroBiasParams", "How the gyroscope's offset is tracked.", kBias);
  bind_params(m, "MagneticFieldParams", "When the magnetic field is the earth's.", kField);
  bind_params(m, "HeadingParams", "How the magnetometer corrects the heading.", kHeading)
      .def(
          "with_field",
          [](HeadingParams params, const MagneticFieldParams& field) {
            params.field = field;
            return params;
          },
          nb::arg("field"), "The same with another field.")
      .def_ro("field", &HeadingParams::field);
  bind_params(m, "OrientationParams", "Parameters of `Orientation`.", kOrientation)
      .def(
          "with_parts",
          [](OrientationParams params, const std::optional<RestParams>& rest,
             const std::optional<GyroBiasParams>& bias, const std::optional<HeadingParams>& heading) {
            replace_part(&params.rest, rest);
            replace_part(&params.bias, bias);
            replace_part(&params.heading, heading);
            return params;
          },
          nb::arg("rest") = nb::none(), nb::arg("bias") = nb::none(), nb::arg("heading") = nb::none(),
          "The same with other parts.")
      .def_ro("rest", &OrientationParams::rest)
      .def_ro("bias", &OrientationParams::bias)
      .def_ro("heading", &OrientationParams::heading);
}

}  // namespace bindings
