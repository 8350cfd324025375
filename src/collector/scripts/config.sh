# shellcheck shell=sh
# How the node is set up, and what starts by itself on it. A file that is a secret as a whole is not taken:
# its item says so, with the facts of the file and a digest; of certificates and kubeconfigs the parts that are no secret
# are taken. Argument: `secrets` to take them after all.
cap=1048576

# True for what is written to at its end: that is taken, when not all of it is.
grows() {
  case ${1##*/} in
    .node_repl_history) return 1 ;;
    *_history | .lesshst | known_hosts* | authorized_keys*) ;;
    *) return 1 ;;
  esac
}

# Called again by xargs with paths: tells them apart into lists. Of many that are small one look is enough, as a rule.
if [ "${1-}" = sort ]; then
  shift
  for path; do
    shift
    if [ ! -f "$path" ] || [ -L "$path" ]; then
      printf '%s\0' "$path" >>"$IR_RUN/plain" || ir_full
    elif secret_name "$path"; then
      printf '%s\0' "$path" >>"$IR_RUN/secrets" || ir_full
    else
      set -- "$@" "$path"
    fi
  done
  [ "$#" -gt 0 ] || exit 0
  code=2
  if [ -z "$(find "$@" -maxdepth 0 -size "+${cap}c" 2>/dev/null)" ]; then
    secret_content "$@"
    code=$?
  fi
  [ "$code" -ne 1 ] || { printf '%s\0' "$@" >>"$IR_RUN/plain" || ir_full; exit 0; }
  for path; do
    secret_part "$path" "$cap" "$(! grows "$path" || echo end)"
    case $? in
      0) list=secrets ;;
      1) if grows "$path"; then list=ends; else list=plain; fi ;;
      *) list=unknown ;;
    esac
    printf '%s\0' "$path" >>"$IR_RUN/$list" || ir_full
  done
  exit 0
fi

# Called again by xargs with the paths of what is taken from its end.
if [ "${1-}" = ends ]; then
  shift
  for path; do frame_file config "$path" "[root]${path#"$HOST"}" "$cap" end; done
  exit 0
fi

# Called again by xargs with `skip` or `secrets`, and paths of which nobody could tell whether they are secrets.
if [ "${1-}" = unknown ]; then
  mode=$2
  shift 2
  for path; do
    if [ "$mode" = secrets ]; then
      frame_file config "$path" "[root]${path#"$HOST"}" "$cap"
    else
      frame_skip config "$path" "[root]${path#"$HOST"}" 'not taken, as nobody could tell whether it is a secret'
    fi
  done
  exit 0
fi

# The certificates of a file, whatever else is in it.
certificates() {
  awk '/^-----/ {
      if ($0 == "-----END CERTIFICATE-----" && inside) print
      inside = $0 == "-----BEGIN CERTIFICATE-----"
    }
    inside && /^[-A-Za-z0-9+\/= ]+$/' "$1"
}

# The lines of a kubeconfig that are no secret.
public_lines() {
  grep -E '^[- ]*(apiVersion|kind|clusters|contexts|users|cluster|context|name|server|user|namespace|current-context|tls-server-name|certificate-authority(-data)?|client-certificate(-data)?):' "$1"
}

