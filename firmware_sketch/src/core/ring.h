// A ring between two threads: one pushes, one pops, neither ever waits.
#pragma once

#include <stdint.h>

namespace imu_gesture {

template <typename T, uint32_t kCapacity>
class SpscRing {
  static_assert(kCapacity > 0U && (kCapacity & (kCapacity - 1U)) == 0U, "a power of two is wanted");

 public:
  // Producer only. False when the ring is full; the item is not taken.
  bool push(const T& item) {
    const uint32_t head = head_;
    if (head - __atomic_load_n(&tail_, __ATOMIC_ACQUIRE) == kCapacity) {
      return false;
    }
    items_[head & (kCapacity - 1U)] = item;
    __atomic_store_n(&head_, head + 1U, __ATOMIC_RELEASE);
    return true;
  }

  // Producer only: whether the next push() succeeds.
  bool has_room() const { return head_ - __atomic_load_n(&tail_, __ATOMIC_ACQUIRE) != kCapacity; }

  // Consumer only.
  bool pop(T* item) {
    const uint32_t tail = tail_;
    if (__atomic_load_n(&head_, __ATOMIC_ACQUIRE) == tail) {
      return false;
    }
    *item = items_[tail & (kCapacity - 1U)];
    __atomic_store_n(&tail_, tail + 1U, __ATOMIC_RELEASE);
    return true;
  }

  // Consumer only: the oldest item where it lies, null when there is none; drop() takes it out.
  const T* front() const {
    return __atomic_load_n(&head_, __ATOMIC_ACQUIRE) == tail_ ? nullptr : &items_[tail_ & (kCapacity - 1U)];
  }
  void drop() { __atomic_store_n(&tail_, tail_ + 1U, __ATOMIC_RELEASE); }

 private:
  T items_[kCapacity];
  uint32_t head_ = 0;  // written by the producer only
  uint32_t tail_ = 0;  // written by the consumer only
};

}  // namespace imu_gesture
