// The newest of a row of records, kept in flash so that power may fail at any moment.
//
// Records are appended, each with its number and a checksum, until a page is full; then the next page
// is erased and goes on. So a page is erased once for many records, and the newest record is never in a
// page that is erased. What was cut off in the middle has a wrong checksum and is passed over.
#pragma once

#include <stdint.h>

#include "bytes.h"
#include "crc32.h"
#include "flash.h"

namespace imu_gesture {

template <int kMaxRecord>
class FlashLog {
 public:
  static constexpr int kPages = 2;

  // `start`: offset of the first of kPages pages.
  FlashLog(Flash* flash, uint32_t start) : flash_(flash), start_(start) {}

  // Reads the newest whole record; returns its size, 0 when there is none. Call once before append().
  int load(uint8_t* record) {
    int newest = 0;
    number_ = 0;
    for (int page = 0; page < kPages; ++page) {
      uint32_t at = 0;
      Head head;
      while (read_head(page, at, &head)) {
        if (head.whole && head.number > number_) {
          number_ = head.number;
          newest_page_ = page;
          newest = head.size;
          flash_->read(offset(page, at + kHead), record, head.size);
        }
        at += head.stride;
      }
      end_[page] = at;
    }
    page_ = newest_page_;
    return newest;
  }

  // False when the flash refuses; then the record before is still there.
  bool append(const uint8_t* record, int size) {
    if (size <= 0 || size > kMaxRecord) {
      return false;
    }
    const uint32_t stride = kHead + padded(size) + kTail;
    if (number_ == 0U || end_[page_] + stride > Flash::kPageBytes) {
      const int next = (newest_page_ + 1) % kPages;  // never the page of the newest record
      if (!flash_->erase_page(offset(next, 0))) {
        return false;
      }
      page_ = next;
      end_[page_] = 0;
    }
    const uint32_t at = end_[page_];
    end_[page_] += stride;  // written or half written: not usable again before an erase
    return write(at, record, size);
  }

 private:
  static constexpr uint32_t kHead = 8;  // number u32, size u16, and its complement
  static constexpr uint32_t kTail = 4;  // CRC-32 of head and record

  struct Head {
    uint32_t number;
    int size;
    uint32_t stride;
    bool whole;
  };

  uint32_t offset(int page, uint32_t at) const {
    return start_ + static_cast<uint32_t>(page) * Flash::kPageBytes + at;
  }
  static uint32_t padded(int size) { return (static_cast<uint32_t>(size) + 3U) & ~3U; }

  // False where nothing was written any more. A head that is damaged ends its page.
  bool read_head(int page, uint32_t at, Head* head) {
    if (at + kHead + kTail > Flash::kPageBytes) {
      return false;
    }
    uint8_t bytes[kHead];
    flash_->read(offset(page, at), bytes, kHead);
    if (erased(bytes)) {
      return false;
    }
    ByteReader in(bytes, kHead);
    head->number = in.u32();
    const uint16_t size = in.u16();
    const uint32_t room = Flash::kPageBytes - at;
    head->size = size;
    head->stride = kHead + padded(size) + kTail;
    const bool sound = in.u16() == static_cast<uint16_t>(~size) && size > 0 && size <= kMaxRecord;
    if (!sound || head->stride > room) {
      head->stride = room;
      head->whole = false;
      return true;
    }
    head->whole = checked(page, at, *head);
    return true;
  }

  bool checked(int page, uint32_t at, const Head& head) {
    uint8_t bytes[kHead + kMaxRecord + 3 + kTail];
    flash_->read(offset(page, at), bytes, static_cast<int>(head.stride));
    const int body = static_cast<int>(head.stride - kTail);
    ByteReader tail(bytes + body, kTail);
    return tail.u32() == crc32(bytes, body);
  }

  static bool erased(const uint8_t* head) {
    for (uint32_t i = 0; i < kHead; ++i) {
      if (head[i] != 0xFFU) {
        return false;
      }
    }
    return true;
  }

  bool write(uint32_t at, const uint8_t* record, int size) {
    uint8_t bytes[kHead + kMaxRecord + 3 + kTail] = {};
    const int body = static_cast<int>(kHead + padded(size));
    ByteWriter head(bytes, kHead);
    head.u32(number_ + 1U);
    head.u16(static_cast<uint16_t>(size));
    head.u16(static_cast<uint16_t>(~size));
    for (int i = 0; i < size; ++i) {
      bytes[kHead + static_cast<uint32_t>(i)] = record[i];
    }
    ByteWriter tail(bytes + body, kTail);
    tail.u32(crc32(bytes, body));
    if (!flash_->write(offset(page_, at), bytes, body + static_cast<int>(kTail))) {
      return false;
    }
    ++number_;
    newest_page_ = page_;
    return true;
  }

  Flash* flash_;
  uint32_t start_;
  uint32_t number_ = 0;  // of the newest record
  int newest_page_ = kPages - 1;  // where it is
  int page_ = 0;         // where the next one goes
  uint32_t end_[kPages] = {};
};

}  // namespace imu_gesture
