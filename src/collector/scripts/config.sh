# shellcheck shell=sh
# How the node is set up, and what starts by itself on it. A file that is a secret as a whole is not taken:
# its item says so, with the facts of the file.
cap=1048576

# True for what is a secret by its name. $1: a path
secret_name() {
  case ${1##*/} in
    shadow | shadow- | gshadow | gshadow- | opasswd) ;;
    *.key | *-key.pem | *.p12 | *.pfx | *.jks | *.keytab) ;;
    kubeconfig | *.kubeconfig | admin.conf | super-admin.conf | token | *.token | tokens.csv) ;;
    .dockercfg | .dockerconfigjson | *encryption-config*) ;;
    *) return 1 ;;
  esac
}

# True when one of the files holds a private key (as it is or in base64), a bearer token, or is a kubeconfig, YAML or JSON.
# busybox's timeout would leave a watcher behind for each file, dozens at a time.
secret_content() {
  grep -q -s -e 'PRIVATE KEY-----' -e 'LS0tLS1CRUdJTiBQUklWQVRF' -e 'LS0tLS1CRUdJTiBSU0EgUFJJVkFURS' \
    -e 'LS0tLS1CRUdJTiBFQyBQUklWQVRF' -e 'client-key' -e '^[- ]*"\{0,1\}current-context"\{0,1\} *:' \
    -e '^[- ]*"\{0,1\}token"\{0,1\} *:' -- "$@" </dev/null &
  ir_await $!
}

# Called again by xargs with paths: tells them apart into two lists.
if [ "${1-}" = sort ]; then
  shift
  ask=
  for path; do [ ! -f "$path" ] || [ -L "$path" ] || ask=1; done
  if [ -n "$ask" ] && ! secret_content "$@"; then ask=; fi
  for path; do
    if [ -f "$path" ] && [ ! -L "$path" ] && { secret_name "$path" || { [ -n "$ask" ] && secret_content "$path"; }; }; then
      printf '%s\0' "$path" >>"$IR_RUN/secrets"
    else
      printf '%s\0' "$path" >>"$IR_RUN/plain"
    fi
  done
  exit 0
fi
# Called again by xargs with the paths of secrets.
if [ "${1-}" = skip ]; then
  shift
  for path; do frame_skip config "$path" "[root]${path#"$HOST"}" secret; done
  exit 0
fi

# Files and links at or below the paths that exist on the node, each ended by NUL.
below() {
  for path; do
    [ -e "$HOST$path" ] || [ -L "$HOST$path" ] || continue
    find "$HOST$path" -xdev '(' -type f -o -type l ')' -print0 2>/dev/null
  done
}

# Values of the option $2 on the command lines that hold the word $1; only absolute paths without `..`.
option() {
  grep -l -s -F -e "$1" /proc/[0-9]*/cmdline | while read -r cmdline; do
    tr '\0' '\n' <"$cmdline" 2>/dev/null | sed -n -e "s|^--*$2=||p" -e "/^--*$2\$/{n;p;}"
  done | safe_paths
}

safe_paths() { grep '^/' | grep -v -e '/\.\.$' -e '/\.\./' | sort -u; }

# What the command lines of kubelet and container runtime name, and where the kubelet's file says that static pods are.
named() {
  for name in config config-dir pod-manifest-path bootstrap-kubeconfig kubeconfig; do option kubelet "$name"; done
  option containerd config
  option kubelet config | while IFS= read -r file; do
    if [ ! -f "$HOST$file" ] || [ -L "$HOST$file" ]; then continue; fi
    sed -n 's/^ *"\{0,1\}staticPodPath"\{0,1\}: *"\{0,1\}\([^",]*\).*/\1/p' "$HOST$file" | safe_paths
  done
}

homes() {
  { cut -d: -f6 "$HOST/etc/passwd" && echo /root && for home in "$HOST"/home/*; do echo "${home#"$HOST"}"; done; } |
    safe_paths
}

everything() {
  below /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/sudoers /etc/sudoers.d /etc/login.defs \
    /etc/nsswitch.conf /etc/hosts /etc/resolv.conf /run/systemd/resolve/resolv.conf /etc/fstab \
    /etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d /etc/environment /etc/profile /etc/profile.d \
    /etc/bash.bashrc /etc/rc.local /etc/inittab /etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily \
    /etc/cron.weekly /etc/cron.monthly /etc/anacrontab /var/spool/cron /var/spool/at /etc/systemd \
    /etc/modules /etc/modules-load.d /etc/modprobe.d /etc/sysctl.conf /etc/sysctl.d /etc/udev/rules.d \
    /etc/binfmt.d /etc/tmpfiles.d /etc/pam.d /etc/security /etc/ssh /etc/audit /etc/rsyslog.conf \
    /etc/rsyslog.d /etc/default /etc/kubernetes /etc/cni /var/lib/cni /etc/containerd /etc/crio \
    /etc/containers /etc/docker/daemon.json /etc/crictl.yaml /etc/rancher /var/lib/kubelet/config.yaml \
    /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/instance-config.yaml /var/lib/kubelet/pki
  named | while IFS= read -r path; do below "$path"; done
  homes | while IFS= read -r home; do
    below "$home/.ssh"
    for file in .bash_history .ash_history .zsh_history .bashrc .profile .bash_profile; do
      [ ! -f "$HOST$home/$file" ] || printf '%s\0' "$HOST$home/$file"
    done
  done
}

# All unit files with their facts: mode, owner, size, change time, name.
units() {
  for path in /lib/systemd /usr/lib/systemd /usr/local/lib/systemd; do
    [ ! -d "$HOST$path" ] ||
      find "$HOST$path" -xdev '(' -type f -o -type l ')' -exec stat -c '%A %u %g %s %Z %N' '{}' +
  done
}

: >"$IR_RUN/plain"
: >"$IR_RUN/secrets"
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
everything | sort -z -u | xargs -0 -n 100 sh -c '. "$IR_RUN/common"; . "$IR_RUN/script"' sh sort
frame_list config "$HOST" '[root]' "$cap" <"$IR_RUN/plain"
# shellcheck disable=SC2016  # expanded by the shells that xargs starts
xargs -0 sh -c '. "$IR_RUN/common"; exec </dev/null; . "$IR_RUN/script"' sh skip <"$IR_RUN/secrets"
frame_output config live_response/system/systemd_units.txt -- units
