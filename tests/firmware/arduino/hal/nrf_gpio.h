// Nordic's access to pins, as far as the sketch uses it.
#pragma once

#include <stdint.h>

typedef enum { NRF_GPIO_PIN_DIR_INPUT = 0, NRF_GPIO_PIN_DIR_OUTPUT = 1 } nrf_gpio_pin_dir_t;
typedef enum { NRF_GPIO_PIN_INPUT_CONNECT = 0, NRF_GPIO_PIN_INPUT_DISCONNECT = 1 } nrf_gpio_pin_input_t;
typedef enum { NRF_GPIO_PIN_NOPULL = 0, NRF_GPIO_PIN_PULLDOWN = 1, NRF_GPIO_PIN_PULLUP = 3 } nrf_gpio_pin_pull_t;
typedef enum { NRF_GPIO_PIN_S0S1 = 0, NRF_GPIO_PIN_H0H1 = 3 } nrf_gpio_pin_drive_t;
typedef enum { NRF_GPIO_PIN_NOSENSE = 0 } nrf_gpio_pin_sense_t;

void nrf_gpio_cfg(uint32_t pin_number, nrf_gpio_pin_dir_t dir, nrf_gpio_pin_input_t input, nrf_gpio_pin_pull_t pull,
                  nrf_gpio_pin_drive_t drive, nrf_gpio_pin_sense_t sense);
uint32_t nrf_gpio_pin_read(uint32_t pin_number);
