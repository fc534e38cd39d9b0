// Start of a program on an emulated Cortex-M4F: vectors, FPU on, then the C library's own start,
// which talks to the host's files by semihosting.
#include <stdint.h>

extern "C" {

extern uint32_t __stack;
void _start();

void reset_handler() {
  // Full access to the floating-point unit (ARMv7-M reference, B3.2.20: CPACR).
  *reinterpret_cast<volatile uint32_t*>(0xE000ED88U) |= 0xFU << 20;
  __asm volatile("dsb\n isb");
  _start();
}

static void fault() {
  for (;;) {
  }
}

using Handler = void (*)();
extern const Handler vectors[7];
__attribute__((section(".vectors"), used)) const Handler vectors[7] = {
    reinterpret_cast<Handler>(&__stack), reset_handler, fault, fault, fault, fault, fault,
};

}  // extern "C"
