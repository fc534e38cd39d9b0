// Parameter structs of the core as frozen Python objects: one table of fields serves constructor,
// attributes and types.
#pragma once

#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <cmath>
#include <array>
#include <optional>
#include <string>

#include "arrays.h"

namespace bindings {

template <typename Params>
struct ParamField {
  const char* name;
  float Params::*member;
  const char* doc;
};

template <typename Params, size_t kFields>
void set_params(Params* params, const ParamField<Params> (&table)[kFields], const nb::kwargs& given) {
  for (const auto [key, value] : given) {
    const std::string name = nb::cast<std::string>(key);
    const ParamField<Params>* found = nullptr;
    for (const ParamField<Params>& field : table) {
      found = name == field.name ? &field : found;
    }
    if (found == nullptr) {
      throw nb::type_error(("there is no parameter " + name).c_str());
    }
    const float wanted = static_cast<float>(nb::cast<double>(value));
    require(std::isfinite(wanted) && wanted > 0.0F, name + ": a positive number wanted");
    params->*(found->member) = wanted;
  }
}

template <typename Params, size_t kFields>
std::string init_signature(const ParamField<Params> (&table)[kFields]) {
  std::string text = "def __init__(self, *";
  for (const ParamField<Params>& field : table) {
    text += std::string(", ") + field.name + ": float = ...";
  }
  return text + ") -> None";
}

// The part given, or the one that is there.
template <typename Part>
void replace_part(Part* part, const std::optional<Part>& given) {
  if (given.has_value()) {
    *part = *given;
  }
}

// Adds constructor and attributes; `table` must live as long as the module.
template <typename Params, size_t kFields>
nb::class_<Params> bind_params(nb::module_& m, const char* name, const char* doc,
                               const ParamField<Params> (&table)[kFields]) {
  nb::class_<Params> bound(m, name, doc);
  static const std::string signature = init_signature(table);
  bound.def(
      "__init__",
      [&table](Params* self, const nb::kwargs& given) {
        Params params;
        set_params(&params, table, given);
        new (self) Params(params);
      },
      nb::sig(signature.c_str()));
  for (const ParamField<Params>& field : table) {
    bound.def_ro(field.name, field.member, field.doc);
  }
  return bound;
}

template <typename Params, size_t kFields>
std::array<float, kFields> values_of(const Params& params, const ParamField<Params> (&table)[kFields]) {
  std::array<float, kFields> values;
  for (size_t i = 0; i < kFields; ++i) {
    values[i] = params.*(table[i].member);
  }
  return values;
}

// Makes it a plain value: compared, hashed, shown and sent to other processes by its fields.
template <typename Params, size_t kFields>
void bind_value(nb::class_<Params>& bound, const ParamField<Params> (&table)[kFields]) {
  bound.def("__eq__",
            [&table](const Params& self, const Params& other) {
              return values_of(self, table) == values_of(other, table);
            },
            nb::is_operator(), nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__hash__", [&table](const Params& self) { return nb::hash(nb::tuple(nb::cast(values_of(self, table)))); })
      .def("__getstate__", [&table](const Params& self) { return values_of(self, table); })
      .def("__setstate__", [&table](Params& self, const std::array<float, kFields>& values) {
        new (&self) Params();
        for (size_t i = 0; i < kFields; ++i) {
          self.*(table[i].member) = values[i];
        }
      });
}

}  // namespace bindings