# Called again by xargs with `skip` or `secrets`, and the paths of secrets.
if [ "${1-}" = skip ] || { [ "${1-}" = secrets ] && [ "$#" -gt 1 ]; }; then
  mode=$1
  shift
  for path; do
    rest=${path#"$HOST"}
    if [ "$mode" = secrets ]; then
      frame_file secret "$path" "[root]$rest" "$cap" "$(! grows "$path" || echo end)"
      continue
    fi
    frame_secret secret "$path" "[root]$rest"
    if [ -L "$path" ] || [ ! -f "$path" ] || [ "$(stat -c %s -- "$path")" -gt "$cap" ]; then continue; fi
    if grep -q -s -e '-----BEGIN CERTIFICATE-----' -- "$path"; then
      frame_output config "live_response/certificates$rest" -- certificates "$path"
    fi
    if grep -q -s -E '^[- ]*current-context *:' -- "$path"; then
      frame_output config "live_response/kubeconfigs$rest" -- public_lines "$path"
    fi
  done
  exit 0
fi

# place_of PATH: leaves $place, where the links on the way to it lead; itself may be a link. Fails when nothing is there.
place_of() {
  resolve "${1%/*}" || return
  place=$IR_PLACE/${1##*/}
  [ -e "$place" ] || [ -L "$place" ]
}

# Files and links at or below the paths that exist on the node, each ended by NUL; of what is a link, what it leads to as well.
below() {
  for path; do
    place_of "$path" || continue
    find "$place" -xdev '(' -type f -o -type l ')' -print0 2>/dev/null
    if [ ! -L "$place" ] || ! resolve "$path"; then continue; fi
    case $IR_PLACE in
      "$HOST" | "$HOST/proc" | "$HOST/proc/"* | "$HOST/sys" | "$HOST/sys/"* | "$HOST/dev" | "$HOST/dev/"*) ;;
      *) bounded 4096 "$IR_PLACE" -xdev '(' -type f -o -type l ')' ;;
    esac
  done
}

# bounded MOST PLACE EXPRESSION...: what find has there, no more than MOST; what is beyond is told.
bounded() {
  most=$1 from=$2
  shift
  find "$@" -print0 2>/dev/null | tr '\0\n' '\n\0' | head -n "$((most + 1))" >"$IR_RUN/few"
  [ "$(wc -l <"$IR_RUN/few")" -le "$most" ] || printf '%s %s\0' "$most" "${from#"$HOST"}" >>"$IR_RUN/many"
  head -n "$most" "$IR_RUN/few" | tr '\n\0' '\0\n'
}

# few PATH TEST...: the same of a place that others than the owner of the node name or fill: no more than 256 files, two levels
# deep.
few() {
  place_of "$1" || return 0
  shift
  bounded 256 "$place" -maxdepth 2 -xdev '(' -type f "$@" -o -type l ')'
}

# Called again by xargs with the places of which there was more.
if [ "${1-}" = many ]; then
  shift
  for path; do frame_gap config "[root]${path#* }" truncated "no more than ${path%% *} of its files were taken"; done
  exit 0
fi

# Values of the option $2 on the command lines that hold the word $1; only absolute paths without `..`.
option() {
  own=$(readlink /proc/self/ns/net)
  grep -l -s -F -e "$1" /proc/[0-9]*/cmdline | while read -r cmdline; do
    # What is in a network of its own is a program of a pod, and may call itself what it likes.
    [ "$(readlink "${cmdline%cmdline}ns/net")" = "$own" ] || continue
    tr '\0' '\n' <"$cmdline" 2>/dev/null | sed -n -e "s|^--*$2=||p" -e "/^--*$2\$/{n;p;}"
  done | safe_paths
}

# In one form of each: a name with an empty part or `.` in it is none for an archive.
safe_paths() { sed -e 's|//*|/|g' -e ':a' -e 's|/\./|/|; ta' -e 's|/\.\{0,1\}$||' | grep '^/.' | grep -v -e '/\.\.$' -e '/\.\./' | sort -u | head -n 4096; }

# What the command lines of kubelet, control plane and container runtimes name, and where the kubelet's file says that
# static pods are.
named() {
  for name in config config-dir pod-manifest-path bootstrap-kubeconfig kubeconfig cni-conf-dir; do option kubelet "$name"; done
  for name in audit-policy-file admission-control-config-file encryption-provider-config authentication-token-webhook-config-file \
    authorization-webhook-config-file authorization-config; do option kube-apiserver "$name"; done
  option containerd config
  option crio config
  option dockerd config-file
  option k3s config
  option kubelet config | while IFS= read -r file; do
    if [ ! -f "$HOST$file" ] || [ -L "$HOST$file" ]; then continue; fi
    sed -n 's/^ *"\{0,1\}staticPodPath"\{0,1\}: *"\{0,1\}\([^",]*\).*/\1/p' "$HOST$file" | safe_paths
  done
}

