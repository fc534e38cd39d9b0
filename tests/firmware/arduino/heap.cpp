// Counts what is taken from the heap while it is watched, by whomever.
#include <stddef.h>
#include <stdint.h>

#include "host.h"

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
}

namespace {

bool g_watched = false;
uint64_t g_allocations = 0;

void note() { g_allocations += g_watched ? 1U : 0U; }

}  // namespace

namespace host {

bool watch_heap(bool watch) {
  const bool before = g_watched;
  g_watched = watch;
  return before;
}
uint64_t allocations() { return g_allocations; }

}  // namespace host

extern "C" {
void* malloc(size_t size) {
  note();
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  note();
  return __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  note();
  return __libc_realloc(old, size);
}
}
