// Flash in application, declared as Mbed OS does. flash.cpp keeps a megabyte in memory.
#pragma once

#include <stdint.h>

extern uint32_t __etext;
extern uint32_t __data_start__;
extern uint32_t __data_end__;
#if defined(__arm__)
#define FLASHIAP_APP_ROM_END_ADDR (((uint32_t)&__etext) + ((uint32_t)&__data_end__) - ((uint32_t)&__data_start__))
#else
extern uint32_t g_sketch_end;  // this computer's addresses mean nothing
#define FLASHIAP_APP_ROM_END_ADDR g_sketch_end
#endif

namespace mbed {

class FlashIAP {
 public:
  constexpr FlashIAP() : page_buf_(nullptr) {}
  int init();
  int read(void* buffer, uint32_t addr, uint32_t size);
  int program(const void* buffer, uint32_t addr, uint32_t size);
  int erase(uint32_t addr, uint32_t size);
  uint32_t get_sector_size(uint32_t addr) const;
  uint32_t get_flash_start() const;
  uint32_t get_flash_size() const;
  uint32_t get_page_size() const;

 private:
  uint8_t* page_buf_;
};

}  // namespace mbed
