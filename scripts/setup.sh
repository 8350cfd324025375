#!/bin/sh
# setup.sh STEP [ARGS]: what every npm script runs. Checks the tools, installs the npm packages when package-lock.json
# changed since the last time, and hands over to the script of the step on the project's own Node.
# All of its own output goes to stderr: stdout belongs to the step.
set -eu
cd "$(dirname "$0")/.."

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

[ $# -gt 0 ] || fail 'usage: sh scripts/setup.sh STEP [ARGS]'
step=$1
shift
case $step in
  cluster) script=test/cluster/main.ts ;;
  *) script=scripts/$(printf %s "$step" | tr : -).ts ;;
esac
[ -f "$script" ] || fail "there is no step \"$step\""

# npm puts node_modules/.bin first; npm itself must not run on the Node that it is about to replace.
system_path=$(printf %s "$PATH" | tr : '\n' | grep -v 'node_modules' | paste -sd: -)
for tool in node npm; do
  PATH=$system_path command -v "$tool" >/dev/null ||
    fail "Node.js 20 or later with npm is needed, $tool is missing: install a release of Node.js"
done
major=$(PATH=$system_path node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || fail "Node.js 20 or later is needed, this is $major: install a newer release of Node.js"

[ -x /usr/local/go/bin/go ] && system_path=$system_path:/usr/local/go/bin
needs_go() {
  PATH=$system_path command -v go >/dev/null ||
    fail 'Go is needed to build the test cluster: install a release of Go, or set KUBECONFIG to use a cluster of yours'
}
needs_root() {
  [ "$(id -u)" -eq 0 ] ||
    fail 'the test cluster needs root: run this as root, or set KUBECONFIG to use a cluster of yours'
}
# Told before anything is installed or built. Parts of bench need no cluster; the others are refused when it is to start.
case "$step ${1-}" in
  'cluster up') needs_go && needs_root ;;
  cluster\ *) needs_root ;;
  test\ * | test:e2e\ * | long\ * | demo\ *) [ -n "${KUBECONFIG-}" ] || { needs_go && needs_root; } ;;
esac

stamp=node_modules/.installed
wanted="$(cksum <package-lock.json) $(uname -sm)"
if [ "$wanted" != "$(cat "$stamp" 2>/dev/null)" ] || [ ! -x node_modules/.bin/node ]; then
  printf 'installing npm packages\n' >&2
  PATH=$system_path npm ci --no-audit --no-fund --loglevel=error >&2 ||
    fail 'npm ci failed: check that the npm registry can be reached'
  [ -x node_modules/.bin/node ] || fail "there is no Node 22 package for $(uname -sm): use Linux on x86-64 or arm64"
  printf %s "$wanted" >"$stamp"
fi

PATH=$PWD/node_modules/.bin:$system_path
export PATH
exec node "$script" "$@"
