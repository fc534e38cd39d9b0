// The chip's factory record (FICR), of which the sketch reads the unique id.
#pragma once

#include <stdint.h>

struct FactoryRecord {
  uint32_t DEVICEID[2];
};

static FactoryRecord g_factory_record = {{0x44332211U, 0x88776655U}};
#define NRF_FICR (&g_factory_record)
