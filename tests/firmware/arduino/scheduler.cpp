// Mbed OS's threads on one thread of this computer: the ready one with the highest priority runs until
// it sleeps or waits. With simulated time a run is the same each time, and idle time costs nothing.
#include <rtos/ThisThread.h>
#include <rtos/Thread.h>
#include <drivers/LowPowerTicker.h>
#include <drivers/Watchdog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "host.h"

namespace {

constexpr size_t kStackBytes = 256 * 1024;  // this computer's own functions are hungry
constexpr unsigned char kPaint = 0xCC;
constexpr int kMost = 8;

struct Task {
  ucontext_t context;
  mbed::Callback<void()> work;
  int priority = osPriorityNormal;
  uint64_t wake_us = 0;
  uint32_t flags = 0;
  uint32_t waits_for = 0;
  unsigned char* stack = nullptr;
};

Task g_tasks[kMost];
int g_count = 0;
int g_running = 0;
bool g_simulated = false;
uint64_t g_now_us = 0;
uint64_t g_end_us = ~0ULL;
uint64_t g_switches = 0;
ucontext_t g_outside;
ucontext_t g_machinery;
unsigned char g_machinery_stack[kStackBytes];
ucontext_t g_caller;
void (*g_errand)(void*) = nullptr;
void* g_errand_context = nullptr;
bool g_measures = true;
mbed::Callback<void()> g_ticker;
uint64_t g_tick_us = 0;
uint64_t g_next_tick_us = ~0ULL;
void (*g_main_loop)() = nullptr;

uint64_t real_us() {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000000U + static_cast<uint64_t>(now.tv_nsec) / 1000U;
}

bool ready(const Task& task) { return (task.flags & task.waits_for) != 0U || task.wake_us <= host::now_us(); }

int best() {
  int found = -1;
  for (int i = 0; i < g_count; ++i) {
    if (ready(g_tasks[i]) && (found < 0 || g_tasks[i].priority > g_tasks[found].priority)) {
      found = i;
    }
  }
  return found;
}

void tick() {
  while (host::now_us() >= g_next_tick_us) {
    g_next_tick_us += g_tick_us;
    g_ticker();
  }
}

void idle() {
  uint64_t next_us = g_next_tick_us < g_end_us ? g_next_tick_us : g_end_us;
  for (int i = 0; i < g_count; ++i) {
    next_us = g_tasks[i].wake_us < next_us ? g_tasks[i].wake_us : next_us;
  }
  if (g_simulated) {
    g_now_us = next_us > g_now_us ? next_us : g_now_us;
  } else {
    usleep(200);
  }
}

// Lets whoever is next run; comes back when it is the caller's turn again.
void give_way() {
  const int before = g_running;
  int next = -1;
  while (next < 0) {
    tick();
    if (host::now_us() >= g_end_us) {
      swapcontext(&g_tasks[before].context, &g_outside);
      continue;
    }
    next = best();
    if (next < 0) {
      idle();
    }
  }
  if (next != before) {
    ++g_switches;
    g_running = next;
    swapcontext(&g_tasks[before].context, &g_tasks[next].context);
  }
}

void enter() {
  g_tasks[g_running].work();
  abort();  // no thread of the sketch ends
}

int add(int priority, const mbed::Callback<void()>& work) {
  Task& task = g_tasks[g_count];
  task.priority = priority;
  task.work = work;
  task.stack = static_cast<unsigned char*>(
      mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  memset(task.stack, kPaint, kStackBytes);
  getcontext(&task.context);
  task.context.uc_stack.ss_sp = task.stack;
  task.context.uc_stack.ss_size = kStackBytes;
  task.context.uc_link = nullptr;
  makecontext(&task.context, enter, 0);
  return g_count++;
}

uint32_t used_bytes(const Task& task) {
  size_t free = 0;
  while (free < kStackBytes && task.stack[free] == kPaint) {
    ++free;
  }
  return static_cast<uint32_t>(kStackBytes - free);
}

void run_errand() {
  g_errand(g_errand_context);
  swapcontext(&g_machinery, &g_caller);
}

void run_main_loop() {
  for (;;) {
    g_main_loop();
  }
}

osThreadId_t id_of(int index) { return &g_tasks[index]; }

}  // namespace

namespace host {

void use_simulated_time() { g_simulated = true; }
bool time_is_simulated() { return g_simulated; }
uint64_t now_us() {
  static const uint64_t started_us = real_us();
  return g_simulated ? g_now_us : real_us() - started_us;
}
void pass_us(uint64_t us) {
  if (g_simulated) {
    g_now_us += us;
  } else {
    usleep(static_cast<useconds_t>(us));
  }
}
uint64_t switches() { return g_switches; }
void let_others_run() { rtos::ThisThread::sleep_for(rtos::Kernel::Clock::duration_u32(1)); }

void run_as_main(void (*main_loop)(), uint64_t end_us) {
  static bool begun = false;
  g_main_loop = main_loop;
  g_end_us = end_us;
  if (!begun) {
    begun = true;
    g_tasks[0].work = mbed::callback(run_main_loop);
    g_running = 0;
  }
  swapcontext(&g_outside, &g_tasks[g_running].context);
}

void measure_stacks(bool measure) { g_measures = measure; }

void aside(void (*errand)(void*), void* context) {
  const bool watched = watch_heap(false);
  if (!g_measures) {
    errand(context);
    watch_heap(watched);
    return;
  }
  g_errand = errand;
  g_errand_context = context;
  getcontext(&g_machinery);
  g_machinery.uc_stack.ss_sp = g_machinery_stack;
  g_machinery.uc_stack.ss_size = kStackBytes;
  g_machinery.uc_link = nullptr;
  makecontext(&g_machinery, run_errand, 0);
  swapcontext(&g_caller, &g_machinery);
  watch_heap(watched);
}

// Task 0 is the main thread; setup() runs outside of it but is it.
static const int g_main_task = add(osPriorityNormal, mbed::callback(run_main_loop));

}  // namespace host

extern "C" uint32_t osThreadGetStackSpace(osThreadId_t id) {
  const Task& task = *static_cast<Task*>(id);
  return 32768U - used_bytes(task);
}

namespace rtos {

Thread::Thread(osPriority priority, uint32_t stack_size, unsigned char* stack_mem, const char*)
    : priority_(priority), stack_size_(stack_size), stack_mem_(stack_mem), id_(nullptr) {}
Thread::~Thread() {}

osStatus Thread::start(mbed::Callback<void()> task) {
  if (stack_mem_ == nullptr) {
    stack_mem_ = static_cast<unsigned char*>(malloc(stack_size_));  // as Mbed does
  }
  const int index = add(priority_, task);
  id_ = id_of(index);
  return 0;
}
uint32_t Thread::flags_set(uint32_t flags) { return static_cast<Task*>(id_)->flags |= flags; }
uint32_t Thread::stack_size() const { return stack_size_; }
uint32_t Thread::max_stack() const { return used_bytes(*static_cast<Task*>(id_)); }
osThreadId_t Thread::get_id() const { return id_; }

namespace ThisThread {

uint32_t flags_wait_any_for(uint32_t flags, Kernel::Clock::duration_u32 time, bool) {
  Task& task = g_tasks[g_running];
  task.waits_for = flags;
  task.wake_us = host::now_us() + time.count() * 1000U;
  give_way();
  const uint32_t found = task.flags & flags;
  task.flags &= ~flags;
  task.waits_for = 0;
  return found;
}
void sleep_for(Kernel::Clock::duration_u32 time) {
  g_tasks[g_running].wake_us = host::now_us() + time.count() * 1000U;
  give_way();
}
osThreadId_t get_id() { return id_of(g_running); }

}  // namespace ThisThread

}  // namespace rtos

namespace mbed {

void TickerBase::attach(Callback<void()> func, std::chrono::microseconds t) {
  g_ticker = func;
  g_tick_us = static_cast<uint64_t>(t.count());
  g_next_tick_us = host::now_us() + g_tick_us;
}

bool Watchdog::start(uint32_t) { return true; }
void Watchdog::kick() {}

}  // namespace mbed
