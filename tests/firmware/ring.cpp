// Two threads and a ring: nothing is lost, doubled or overtaken. Prints what went wrong.
#include "ring.h"

#include <cstdio>
#include <thread>

constexpr uint32_t kItems = 2000000;

int main() {
  static imu_gesture::SpscRing<uint32_t, 64> ring;
  std::thread producer([] {
    for (uint32_t i = 0; i < kItems;) {
      i += ring.has_room() && ring.push(i) ? 1U : 0U;
    }
  });
  uint32_t wrong = 0;
  for (uint32_t expected = 0; expected < kItems;) {
    uint32_t item = 0;
    const uint32_t* oldest = ring.front();
    if (expected % 2U == 0U && oldest != nullptr) {
      item = *oldest;
      ring.drop();
    } else if (expected % 2U == 0U || !ring.pop(&item)) {
      continue;
    }
    wrong += item == expected ? 0U : 1U;
    ++expected;
  }
  producer.join();
  uint32_t item = 0;
  std::printf("%u wrong, %d left\n", wrong, ring.pop(&item) ? 1 : 0);
  return 0;
}
