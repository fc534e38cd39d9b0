// Numpy arrays in and out of the batch entry points.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bindings {

namespace nb = nanobind;

template <typename T>
using Vector = nb::ndarray<const T, nb::numpy, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Matrix = nb::ndarray<const T, nb::numpy, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
template <typename T>
using AnyShape = nb::ndarray<const T, nb::numpy, nb::c_contig, nb::device::cpu>;
template <typename T>
using Output = nb::ndarray<nb::numpy, T>;

// Hands the vector's memory to a new numpy array.
template <typename T>
Output<T> to_numpy(std::vector<T>&& values, const std::vector<size_t>& shape) {
  auto* owned = new std::vector<T>(std::move(values));
  nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return Output<T>(owned->data(), shape.size(), shape.data(), owner);
}

template <typename T>
std::vector<size_t> shape_of(const AnyShape<T>& array) {
  std::vector<size_t> shape(array.ndim());
  for (size_t i = 0; i < array.ndim(); ++i) {
    shape[i] = array.shape(i);
  }
  return shape;
}

inline void require(bool condition, const std::string& message) {
  if (!condition) {
    throw nb::value_error(message.c_str());
  }
}

inline std::string got(size_t n) { return ", got " + std::to_string(n); }

}  // namespace bindings
