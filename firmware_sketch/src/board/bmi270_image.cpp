#pragma GCC optimize("fp-contract=off")
#include "bmi270_image.h"

#include <Arduino_BMI270_BMM150.h>

#include "bmi270_registers.h"

namespace board {

static ImuBus* bus_of(void* context) { return static_cast<ImuBus*>(context); }

static int8_t read_for_bosch(uint8_t reg, uint8_t* data, uint32_t size, void* context) {
  return bus_of(context)->read(bmi270::kAddress, reg, data, static_cast<int>(size)) ? 0 : -1;
}

static int8_t write_for_bosch(uint8_t reg, const uint8_t* data, uint32_t size, void* context) {
  return bus_of(context)->write(bmi270::kAddress, reg, data, static_cast<int>(size)) ? 0 : -1;
}

static void wait_for_bosch(uint32_t duration_us, void* context) {
  bus_of(context)->wait_us(duration_us);
}

bool load_bmi270_image(ImuBus* bus, int16_t* cross_zx) {
  static struct bmi2_dev chip;  // large: not on the stack
  chip = bmi2_dev();
  chip.intf = BMI2_I2C_INTF;
  chip.intf_ptr = bus;
  chip.read = read_for_bosch;
  chip.write = write_for_bosch;
  chip.delay_us = wait_for_bosch;
  chip.read_write_len = 128;  // a multiple of two that divides the image
  chip.config_file_ptr = nullptr;  // the library's own
  const bool loaded = bmi270_init(&chip) == BMI2_OK;
  *cross_zx = chip.gyr_cross_sens_zx;
  return loaded;
}

}  // namespace board
