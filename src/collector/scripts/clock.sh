# shellcheck shell=sh
# The node's clock as seconds and nanoseconds: the time of a file made in memory, since not every date has %N.
: >"$IR_RUN/clock"
clock=$(stat -c '%Y %y' "$IR_RUN/clock")
fraction=${clock##*.}
echo "${clock%% *} ${fraction%% *}"
