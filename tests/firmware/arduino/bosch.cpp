// Stands in for the library's bmi270_init: resets the chip, uploads an image in the order of the
// datasheet (section 4.4), and reads the gyroscope's cross factor. The image is not Bosch's: the
// modelled chip looks at its length only.
#include <Arduino_BMI270_BMM150.h>

static const uint8_t g_image[8192] = {0x5A};

namespace {

struct Chip {
  struct bmi2_dev* dev;
  bool well = true;

  void write(uint8_t reg, const uint8_t* data, uint32_t size) {
    well = well && dev->write(reg, data, size, dev->intf_ptr) == 0;
  }
  void write(uint8_t reg, uint8_t value) { write(reg, &value, 1); }
  uint8_t read(uint8_t reg) {
    uint8_t value = 0;
    well = well && dev->read(reg, &value, 1, dev->intf_ptr) == 0;
    return value;
  }
};

}  // namespace

extern "C" int8_t bmi270_init(struct bmi2_dev* dev) {
  Chip chip = {dev};
  if (chip.read(0x00) != 0x24) {
    return -3;
  }
  chip.write(0x7E, 0xB6);
  dev->delay_us(2000, dev->intf_ptr);
  chip.write(0x7C, 0x00);
  dev->delay_us(450, dev->intf_ptr);
  chip.write(0x59, 0x00);
  for (uint32_t at = 0; at < sizeof g_image; at += dev->read_write_len) {
    const uint8_t address[] = {static_cast<uint8_t>((at / 2U) & 0x0FU), static_cast<uint8_t>((at / 2U) >> 4)};
    chip.write(0x5B, address, 2);
    chip.write(0x5E, g_image + at, dev->read_write_len);
  }
  chip.write(0x59, 0x01);
  dev->delay_us(20000, dev->intf_ptr);
  const bool runs = (chip.read(0x21) & 0x0F) == 1;
  chip.write(0x2F, 0x00);
  const int factor = chip.read(0x3C) & 0x7F;
  dev->gyr_cross_sens_zx = static_cast<int16_t>(factor >= 64 ? factor - 128 : factor);
  chip.write(0x7C, 0x03);
  return chip.well && runs ? BMI2_OK : static_cast<int8_t>(-9);
}
