"""Static calibration: from guided movements to a profile, from a profile to corrected samples."""
