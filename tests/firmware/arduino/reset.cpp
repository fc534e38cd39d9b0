// A reset of this computer's board ends the program. The file RETAINED, in the environment, keeps what
// RAM and the cause register keep, for the next one.
#include <nrf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../firmware_sketch/src/board/boot.h"
#include "host.h"

namespace {

constexpr size_t kRetainedBytes = 20;
constexpr uint32_t kSoftware = 4;

struct Kept {
  uint32_t cause;
  unsigned char memory[kRetainedBytes];
};

const char* path() { return getenv("RETAINED"); }

}  // namespace

NRF_FICR_Type g_ficr = {{0x44332211U, 0x88776655U}};
NRF_POWER_Type g_power = {0};
NRF_UICR_Type g_uicr = {{0xFFFFFFFFU, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};

namespace host {

void keep_memory(uint32_t cause) {
  FILE* file = path() == nullptr ? nullptr : fopen(path(), "wb");
  if (file != nullptr) {
    const unsigned char* memory = reinterpret_cast<unsigned char*>(board::boot_record());
    fwrite(&cause, sizeof cause, 1, file);
    fwrite(memory, 1, kRetainedBytes, file);
    fclose(file);
  }
}

void recall_memory() {
  FILE* file = path() == nullptr ? nullptr : fopen(path(), "rb");
  Kept kept;
  if (file != nullptr) {
    if (fread(&kept, sizeof kept, 1, file) == 1) {
      g_power.RESETREAS = kept.cause;
      unsigned char* memory = reinterpret_cast<unsigned char*>(board::boot_record());
      for (size_t i = 0; i < kRetainedBytes; ++i) {
        memory[i] = kept.memory[i];
      }
    }
    fclose(file);
  }
}

}  // namespace host

void NVIC_SystemReset() {
  host::keep_memory(kSoftware);
  printf("reset_us=%llu\n", static_cast<unsigned long long>(host::now_us()));
  fflush(stdout);
  _exit(3);
}

NRF_RNG_Type* noise_generator() {
  static NRF_RNG_Type registers;
  registers.EVENTS_VALRDY = 1;
  registers.VALUE = registers.VALUE * 1103515245U + 12345U;
  return &registers;
}
