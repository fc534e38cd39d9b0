// What the sketch uses of Bosch's sensor API in that library, declared as its headers do, members
// it does not use left out. bosch.cpp stands in for the function.
#pragma once

#include <stdint.h>

#define BMI2_OK INT8_C(0)
#define BMI2_INTF_RETURN_TYPE int8_t

enum bmi2_intf { BMI2_SPI_INTF = 0, BMI2_I2C_INTF, BMI2_I3C_INTF };

typedef BMI2_INTF_RETURN_TYPE (*bmi2_read_fptr_t)(uint8_t reg_addr, uint8_t* reg_data, uint32_t len, void* intf_ptr);
typedef BMI2_INTF_RETURN_TYPE (*bmi2_write_fptr_t)(uint8_t reg_addr, const uint8_t* reg_data, uint32_t len,
                                                   void* intf_ptr);
typedef void (*bmi2_delay_fptr_t)(uint32_t period, void* intf_ptr);

struct bmi2_dev {
  uint8_t chip_id;
  void* intf_ptr;
  enum bmi2_intf intf;
  uint16_t read_write_len;
  const uint8_t* config_file_ptr;
  bmi2_read_fptr_t read;
  bmi2_write_fptr_t write;
  bmi2_delay_fptr_t delay_us;
  int16_t gyr_cross_sens_zx;
};

extern "C" int8_t bmi270_init(struct bmi2_dev* dev);
