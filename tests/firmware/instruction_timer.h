// Counts on an emulated board; zero elsewhere. A tick is a fixed share of an instruction or of many,
// found by a loop whose instructions are known.
#pragma once

#include <stdint.h>

namespace instruction_timer {

constexpr uint32_t kLoopInstructions = 200000;

#ifdef __arm__
// SysTick counts down 24 bits of the processor's clock (ARMv7-M reference, B3.3).
volatile uint32_t* const kSysTick = reinterpret_cast<volatile uint32_t*>(0xE000E010U);
inline void start() {
  kSysTick[1] = 0xFFFFFFU;
  kSysTick[2] = 0;
  kSysTick[0] = 5;
}
inline uint32_t now() { return kSysTick[2]; }
inline void run_loop(uint32_t turns) { __asm volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(turns)); }
#else
inline void start() {}
inline uint32_t now() { return 0; }
inline void run_loop(uint32_t) {}
#endif

inline uint32_t ticks_since(uint32_t before) { return (before - now()) & 0xFFFFFFU; }

inline uint32_t loop_ticks() {
  const uint32_t before = now();
  run_loop(kLoopInstructions / 2);
  return ticks_since(before);
}

}  // namespace instruction_timer
