# shellcheck shell=sh
# What is installed, as the package managers wrote it down, and digests of the programs that everything depends on, to
# be held against it. No package manager is run.
cap=1073741824
# Of containers, in which there can be any number of any size: most bytes of one file, and of all of them.
container_cap=67108864 container_total=536870912

# Called again for each container with its root as $HOST: its databases, and what says of which system they are.
if [ "${1-}" = container ]; then
  name=${HOST%/*}
  name=live_response/containers/${name##*/}/root
  for path in "$HOST"/var/lib/dpkg/status "$HOST"/var/lib/dpkg/status.d/* "$HOST"/lib/apk/db/installed \
    "$HOST"/usr/lib/apk/db/installed "$HOST"/var/lib/rpm/rpmdb.sqlite "$HOST"/var/lib/rpm/rpmdb.sqlite-wal \
    "$HOST"/usr/lib/sysimage/rpm/rpmdb.sqlite "$HOST"/usr/lib/sysimage/rpm/rpmdb.sqlite-wal \
    "$HOST"/etc/os-release "$HOST"/usr/lib/os-release; do
    if [ ! -f "$path" ] || [ -L "$path" ]; then continue; fi
    read -r left <"$IR_RUN/left"
    if [ "$left" -le 0 ]; then
      frame_gap packages "$name${path#"$HOST"}" skipped "beyond $((container_total >> 20)) MiB of packages of containers"
      exit 0
    fi
    [ "$left" -lt "$container_cap" ] || left=$container_cap
    frame_file packages "$path" "$name${path#"$HOST"}" "$left"
    read -r left <"$IR_RUN/left"
    echo "$((left - 4096 - ${ir_length-0}))" >"$IR_RUN/left"
  done
  exit 0
fi

# Files that exist, each ended by NUL.
files() {
  for path; do
    if [ -f "$path" ] && [ ! -L "$path" ]; then printf '%s\0' "$path"; fi
  done
}

# Files of a kind below directories, as paths from the root of the node without its slash.
below() {
  for path; do
    if [ ! -d "$HOST$path" ] || [ -L "$HOST$path" ]; then continue; fi
    find "${path#/}" -xdev -type f "$filter" "$value" -print0 2>/dev/null
  done
}

# What the linker loads into every program.
preloaded() {
  list=$HOST/etc/ld.so.preload
  if [ ! -f "$list" ] || [ -L "$list" ]; then return; fi
  head -c 65536 "$list" | sed 's/#.*//' | tr ' \t:' '\n' | grep '^/' | grep -v '/\.\.' | while IFS= read -r path; do
    # Files of the kernel say that they are empty, and reading some takes from them.
    [ ! -s "${path#/}" ] || files "${path#/}"
  done
}

# Programs and what is loaded into them: those of the system, of Kubernetes and of its networks, modules of PAM.
programs() {
  filter=-perm value=-0100
  below /bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /usr/libexec /usr/lib/systemd /lib/systemd \
    /opt/cni/bin /opt/bin /usr/lib/cni /var/lib/rancher /home/kubernetes/bin /usr/lib/openssh
  filter=-name value='*.so'
  below /lib/security /usr/lib/security /lib64/security /usr/lib64/security
  for directory in "$HOST"/lib/*/security "$HOST"/usr/lib/*/security; do below "${directory#"$HOST"}"; done
  preloaded
}

# Digests of the programs as the tool $1 prints them, their paths as the node has them.
digests() {
  cd "$HOST" || return
  # shellcheck disable=SC2002  # through a pipe: an applet run without exec would put the offset of a file back
  cat "$IR_RUN/programs" | xargs -0 -r "$1" -- 2>/dev/null
  return 0
}

files "$HOST"/var/lib/dpkg/info/*.md5sums "$HOST"/var/lib/dpkg/status.d/* | frame_list packages "$HOST" '[root]' 16777216
for path in "$HOST"/var/lib/dpkg/status "$HOST"/var/lib/dpkg/diversions "$HOST"/var/lib/dpkg/statoverride \
  "$HOST"/var/lib/rpm/rpmdb.sqlite* "$HOST"/usr/lib/sysimage/rpm/rpmdb.sqlite* "$HOST"/var/lib/rpm/Packages \
  "$HOST"/var/lib/rpm/Packages.db "$HOST"/lib/apk/db/installed "$HOST"/usr/lib/apk/db/installed \
  "$HOST"/var/lib/apt/extended_states "$HOST"/etc/apk/world; do
  if [ -f "$path" ] && [ ! -L "$path" ]; then frame_file packages "$path" "[root]${path#"$HOST"}" "$cap"; fi
done
# Roots of the containers that run: what containerd, docker and CRI-O have mounted.
roots() {
  bundles | sed 's|$|/rootfs|' | while IFS= read -r root; do [ ! -d "$root" ] || [ -L "$root" ] || echo "$root"; done
  for root in "$HOST"/var/lib/docker/overlay2/*/merged "$HOST"/var/lib/containers/storage/overlay/*/merged; do
    if [ -d "$root" ] && [ ! -L "$root" ]; then echo "$root"; fi
  done
}

# ID ROOT of each container that runs, after its specification.
running() {
  {
    bundles
    for directory in "$HOST"/run/containers/storage/overlay-containers/*/userdata \
      "$HOST"/var/lib/containers/storage/overlay-containers/*/userdata; do
      pid=$(head -c 20 "$directory/pidfile" 2>/dev/null)
      if [ -n "$pid" ] && [ -d "/proc/$pid" ]; then echo "$directory"; fi
    done
  } | while IFS= read -r directory; do
    root=$(sed -n 's/.*"root":{"path":"\([^"]*\)".*/\1/p' "$directory/config.json" 2>/dev/null | head -n 1)
    case $root in
      /*) root=$HOST$root ;;
      *) root=$directory/${root:-rootfs} ;;
    esac
    directory=${directory%/userdata}
    echo "${directory##*/} $root"
  done
}

# A container that began after us, or whose root is not mounted on the node, has nothing there for us.
running | while IFS= read -r line; do
  [ -n "$(ls -A "${line#* }" 2>/dev/null)" ] ||
    frame_gap packages "live_response/containers/${line%% *}/root" skipped 'its root file system is not mounted where it can be seen'
done
echo "$container_total" >"$IR_RUN/left"
roots | while IFS= read -r root; do
  # Whoever is in a container can put links there: with its root in the place of the node's, nothing outside is taken for its own.
  # shellcheck disable=SC2016  # expanded by the shell that is started
  HOST=$root IR_TOP=$(cd "$root" && pwd -P) sh -c '. "$IR_RUN/common"; . "$IR_RUN/script"' sh container </dev/null
done
cd "$HOST" || exit
programs | sort -z -u >"$IR_RUN/programs"
export IR_TIMEOUT=60
frame_output packages live_response/packages/programs.sha256 -- digests sha256sum
if [ -e "$HOST/var/lib/dpkg" ]; then frame_output packages live_response/packages/programs.md5 -- digests md5sum; fi
if [ -e "$HOST/lib/apk/db" ] || [ -e "$HOST/usr/lib/apk/db" ]; then
  frame_output packages live_response/packages/programs.sha1 -- digests sha1sum
fi
