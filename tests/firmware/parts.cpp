// The runtime's small parts, each fed from standard input: one line a step, what came of it out.
#include <stdio.h>
#include <string.h>

#include "button.h"
#include "duty.h"
#include "indicator.h"
#include "liveness.h"
#include "../../firmware_sketch/src/board/reset_cause.h"

namespace {

using namespace imu_gesture;

// "milliseconds level" -> "milliseconds press"
void button() {
  Button part;
  unsigned time_ms = 0;
  unsigned level = 0;
  while (scanf("%u %u", &time_ms, &level) == 2) {
    const Press press = part.update(level != 0U, time_ms * 1000U);
    if (press != Press::kNone) {
      printf("%u %s\n", time_ms, press == Press::kShort ? "short" : "long");
    }
  }
}

// "seconds at_rest busy" -> "dozing"
void duty() {
  Duty part;
  unsigned time_s = 0;
  unsigned at_rest = 0;
  unsigned busy = 0;
  while (scanf("%u %u %u", &time_s, &at_rest, &busy) == 3) {
    part.update(at_rest != 0U, busy != 0U, time_s * 1000000U);
    printf("%d\n", part.dozing() ? 1 : 0);
  }
}

// "milliseconds error identifying gesture_ms streaming resting" -> "colour"; gesture_ms -1: none
void indicator() {
  Indicator part;
  unsigned time_ms = 0;
  unsigned error = 0;
  unsigned identifying = 0;
  int gesture_ms = 0;
  unsigned streaming = 0;
  unsigned resting = 0;
  while (scanf("%u %u %u %d %u %u", &time_ms, &error, &identifying, &gesture_ms, &streaming, &resting) == 6) {
    Activity activity;
    activity.error = static_cast<uint8_t>(error);
    activity.identifying = identifying != 0U;
    activity.gesture = gesture_ms >= 0;
    activity.gesture_us = static_cast<uint32_t>(gesture_ms) * 1000U;
    activity.streaming = streaming != 0U;
    activity.resting = resting != 0U;
    printf("%c", "-rgbw"[static_cast<int>(part.colour(activity, time_ms * 1000U))]);
  }
}

// "thread" beats, "-1" ticks -> "silent thread"; limits 2 and 3.
void liveness() {
  Liveness<2> part;
  part.expect(0, 2);
  part.expect(1, 3);
  int thread = 0;
  while (scanf("%d", &thread) == 1) {
    if (thread >= 0) {
      part.beat(thread);
    } else {
      printf("%d\n", part.tick());
    }
  }
}

// "bits hung" -> "cause"
void cause() {
  unsigned bits = 0;
  unsigned hung = 0;
  while (scanf("%u %u", &bits, &hung) == 2) {
    printf("%d\n", static_cast<int>(board::reset_cause(bits, hung != 0U)));
  }
}

struct Part {
  const char* name;
  void (*run)();
};

const Part kParts[] = {
    {"button", button}, {"duty", duty}, {"indicator", indicator}, {"liveness", liveness}, {"cause", cause}};

}  // namespace

int main(int count, char** values) {
  for (const Part& part : kParts) {
    if (count > 1 && strcmp(values[1], part.name) == 0) {
      part.run();
    }
  }
  return 0;
}
