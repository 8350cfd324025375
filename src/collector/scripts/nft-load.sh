# shellcheck shell=sh
# nft-load.sh: loads the rules that come as input, all of them or none. They stay until nft-unload.sh.
nft -f "$IR_RUN/input"
