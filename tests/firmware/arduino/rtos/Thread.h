// Mbed OS's threads, declared as its headers do, members the sketch does not use left out. scheduler.cpp
// implements them on this computer.
#pragma once

#include <stdint.h>

#include "../platform/Callback.h"
#include "mbed_rtos_types.h"

namespace rtos {

class Thread {
 public:
  Thread(osPriority priority = osPriorityNormal, uint32_t stack_size = OS_STACK_SIZE, unsigned char* stack_mem = nullptr,
         const char* name = nullptr);
  virtual ~Thread();
  osStatus start(mbed::Callback<void()> task);
  uint32_t flags_set(uint32_t flags);
  uint32_t stack_size() const;
  uint32_t max_stack() const;
  osThreadId_t get_id() const;

 private:
  Thread(const Thread&);
  Thread& operator=(const Thread&);

  osPriority priority_;
  uint32_t stack_size_;
  unsigned char* stack_mem_;
  osThreadId_t id_;
};

}  // namespace rtos
