// The other revision's sensor library: its chip does not answer here.
#pragma once

#define BOSCH_ACCELEROMETER_ONLY 0

class Bmi270 {
 public:
  int begin(int) { return 0; }
  int accelerationAvailable() { return 0; }
  int readAcceleration(float&, float&, float&) { return 0; }
  int readGyroscope(float&, float&, float&) { return 0; }
};

extern Bmi270 IMU_BMI270_BMM150;
