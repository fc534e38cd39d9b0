// What the board keeps in flash beside models: its calibration with what it has learned, and its key.
#pragma once

#include <stdint.h>

#include "authority.h"
#include "board_calibration.h"
#include "flash.h"
#include "flash_log.h"
#include "saved_state.h"

namespace imu_gesture {

constexpr uint16_t kKeyVersion = 1;

class BoardFlash {
 public:
  // `flash` may be null: a board that remembers nothing.
  explicit BoardFlash(Flash* flash)
      : flash_(flash), memory_(flash, kMemoryPage * Flash::kPageBytes), keys_(flash, kKeyPage * Flash::kPageBytes) {}

  template <typename Calibration>
  void recall(Calibration* calibration, Authority* authority) {
    if (flash_ == nullptr) {
      return;
    }
    uint8_t record[kMaxRememberedBytes];
    calibration->recall(record, memory_.load(record));
    SetKey key;
    if (load_state(record, keys_.load(record), kKeyVersion, &key)) {
      authority->know(key);
    }
  }

  template <typename Calibration>
  void save_due(Calibration* calibration) {
    if (flash_ != nullptr && calibration->due()) {
      uint8_t record[kMaxRememberedBytes];
      memory_.append(record, calibration->save(record));
    }
  }

  bool save(const SetKey& key) {
    uint8_t record[kMaxRememberedBytes];
    save_state(key, kKeyVersion, record);
    return flash_ != nullptr && keys_.append(record, saved_bytes<SetKey>());
  }

 private:
  Flash* flash_;
  FlashLog<kMaxRememberedBytes> memory_;
  FlashLog<kMaxRememberedBytes> keys_;
};

}  // namespace imu_gesture
