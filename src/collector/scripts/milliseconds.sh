# shellcheck shell=sh
# Sourced before a script that needs it: clock_start, and clock_stop, which prints the milliseconds since, to the
# kernel's tick of 1 to 10. The clock is that of files in memory, since not every date has %N.
clock_now() {
  : >"$IR_RUN/clock"
  clock=$(stat -c '%Y %y' "$IR_RUN/clock")
  fraction=${clock##*.}
  fraction=${fraction%% *}
  clock="${clock%% *}${fraction%??????}"
}
clock_start() {
  clock_now
  clock_begin=$clock
}
clock_stop() {
  clock_now
  echo "took $((clock - clock_begin))"
}
