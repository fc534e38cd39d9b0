#include "model_package.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string>
#include <vector>

#include "arrays.h"
#include "model_store.h"

namespace bindings {
namespace {

using namespace imu_gesture;

using Windows = nb::ndarray<const int8_t, nb::ndim<3>, nb::c_contig, nb::device::cpu>;

void append(std::vector<uint8_t>* to, const void* data, size_t size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  to->insert(to->end(), bytes, bytes + size);
}

std::vector<uint8_t> labels_of(const std::vector<std::string>& names) {
  std::vector<uint8_t> bytes;
  for (const std::string& name : names) {
    require(!name.empty() && name.size() <= static_cast<size_t>(kMaxLabelBytes),
            "labels: 1 to " + std::to_string(kMaxLabelBytes) + " bytes of UTF-8 wanted");
    bytes.push_back(static_cast<uint8_t>(name.size()));
    append(&bytes, name.data(), name.size());
  }
  return bytes;
}

std::vector<uint8_t> params_of(FirmwareParams params) {
  if (params.window.regime == Regime::kContinuous) {
    FieldReader zeros(nullptr, 0);
    param_fields(zeros, params.window.motion);
  }
  std::vector<uint8_t> bytes(static_cast<size_t>(param_bytes()));
  FieldWriter out(bytes.data(), static_cast<int>(bytes.size()));
  param_fields(out, params);
  while (bytes.size() > static_cast<size_t>(kFirstParamBytes) && bytes.back() == 0U) {
    bytes.pop_back();
  }
  return bytes;
}

nb::bytes make_package(const FirmwareParams& params, const std::vector<std::string>& labels,
                       const nb::bytes& model_id, uint32_t arena_bytes, const Windows& golden,
                       const Matrix<int8_t>& scores, const nb::bytes& model) {
  require(are_sound(params, kMaxWindowSamples), "params: not what a firmware can run");
  require(model_id.size() == static_cast<size_t>(kIdBytes), "model_id: 8 bytes wanted" + got(model_id.size()));
  require(labels.size() == static_cast<size_t>(params.decision.classes), "labels: one for each class wanted" + got(labels.size()));
  const size_t windows = golden.shape(0);
  require(golden.shape(1) == static_cast<size_t>(params.window.samples) &&
              golden.shape(2) == static_cast<size_t>(params.conditioner.channels),
          "golden: (n, samples, channels) wanted");
  require(scores.shape(0) == windows && scores.shape(1) == static_cast<size_t>(params.decision.outputs()),
          "scores: (n, outputs) wanted");
  const std::vector<uint8_t> names = labels_of(labels);
  const std::vector<uint8_t> values = params_of(params);
  PackageHead head;
  head.params_size = static_cast<uint16_t>(values.size());
  head.labels_size = static_cast<uint16_t>(names.size());
  head.golden = static_cast<uint16_t>(windows);
  head.arena_bytes = arena_bytes;
  head.model_size = static_cast<uint32_t>(model.size());
  std::copy_n(static_cast<const uint8_t*>(model_id.data()), kIdBytes, head.model_id);
  std::vector<uint8_t> package(static_cast<size_t>(kPackageHeadBytes));
  append(&package, values.data(), values.size());
  append(&package, names.data(), names.size());
  const size_t window_bytes = golden.shape(1) * golden.shape(2);
  for (size_t i = 0; i < windows; ++i) {
    append(&package, golden.data() + i * window_bytes, window_bytes);
    append(&package, scores.data() + i * scores.shape(1), scores.shape(1));
  }
  package.resize((package.size() + kModelAlignment - 1) / kModelAlignment * kModelAlignment);
  head.model_offset = static_cast<uint32_t>(package.size());
  append(&package, model.data(), model.size());
  FieldWriter out(package.data(), kPackageHeadBytes);
  head.fields(out);
  return nb::bytes(package.data(), package.size());
}

int problem_of(const nb::bytes& package, int capacity, uint32_t arena_bytes) {
  ModelPackage read;
  FirmwareParams params;
  return static_cast<int>(read.read(static_cast<const uint8_t*>(package.data()), static_cast<int>(package.size()),
                                    capacity, arena_bytes, &params));
}

}  // namespace

void bind_model_package(nb::module_& m) {
  m.def("model_package", &make_package, nb::arg("params"), nb::arg("labels"), nb::arg("model_id"),
        nb::arg("arena_bytes"), nb::arg("golden"), nb::arg("scores"), nb::arg("model"),
        nb::sig("def model_package(params: FirmwareParams, labels: collections.abc.Sequence[str], model_id: bytes, "
                "arena_bytes: int, golden: numpy.typing.NDArray[numpy.int8], scores: numpy.typing.NDArray[numpy.int8], "
                "model: bytes) -> bytes"),
        "A model with everything the firmware must know of it (model_package.h).\n\n"
        "model_id: (8,) bytes; golden: (n, samples, channels) int8 inputs; scores: (n, outputs) int8, what the\n"
        "model gives for them; model: a flatbuffer.");
  m.def("package_problem", &problem_of, nb::arg("package"), nb::arg("capacity") = kMaxWindowSamples,
        nb::arg("arena_bytes") = 1U << 20, "0 where a board with so much room can run it, else a PackageProblem.");
  m.def(
      "sha256",
      [](const nb::bytes& data) {
        uint8_t digest[kDigestBytes];
        Sha256 hash;
        hash.update(static_cast<const uint8_t*>(data.data()), static_cast<int>(data.size()));
        hash.finish(digest);
        return nb::bytes(digest, kDigestBytes);
      },
      nb::arg("data"));
  m.def(
      "hmac_sha256",
      [](const nb::bytes& key, const nb::bytes& data) {
        require(key.size() == static_cast<size_t>(kDigestBytes), "key: 32 bytes wanted" + got(key.size()));
        uint8_t tag[kDigestBytes];
        HmacSha256(static_cast<const uint8_t*>(key.data()))
            .add(static_cast<const uint8_t*>(data.data()), static_cast<int>(data.size()))
            .finish(tag);
        return nb::bytes(tag, kDigestBytes);
      },
      nb::arg("key"), nb::arg("data"));
  m.attr("MODEL_ROOM") = ModelStore::kRoom;
}

}  // namespace bindings
