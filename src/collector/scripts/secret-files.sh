# shellcheck shell=sh
# Put before the scripts that take files of people: which of them are secrets as a whole.

# True for what is a secret by its name. $1: a path
secret_name() {
  case $1 in
    */.docker/config.json | */rancher/node/password) return 0 ;;
  esac
  case ${1##*/} in
    shadow | shadow- | gshadow | gshadow- | opasswd) ;;
    *.key | *-key.pem | *.p12 | *.pfx | *.jks | *.keytab) ;;
    kubeconfig | *.kubeconfig | admin.conf | super-admin.conf | credentials | token | *.token | tokens.csv) ;;
    .dockercfg | .dockerconfigjson | *encryption-config* | .pgpass | .netrc | .git-credentials) ;;
    *) return 1 ;;
  esac
}

# Succeeds when one of the files holds a private key (as it is or in base64), a bearer token, passwords of registries, or is a
# kubeconfig, YAML or JSON; 1 when none does, anything else when that could not be told.
# busybox's timeout would leave a watcher behind for each file, dozens at a time.
secret_content() {
  grep -q -s -e 'PRIVATE KEY-----' -e 'LS0tLS1CRUdJTiBQUklWQVRF' -e 'LS0tLS1CRUdJTiBSU0EgUFJJVkFURS' \
    -e 'LS0tLS1CRUdJTiBFQyBQUklWQVRF' -e 'client-key' -e '^[- ]*"\{0,1\}current-context"\{0,1\} *:' \
    -e '^[- ]*"\{0,1\}token"\{0,1\} *:' -e '^[{[:space:]]*"auths" *: *{' -- "$@" </dev/null &
  ir_await $!
}

# secret_part PATH MOST [end]: the same of the first bytes of a file, or of its last, however large it is. They stay in $IR_RUN/part.
secret_part() {
  (
    exec <"$1"
    [ -z "${3-}" ] || exec tail -c "$2"
    exec head -c "$2"
  ) >"$IR_RUN/part" 2>/dev/null &
  ir_await $! || return 2
  secret_content "$IR_RUN/part"
}
