// What rtos/mbed_rtos_types.h and cmsis_os2.h declare, as far as the sketch uses it.
#pragma once

#include <stdint.h>

#define OS_STACK_SIZE 4096U

typedef enum {
  osPriorityNormal = 24,
  osPriorityAboveNormal = 32,
  osPriorityHigh = 40,
} osPriority_t;
typedef osPriority_t osPriority;
typedef int32_t osStatus;
typedef void* osThreadId_t;

extern "C" uint32_t osThreadGetStackSpace(osThreadId_t thread_id);