homes() {
  { cut -d: -f6 "$HOST/etc/passwd"; echo /root; ! resolve /home || for home in "$IR_PLACE"/*; do echo "${home#"$HOST"}"; done; } |
    safe_paths
}

# Where sshd looks for the keys of accounts (sshd_config(5), AuthorizedKeysFile and TOKENS).
key_places() {
  for file in "$HOST"/etc/ssh/sshd_config "$HOST"/etc/ssh/sshd_config.d/*; do
    if [ ! -f "$file" ] || [ -L "$file" ]; then continue; fi
    head -c 1048576 <"$file" | sed -n 's/^[[:blank:]]*AuthorizedKeysFile[[:blank:]=]//Ip'
  done | tr -s '=" \t' '\n' | grep -v -e '^#' -e '^none$' -e '%%' -e '^$' | head -n 16 >"$IR_RUN/words"
  [ -s "$IR_RUN/words" ] || return 0
  awk -F : '
    NR == FNR { word[++count] = $0; next }
    {
      for (i = 1; i <= count; i++) {
        parts = split(word[i], part, "%")
        path = part[1]
        for (j = 2; j <= parts; j++)
          path = path (part[j] ~ /^u/ ? $1 : part[j] ~ /^h/ ? $6 : part[j] ~ /^U/ ? $3 : "%") substr(part[j], 2)
        print path ~ /^\// ? path : $6 "/" path
      }
    }' "$IR_RUN/words" "$HOST/etc/passwd" | safe_paths
}

everything() {
  # Who may enter, and as what.
  below /etc/passwd /etc/passwd- /etc/group /etc/shadow /etc/gshadow /etc/sudoers /etc/sudoers.d /etc/login.defs \
    /etc/subuid /etc/subgid /etc/nsswitch.conf /etc/pam.conf /etc/pam.d /etc/security /etc/ssh /etc/polkit-1
  # Names, routes and rules of the network.
  below /etc/hosts /etc/resolv.conf /run/systemd/resolve/resolv.conf /etc/network /etc/netplan /etc/systemd/network \
    /etc/NetworkManager/dispatcher.d /etc/iptables /etc/iptables.rules /etc/sysconfig/iptables /etc/sysconfig/ip6tables \
    /etc/nftables.conf /etc/nftables /etc/sysconfig/nftables.conf /etc/ufw /etc/hosts.allow /etc/hosts.deny
  # What starts by itself.
  below /etc/ld.so.preload /etc/ld.so.conf /etc/ld.so.conf.d /etc/environment /etc/profile /etc/profile.d \
    /etc/bash.bashrc /etc/bashrc /etc/zsh /etc/rc.local /etc/rc.d /etc/inittab /etc/init.d /etc/local.d \
    /etc/crontab /etc/crontabs /etc/periodic /etc/cron.d \
    /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /etc/anacrontab /var/spool/cron \
    /var/spool/at /var/spool/anacron /etc/systemd /lib/systemd/system /usr/lib/systemd/system \
    /usr/local/lib/systemd /etc/modules /etc/modules-load.d /etc/modprobe.d /etc/sysctl.conf /etc/sysctl.d \
    /etc/udev/rules.d /usr/lib/udev/rules.d /lib/udev/rules.d /run/udev/rules.d /etc/binfmt.d /etc/tmpfiles.d /etc/update-motd.d /etc/xdg/autostart /etc/dbus-1 \
    /etc/apt/apt.conf.d /etc/yum/pluginconf.d /etc/dnf/plugins /etc/initramfs-tools /etc/dracut.conf.d
  # How the node and its logs are set up.
  below /etc/fstab /etc/default /etc/sysconfig /etc/audit /etc/rsyslog.conf /etc/rsyslog.d /etc/logrotate.conf \
    /etc/logrotate.d /boot/grub/grub.cfg /boot/grub2/grub.cfg
  # Kubernetes and the container runtimes.
  below /etc/kubernetes /etc/srv/kubernetes /etc/eks /etc/cni /var/lib/cni /etc/containerd /etc/crio /etc/containers \
    /etc/docker/daemon.json /etc/crictl.yaml /etc/rancher /var/lib/rancher/k3s/agent/etc \
    /var/lib/rancher/k3s/agent/pod-manifests /var/lib/rancher/k3s/server/manifests /var/lib/rancher/k3s/server/tls \
    /var/lib/rancher/rke2/agent/pod-manifests /var/lib/rancher/rke2/server/manifests /var/lib/rancher/rke2/server/tls \
    /home/kubernetes/kubelet-config.yaml /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeconfig \
    /var/lib/kubelet/kubeadm-flags.env /var/lib/kubelet/instance-config.yaml /var/lib/kubelet/pki \
    /var/lib/kubelet/cpu_manager_state /var/lib/kubelet/memory_manager_state \
    /var/lib/kubelet/allocated_pods_state /var/lib/kubelet/actuated_pods_state \
    /var/lib/kubelet/device-plugins/kubelet_internal_checkpoint /var/snap/microk8s/current/args
  # What the provider of the machine left on it.
  [ ! -L "$HOST/var/lib/cloud/instance" ] || printf '%s\0' "$HOST/var/lib/cloud/instance"
  below /var/lib/cloud/instance/user-data.txt /var/lib/cloud/instance/vendor-data.txt /var/lib/cloud/instance/scripts \
    /var/lib/cloud/data /run/cloud-init /var/lib/waagent/GoalState.1.xml /var/lib/waagent/ovf-env.xml
  # A program may call itself a kubelet and name anything: files of the kernel say that they are empty, and reading some takes from them.
  named | awk '!seen[$0]++' >"$IR_RUN/named"
  head -n 64 "$IR_RUN/named" | while IFS= read -r path; do few "$path" -size +0c; done
  key_places | while IFS= read -r path; do few "$path" -size +0c; done
  homes | while IFS= read -r home; do
    for place in .ssh .config/systemd/user .config/autostart .kube/config .docker/config.json .aws/credentials; do
      few "$home/$place"
    done
    for file in .bash_history .ash_history .zsh_history .sh_history .python_history .mysql_history .psql_history \
      .node_repl_history .local/share/fish/fish_history .lesshst .viminfo .wget-hsts .bashrc .profile .bash_profile \
      .bash_logout .zshrc .zprofile .config/fish/config.fish .forward .netrc .pgpass .git-credentials; do
      place_of "$home/$file" || continue
      if [ -f "$place" ] || [ -L "$place" ]; then printf '%s\0' "$place"; fi
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

# Runs this script again on the paths that come on stdin.
again() {
  # shellcheck disable=SC2016  # expanded by the shells that xargs starts
  xargs -0 -r -n 100 sh -c '. "$IR_RUN/common"; exec </dev/null; . "$IR_RUN/script"' sh "$@"
}

for list in plain ends secrets unknown many; do : >"$IR_RUN/$list"; done
everything | sort -z -u | again sort
frame_list config "$HOST" '[root]' "$cap" <"$IR_RUN/plain"
again ends <"$IR_RUN/ends"
again "${1:-skip}" <"$IR_RUN/secrets"
again unknown "${1:-skip}" <"$IR_RUN/unknown"
frame_output config live_response/system/systemd_units.txt -- units
again many <"$IR_RUN/many"
[ "$(wc -l <"$IR_RUN/named")" -le 64 ] ||
  frame_gap config live_response/system/named_paths.rest truncated 'command lines name more than 64 paths; the others were not taken'
