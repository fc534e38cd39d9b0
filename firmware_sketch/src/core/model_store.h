// Two places for model packages in flash, of which one is in use and the other takes the next.
//
// A slot's head is written last, when the whole package is there and has its checksum, so power may fail at
// any byte: the other slot still counts. Then words are cleared one by one as the package is tried, kept
// or refused: a package that was tried and not kept when the board starts has crashed it, and is refused.
// A package belongs to the sketch it came to: one with another model built in is newer than all of them.
#pragma once

#include <stdint.h>
#include <string.h>

#include "bytes.h"
#include "contract.h"
#include "crc32.h"
#include "flash.h"
#include "sha256.h"

namespace imu_gesture {

class ModelStore {
 public:
  static constexpr uint32_t kHeadBytes = 256;  // in front of the package
  static constexpr uint32_t kRoom = kSlotPages * Flash::kPageBytes - kHeadBytes;
  static constexpr int kNoSlot = -1;

  explicit ModelStore(Flash* flash) : flash_(flash) {}

  // `built_in`: id of the model in the sketch.
  void open(const uint8_t* built_in) { memcpy(built_in_, built_in, sizeof built_in_); }

  // The newest package that is whole and was not refused; kNoSlot when there is none.
  int newest() const {
    int best = kNoSlot;
    uint32_t number = 0;
    for (int slot = 0; slot < static_cast<int>(kModelSlots); ++slot) {
      const Head head = read_head(slot);
      const bool ours = head.whole && memcmp(head.built_in, built_in_, sizeof built_in_) == 0;
      if (ours && !cleared(slot, kRefused) && head.number > number && matches(slot, head)) {
        best = slot;
        number = head.number;
      }
    }
    return best;
  }

  const uint8_t* package(int slot) const { return flash_->at(offset(slot) + kHeadBytes); }
  int size(int slot) const { return static_cast<int>(read_head(slot).size); }

  bool was_tried(int slot) const { return cleared(slot, kTried); }
  bool was_kept(int slot) const { return cleared(slot, kKept); }
  bool note_tried(int slot) { return clear(slot, kTried); }
  bool note_kept(int slot) { return clear(slot, kKept); }
  bool refuse(int slot) { return clear(slot, kRefused); }

  // Starts to take a package into the slot that is not `in_use`. False: it is too large.
  bool begin(uint32_t size, const uint8_t* sha256, int in_use) {
    taking_ = false;
    if (size == 0U || size > kRoom) {
      return false;
    }
    target_ = in_use == 0 ? 1 : 0;
    head_.size = size;
    memcpy(head_.sha256, sha256, kDigestBytes);
    taken_ = 0;
    hash_ = Sha256();
    taking_ = flash_->erase_page(offset(target_));  // its head first: it is no package any more
    return taking_;
  }

  // The next bytes; all but the last piece are whole words. False: out of turn, too much, or the flash refused.
  bool write(uint32_t at, const uint8_t* data, int size) {
    if (!taking_ || at != taken_ || size <= 0 || static_cast<uint32_t>(size) > head_.size - taken_) {
      return false;
    }
    const uint32_t end = taken_ + static_cast<uint32_t>(size);
    if (size > kMaxPiece || (size % 4 != 0 && end != head_.size) || !erase_until(kHeadBytes + end)) {
      return false;
    }
    uint8_t words[kMaxPiece];
    memset(words, 0xFF, sizeof words);
    memcpy(words, data, static_cast<size_t>(size));
    const int padded = (size + 3) / 4 * 4;
    taking_ = flash_->write(offset(target_) + kHeadBytes + taken_, words, padded);
    hash_.update(data, size);
    taken_ = end;
    return taking_;
  }

  uint32_t taken() const { return taking_ ? taken_ : 0U; }

