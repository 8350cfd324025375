# shellcheck shell=sh
# Sourced before a script that needs it. New connections are tried with this image's own programs; a port that refuses
# has answered. The name that a DNS server is asked for never leaves it (RFC 6761, 6.3).

# try_begin NUMBER PROTOCOL ADDRESS PORT PREFIX...: in the background, with PREFIX... before the command.
try_begin() {
  number=$1
  protocol=$2
  address=$3
  port=$4
  shift 4
  case $protocol in
    tcp) set -- "$@" nc -w 3 "$address" "$port" -e true ;;
    udp)
      case $address in *:*) address="[$address]" ;; esac
      set -- "$@" nslookup -type=a localhost "$address:$port"
      ;;
    icmp) set -- "$@" ping -c 1 -W 3 "$address" ;;
    *) return 0 ;;
  esac
  (exec "$@" >"$IR_RUN/try.$number" 2>&1 8<&- 9>&-) &
  tried="$tried $!:$number:$protocol"
}

# Ends what has not ended, and prints the numbers of those that were answered: `NUMBER connected` or `NUMBER refused`.
tries_end() {
  for one in $tried; do kill -KILL "${one%%:*}"; done 2>/dev/null
  for one in $tried; do
    wait "${one%%:*}" 2>/dev/null
    code=$?
    one=${one#*:}
    number=${one%:*}
    if grep -q 'refused' "$IR_RUN/try.$number"; then
      echo "$number refused"
    elif [ "${one#*:}" = udp ]; then
      if grep -q '^Server:' "$IR_RUN/try.$number"; then echo "$number connected"; fi
    elif [ "$code" -eq 0 ]; then
      echo "$number connected"
    fi
  done
}
tried=
