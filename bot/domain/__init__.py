"""The rules of patient reminders, without I/O and without a clock: `now` is an argument."""
