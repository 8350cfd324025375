# shellcheck shell=sh
# The container runtimes that run on the node: how they were started and which files they hold open. Facts of the kernel.
# Argument: TOKEN, random, so that no name can look like the end of a record.
token=$1

# What the descriptors of a process are.
descriptors() {
  (cd "/proc/$1/fd" && find . -type l | head -n 4096 | xargs -r stat -c "%N$token") 2>/dev/null
  printf '%send\n' "$token"
}

grep -l -x -E 'containerd|dockerd|crio' /proc/[0-9]*/comm 2>/dev/null | cut -d/ -f3 | sort -n | head -n 64 >"$IR_RUN/runtimes"
while read -r pid; do
  for file in comm cmdline cgroup; do
    frame_file runtime "/proc/$pid/$file" "[root]/proc/$pid/$file"
  done
  frame_output runtime "live_response/runtimes/$pid.descriptors" -- descriptors "$pid"
done <"$IR_RUN/runtimes"
