// The board's internal I2C bus, which the sensors are on.
#pragma once

#include "imu_bus.h"

namespace board {

class WireBus final : public ImuBus {
 public:
  // Claims the bus; call once. Its pins, pull-ups and the sensors' supply are the board core's
  // business, which switches them on before setup().
  void begin();

  using ImuBus::write;
  bool read(uint8_t device, uint8_t reg, uint8_t* data, int size) override;
  bool write(uint8_t device, uint8_t reg, const uint8_t* data, int size) override;
  uint32_t now_us() override;
  void wait_us(uint32_t duration_us) override;
};

}  // namespace board
