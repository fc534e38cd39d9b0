// Every packet that has a type of its own in Python, listed once.
#pragma once

#include "packets.h"

namespace bindings {

template <typename... Packets>
struct PacketList {};

using FromBoard =
    PacketList<imu_gesture::Hello, imu_gesture::Temperature, imu_gesture::Gesture, imu_gesture::Scores,
               imu_gesture::Mark, imu_gesture::Health, imu_gesture::Ack, imu_gesture::Log,
               imu_gesture::Drift>;
using FromHost =
    PacketList<imu_gesture::AskHello, imu_gesture::Start, imu_gesture::Stop, imu_gesture::Heartbeat,
               imu_gesture::Identify, imu_gesture::TimeProbe, imu_gesture::GetCalibration,
               imu_gesture::Calibration, imu_gesture::GetLabel, imu_gesture::WriteVector,
               imu_gesture::RunVector, imu_gesture::Feed, imu_gesture::ReadInput, imu_gesture::AskSelfTest, imu_gesture::Reset, imu_gesture::SetKey, imu_gesture::Challenge,
               imu_gesture::Sealed, imu_gesture::BeginUpdate, imu_gesture::WriteUpdate, imu_gesture::EndUpdate,
               imu_gesture::UpdateStatus, imu_gesture::RollBack>;

}  // namespace bindings
