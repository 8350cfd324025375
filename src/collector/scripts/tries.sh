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
  for one in $tried; do ir_kill "${one%%:*}"; done
  ended=
  for one in $tried; do
    wait "${one%%:*}" 2>/dev/null
    ended="$ended $?:${one#*:}"
  done
  # One look at all outputs: a program for each takes longer than the tries. Each name ends with a slash here.
  refused=$(cd "$IR_RUN" && grep -l refused try.* | tr '\n' /)
  served=$(cd "$IR_RUN" && grep -l '^Server:' try.* | tr '\n' /)
  for one in $ended; do
    code=${one%%:*}
    one=${one#*:}
    number=${one%:*}
    case /$refused in
      */"try.$number"/*) echo "$number refused" && continue ;;
    esac
    if [ "${one#*:}" = udp ]; then
      case /$served in
        */"try.$number"/*) echo "$number connected" ;;
      esac
    elif [ "$code" -eq 0 ]; then
      echo "$number connected"
    fi
  done
} 2>/dev/null
tried=
