"""What every part of Nonza stands on: settings, errors, real time, addresses."""
