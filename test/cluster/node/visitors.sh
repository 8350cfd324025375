#!/bin/sh
# Three who come to a node's sshd from outside: one gets in with a key and looks around, two guess. In a network
# namespace of its own, whose loopback has their addresses (of RFC 5737) and the node's.
# Usage: unshare --net visitors.sh KEY     with the key of nodeops
set -eu
key=$1
ip link set lo up
for address in 192.0.2.10 198.51.100.7 203.0.113.66; do ip address add "$address/32" dev lo; done
/usr/sbin/sshd -D &
sshd=$!
until [ -s /run/sshd.pid ]; do sleep 0.05; done

# visit ADDRESS USER SSH_OPTION...: a connection that comes from ADDRESS.
visit() {
  from=$1 user=$2
  shift 2
  # The default key exchange takes more of a processor than all the rest.
  ssh -F none -q -o ConnectTimeout=20 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
    -o KexAlgorithms=curve25519-sha256 -b "$from" "$@" "$user@192.0.2.10"
}

# guess USER: one wrong password, which a program types.
printf '#!/bin/sh\necho summer\n' >/run/guess
chmod 0700 /run/guess
guess() {
  if SSH_ASKPASS=/run/guess SSH_ASKPASS_REQUIRE=force visit 203.0.113.66 "$1" \
    -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 </dev/null; then
    echo "$1 got in with a guessed password" && return 1
  fi
}

guess admin &
first=$!
guess nodeops &
second=$!
# sudo eats what was typed ahead, so it comes last.
TERM=xterm visit 198.51.100.7 nodeops -tt -i "$key" >/dev/null <<'SESSION'
uptime
sudo ls -l /etc/kubernetes/manifests; exit
SESSION
wait "$first"
wait "$second"
rm /run/guess
kill "$sshd"
wait "$sshd" || :
