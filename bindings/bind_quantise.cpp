#include "quantise.h"

#include "arrays.h"

namespace bindings {
namespace {

using imu_gesture::FeatureParams;
using imu_gesture::QuantisationParams;

FeatureParams make_features(const Vector<float>& offset, const Vector<float>& gain) {
  const size_t n = offset.shape(0);
  require(n == gain.shape(0), "offset, gain: the same length wanted");
  require(n == imu_gesture::kAxes || n == imu_gesture::kMaxChannels, "offset, gain: 3 or 6 channels wanted" + got(n));
  FeatureParams params;
  for (size_t c = 0; c < n; ++c) {
    params.offset[c] = offset.data()[c];
    params.gain[c] = gain.data()[c];
  }
  return params;
}

QuantisationParams make_quantisation(float scale, int zero_point) {
  require(scale > 0.0F, "scale: a positive number wanted");
  require(zero_point >= INT8_MIN && zero_point <= INT8_MAX, "zero_point: -128 to 127 wanted");
  return {scale, zero_point};
}

Output<float> features(const FeatureParams& params, const AnyShape<float>& rows) {
  require(rows.ndim() >= 1, "rows: shape (..., channels) wanted");
  const size_t channels = rows.shape(rows.ndim() - 1);
  require(channels <= imu_gesture::kMaxChannels, "rows: at most 6 channels wanted" + got(channels));
  std::vector<float> values(rows.size());
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = imu_gesture::feature(params, static_cast<int>(i % channels), rows.data()[i]);
    }
  }
  return to_numpy(std::move(values), shape_of<float>(rows));
}

Output<int8_t> quantise(const QuantisationParams& params, const AnyShape<float>& values) {
  std::vector<int8_t> q(values.size());
  {
    nb::gil_scoped_release release;
    for (size_t i = 0; i < q.size(); ++i) {
      q[i] = imu_gesture::quantise(params, values.data()[i]);
    }
  }
  return to_numpy(std::move(q), shape_of<float>(values));
}

}  // namespace

void bind_quantise(nb::module_& m) {
  nb::class_<FeatureParams>(m, "FeatureParams", "feature = (value - offset) * gain, channel by channel.")
      .def("__init__",
           [](FeatureParams* self, const Vector<float>& offset, const Vector<float>& gain) {
             new (self) FeatureParams(make_features(offset, gain));
           },
           nb::arg("offset"), nb::arg("gain"), "offset, gain: (channels,) float32.");

  nb::class_<QuantisationParams>(m, "QuantisationParams", "real = scale * (q - zero_point), q int8.")
      .def("__init__",
           [](QuantisationParams* self, float scale, int zero_point) {
             new (self) QuantisationParams(make_quantisation(scale, zero_point));
           },
           nb::arg("scale"), nb::arg("zero_point"))
      .def_ro("scale", &QuantisationParams::scale)
      .def_ro("zero_point", &QuantisationParams::zero_point);

  m.def("features", &features, nb::arg("params"), nb::arg("rows"),
        "Features of float32 rows of shape (..., channels).");
  m.def("quantise", &quantise, nb::arg("params"), nb::arg("values"),
        "float32 of any shape -> int8: halves to even, saturating, NaN to the zero point.");
}

}  // namespace bindings
