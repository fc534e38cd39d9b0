// Mbed's FlashIAP on a megabyte of this computer's memory: bits that are cleared stay so until an erase,
// which takes its 85 ms.
#include <FlashIAP.h>
#include <string.h>
#include <stdlib.h>

#include "flash.h"
#include "host.h"

uint32_t g_sketch_end = 0x90000;

namespace {

constexpr uint32_t kBytes = 0x100000;
constexpr uint32_t kPage = 4096;
uint8_t g_content[kBytes];
host::FlashFigures g_figures;

bool inside(uint32_t addr, uint32_t size) { return addr < kBytes && size <= kBytes - addr; }

}  // namespace

namespace host {

FlashFigures& flash_figures() { return g_figures; }
uint8_t* flash_content() {
  static bool erased = false;
  if (!erased) {
    erased = true;
    memset(g_content, 0xFF, sizeof g_content);
  }
  return g_content;
}

}  // namespace host

namespace mbed {

int FlashIAP::init() {
  page_buf_ = static_cast<uint8_t*>(malloc(4));  // as Mbed does
  host::flash_content();
  return 0;
}
int FlashIAP::read(void* buffer, uint32_t addr, uint32_t size) {
  if (!inside(addr, size)) {
    return -1;
  }
  memcpy(buffer, g_content + addr, size);
  return 0;
}
int FlashIAP::program(const void* buffer, uint32_t addr, uint32_t size) {
  if (!inside(addr, size) || addr % 4U != 0U || size % 4U != 0U) {
    return -1;
  }
  for (uint32_t i = 0; i < size; ++i) {
    g_content[addr + i] = static_cast<uint8_t>(g_content[addr + i] & static_cast<const uint8_t*>(buffer)[i]);
  }
  host::pass_us(size / 4U * 41U);
  ++g_figures.programs;
  return 0;
}
int FlashIAP::erase(uint32_t addr, uint32_t size) {
  if (!inside(addr, size) || addr % kPage != 0U || size % kPage != 0U) {
    return -1;
  }
  memset(g_content + addr, 0xFF, size);
  host::pass_us(size / kPage * 85000U);
  ++g_figures.erases;
  g_figures.lowest_erased = addr < g_figures.lowest_erased ? addr : g_figures.lowest_erased;
  return 0;
}
uint32_t FlashIAP::get_sector_size(uint32_t addr) const { return inside(addr, 1) ? kPage : 0xFFFFFFFFU; }
uint32_t FlashIAP::get_flash_start() const { return 0; }
uint32_t FlashIAP::get_flash_size() const { return kBytes; }
uint32_t FlashIAP::get_page_size() const { return 4; }

}  // namespace mbed
