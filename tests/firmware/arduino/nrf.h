// The chip's registers that the sketch uses, named as nrf52840.h names them.
#pragma once

#include <stdint.h>

typedef struct {
  uint32_t DEVICEID[2];
} NRF_FICR_Type;

typedef struct {
  volatile uint32_t RESETREAS;
} NRF_POWER_Type;

typedef struct {
  volatile uint32_t NRFFW[15];
} NRF_UICR_Type;

typedef struct {
  volatile uint32_t TASKS_START;
  volatile uint32_t TASKS_STOP;
  volatile uint32_t EVENTS_VALRDY;
  volatile uint32_t CONFIG;
  volatile uint32_t VALUE;
} NRF_RNG_Type;

extern NRF_FICR_Type g_ficr;
extern NRF_POWER_Type g_power;
extern NRF_UICR_Type g_uicr;
#define NRF_FICR (&g_ficr)
#define NRF_POWER (&g_power)
#define NRF_UICR (&g_uicr)

NRF_RNG_Type* noise_generator(void);  // has another byte whenever it is looked at
#define NRF_RNG (noise_generator())

void NVIC_SystemReset(void);
