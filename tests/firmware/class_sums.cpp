// A dense head from sums of int8 embeddings, in integers, as a board could compute it; built as the board's
// compiler builds it. See benchmarks/fewshot_sums.py, which computes the same.
// shots.bin in: bytes of a point (uint32), classes (uint32), then a record each: class (uint8), int8 point.
// head.bin out: int8 weights, int32 biases.
// cost.txt out: ticks of the emulated board's timer for kLoopInstructions instructions; for all sums; for
// the head; number of examples.
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

namespace {

constexpr uint32_t kMostValues = 512;
constexpr uint32_t kMostClasses = 16;
constexpr uint32_t kLoopInstructions = 200000;
constexpr int32_t kFraction = 16;  // means are kept in sixteenths

int32_t sums[kMostClasses][kMostValues];
int32_t counts[kMostClasses];
int32_t centre[kMostValues];
int8_t weights[kMostClasses][kMostValues];
int32_t biases[kMostClasses];

#ifdef __arm__
// SysTick counts down 24 bits of the processor's clock (ARMv7-M reference, B3.3).
volatile uint32_t* const kSysTick = reinterpret_cast<volatile uint32_t*>(0xE000E010U);
void start_timer() {
  kSysTick[1] = 0xFFFFFFU;
  kSysTick[2] = 0;
  kSysTick[0] = 5;
}
uint32_t timer() { return kSysTick[2]; }
void run_loop(uint32_t turns) { __asm volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(turns)); }
#else
void start_timer() {}
uint32_t timer() { return 0; }
void run_loop(uint32_t) {}
#endif

uint32_t ticks_since(uint32_t before) { return (before - timer()) & 0xFFFFFFU; }

void add(uint32_t label, const int8_t* point, uint32_t size) {
  for (uint32_t i = 0; i < size; ++i) {
    sums[label][i] += point[i];
  }
  ++counts[label];
}

int32_t magnitude(int32_t value) { return value < 0 ? -value : value; }

// Half away from zero.
int32_t divided(int32_t value, int32_t by) {
  const int32_t half = by / 2;
  return value < 0 ? -((-value + half) / by) : (value + half) / by;
}

// Sums become means, of which the common part is taken out: what is left decides between classes.
int32_t centred_means(uint32_t classes, uint32_t size) {
  int32_t greatest = 1;
  for (uint32_t i = 0; i < size; ++i) {
    int32_t total = 0;
    for (uint32_t c = 0; c < classes; ++c) {
      sums[c][i] = divided(sums[c][i] * kFraction, counts[c]);
      total += sums[c][i];
    }
    centre[i] = divided(total, static_cast<int32_t>(classes));
    for (uint32_t c = 0; c < classes; ++c) {
      const int32_t distance = magnitude(sums[c][i] - centre[i]);
      greatest = distance > greatest ? distance : greatest;
    }
  }
  return greatest;
}

void make_head(uint32_t classes, uint32_t size) {
  const int32_t greatest = centred_means(classes, size);
  for (uint32_t c = 0; c < classes; ++c) {
    int32_t product = 0;
    for (uint32_t i = 0; i < size; ++i) {
      const int32_t weight = divided((sums[c][i] - centre[i]) * 127, greatest);
      weights[c][i] = static_cast<int8_t>(weight);
      product += weight * (sums[c][i] + centre[i]);
    }
    biases[c] = -divided(product, 2 * kFraction);
  }
}

}  // namespace

int main() {
  FILE* shots = fopen("shots.bin", "rb");
  FILE* head = fopen("head.bin", "wb");
  FILE* cost = fopen("cost.txt", "w");
  uint32_t shape[2];
  if (shots == nullptr || head == nullptr || cost == nullptr || fread(shape, 4, 2, shots) != 2 ||
      shape[0] > kMostValues || shape[1] > kMostClasses) {
    return 1;
  }
  start_timer();
  uint32_t before = timer();
  run_loop(kLoopInstructions / 2);
  const uint32_t loop = ticks_since(before);
  uint32_t adding = 0;
  uint32_t examples = 0;
  uint8_t label = 0;
  int8_t point[kMostValues];
  while (fread(&label, 1, 1, shots) == 1) {
    if (label >= shape[1] || fread(point, 1, shape[0], shots) != shape[0]) {
      return 1;
    }
    before = timer();
    add(label, point, shape[0]);
    adding += ticks_since(before);
    ++examples;
  }
  before = timer();
  make_head(shape[1], shape[0]);
  const uint32_t making = ticks_since(before);
  for (uint32_t c = 0; c < shape[1]; ++c) {
    fwrite(weights[c], 1, shape[0], head);
  }
  fwrite(biases, 4, shape[1], head);
  fprintf(cost, "%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 "\n", loop, adding, making, examples);
  fclose(head);
  fclose(cost);
  return 0;
}
