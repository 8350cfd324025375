import type { Items } from './traces-lab.ts';

/** Three things of three weights. */
export const uEventItems: Items = {
  '[root]/sys/kernel/uevent_helper': '/tmp/x\n',
  '[root]/root/.bash_history': { target: '/dev/null' },
  '[root]/proc/sys/kernel/tainted': '4096\n',
  '[root]/proc/modules': 'overlay 1 0 - Live 0x0\nnvidia 1 0 - Live 0x0 (O)\n',
};
