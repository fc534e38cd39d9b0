#include <memory>

#include "arrays.h"
#include "flash_log.h"
#include "memory_flash.h"
#include "remembered.h"

namespace bindings {
namespace {

using Log = imu_gesture::FlashLog<imu_gesture::kMaxRememberedBytes>;

// A log on a flash of its own pages; made anew, it is the log after a start.
class HostLog {
 public:
  explicit HostLog(nb::object flash) : flash_(std::move(flash)), log_(&nb::cast<MemoryFlash&>(flash_), 0) {}

  nb::object load() {
    uint8_t record[imu_gesture::kMaxRememberedBytes];
    const int size = log_.load(record);
    return size > 0 ? nb::object(nb::bytes(record, static_cast<size_t>(size))) : nb::none();
  }
  bool append(const nb::bytes& record) {
    return log_.append(static_cast<const uint8_t*>(record.data()), static_cast<int>(record.size()));
  }

 private:
  nb::object flash_;
  Log log_;
};

}  // namespace

void bind_flash(nb::module_& m) {
  nb::class_<MemoryFlash>(m, "Flash", "Flash of a board, in memory, whose power may fail.")
      .def("__init__",
           [](MemoryFlash* self, int pages) {
             require(pages >= Log::kPages && pages <= 256, "pages: 2 to 256 wanted");
             new (self) MemoryFlash(pages);
           },
           nb::arg("pages") = Log::kPages)
      .def("cut_after", &MemoryFlash::cut_after, nb::arg("bytes"),
           "Power fails once so many more bytes were written or erased; -1: it does not.")
      .def_prop_rw(
          "content", [](MemoryFlash& self) { return nb::bytes(self.content().data(), self.content().size()); },
          [](MemoryFlash& self, const nb::bytes& content) {
            require(content.size() == self.content().size(), "content: as many bytes as there are wanted" + got(content.size()));
            const auto* data = static_cast<const uint8_t*>(content.data());
            self.content().assign(data, data + content.size());
          })
      .def_prop_ro("erases", &MemoryFlash::erases, "Pages erased so far.");

  nb::class_<HostLog>(m, "FlashLog", "The newest of a row of records (flash_log.h).")
      .def(nb::init<nb::object>(), nb::arg("flash"), nb::sig("def __init__(self, flash: Flash) -> None"))
      .def("load", &HostLog::load, nb::sig("def load(self) -> bytes | None"), "The newest whole record. Call first.")
      .def("append", &HostLog::append, nb::arg("record"), "False when the flash refused.");
}

}  // namespace bindings
