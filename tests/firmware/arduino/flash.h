// What happened to the flash.
#pragma once

#include <stdint.h>

namespace host {

struct FlashFigures {
  uint32_t erases = 0;
  uint32_t programs = 0;
  uint32_t lowest_erased = 0xFFFFFFFFU;  // address
};

FlashFigures& flash_figures();
uint8_t* flash_content();  // a megabyte

}  // namespace host