  // The slot that has it now; kNoSlot when bytes are missing or are not those that were announced.
  int finish() {
    uint8_t digest[kDigestBytes];
    if (!taking_ || taken_ != head_.size) {
      return kNoSlot;
    }
    taking_ = false;
    hash_.finish(digest);
    if (memcmp(digest, head_.sha256, kDigestBytes) != 0) {
      return kNoSlot;
    }
    uint32_t newest = 0;
    for (int slot = 0; slot < static_cast<int>(kModelSlots); ++slot) {
      const Head head = read_head(slot);
      newest = head.whole && head.number > newest ? head.number : newest;
    }
    head_.number = newest + 1U;
    return write_head() ? target_ : kNoSlot;
  }

 private:
  static constexpr uint32_t kMagic = 0x544C5349U;  // "ISLT"
  static constexpr int kHeadUsed = 4 + 4 + 4 + kDigestBytes + kIdBytes + 4;
  static constexpr int kMaxPiece = 240;
  static constexpr uint32_t kTried = 64;
  static constexpr uint32_t kKept = 68;
  static constexpr uint32_t kRefused = 72;

  struct Head {
    uint32_t number = 0;  // one more for each package
    uint32_t size = 0;
    uint8_t sha256[kDigestBytes] = {};
    uint8_t built_in[kIdBytes] = {};
    bool whole = false;
  };

  static uint32_t offset(int slot) {
    return (kSlotPage + static_cast<uint32_t>(slot) * kSlotPages) * Flash::kPageBytes;
  }

  Head read_head(int slot) const {
    uint8_t bytes[kHeadUsed];
    flash_->read(offset(slot), bytes, kHeadUsed);
    ByteReader in(bytes, kHeadUsed);
    Head head;
    const bool magic = in.u32() == kMagic;
    head.number = in.u32();
    head.size = in.u32();
    in.bytes(head.sha256, kDigestBytes);
    in.bytes(head.built_in, kIdBytes);
    head.whole = magic && in.u32() == crc32(bytes, kHeadUsed - 4) && head.size > 0U && head.size <= kRoom;
    return head;
  }

  bool write_head() {
    uint8_t bytes[kHeadUsed];
    ByteWriter out(bytes, kHeadUsed);
    out.u32(kMagic);
    out.u32(head_.number);
    out.u32(head_.size);
    out.bytes(head_.sha256, kDigestBytes);
    out.bytes(built_in_, kIdBytes);
    out.u32(crc32(bytes, kHeadUsed - 4));
    return flash_->write(offset(target_), bytes, kHeadUsed);
  }

  // Flash may have lost bits since: what is run is what was sent.
  bool matches(int slot, const Head& head) const {
    uint8_t digest[kDigestBytes];
    Sha256 hash;
    hash.update(package(slot), static_cast<int>(head.size));
    hash.finish(digest);
    return memcmp(digest, head.sha256, kDigestBytes) == 0;
  }

  bool cleared(int slot, uint32_t word) const {
    uint8_t bytes[4];
    flash_->read(offset(slot) + word, bytes, 4);
    return ByteReader(bytes, 4).u32() != 0xFFFFFFFFU;
  }
  bool clear(int slot, uint32_t word) {
    const uint8_t zeros[4] = {};
    return cleared(slot, word) || flash_->write(offset(slot) + word, zeros, 4);
  }

  // Pages are erased as the package grows, so that no erasing takes long. The first one is erased by begin().
  bool erase_until(uint32_t end) {
    const uint32_t first = (kHeadBytes + taken_ + Flash::kPageBytes - 1U) / Flash::kPageBytes;
    for (uint32_t page = first; page * Flash::kPageBytes < end; ++page) {
      if (!flash_->erase_page(offset(target_) + page * Flash::kPageBytes)) {
        taking_ = false;
        return false;
      }
    }
    return true;
  }

  Flash* flash_;
  uint8_t built_in_[kIdBytes] = {};
  Head head_;
  int target_ = 0;
  bool taking_ = false;
  uint32_t taken_ = 0;
  Sha256 hash_;
};

}  // namespace imu_gesture
