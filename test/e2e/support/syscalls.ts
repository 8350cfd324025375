/**
 * Perl that makes system calls of x86-64 for which no program of the toolbox is there, each for `perl -e`. Perl wants
 * variables where the kernel takes pointers.
 */

/** Runs a busybox that the node has not from memory alone, as `sleep SECONDS`: memfd_create(2), 319. */
export function sleepFromMemory(seconds: number): string {
  return `$name = "x"; $fd = syscall(319, $name, 0); undef $/;
open I, "<", "/bin/busybox"; $program = <I>; open O, ">", "/proc/self/fd/$fd"; print O $program, "x"; close O;
exec {"/proc/self/fd/$fd"} "sleep", "${seconds}"`;
}

/** Loads an eBPF program of a type, which does nothing and is attached to nothing, and holds it: bpf(2), 321. */
export function holdBpf(type: number, seconds: number): string {
  return `$code = pack "CCsl CCsl", 0xb7, 0, 0, 0, 0x95, 0, 0, 0; $license = "GPL\\0";
$load = pack("L L P P", ${type}, 2, $code, $license) . "\\0" x 104;
syscall(321, 5, $load, 128) > 0 or die $!; sleep ${seconds}`;
}

/**
 * Mounts places of the node into the container of the caller, which asked for none: setns(2), 308; open_tree(2), 428;
 * move_mount(2), 429. Pairs of place and target, both of which must exist.
 */
export function mountFromNode(pairs: Readonly<Record<string, string>>, seconds: number): string {
  const list = Object.entries(pairs).map(([place, target]) => `["${place}", "${target}"]`);
  return `@pairs = (${list.join(', ')}); $none = "";
open C, "<", "/proc/self/ns/mnt"; open N, "<", "/proc/1/ns/mnt";
syscall(308, fileno N, 0x20000) == 0 or die $!;
for (@pairs) { $place = $_->[0]; push @$_, syscall(428, -100, $place, 0x80001) }
syscall(308, fileno C, 0x20000) == 0 or die $!;
for (@pairs) { $to = $_->[1]; syscall(429, $_->[2], $none, -100, $to, 4) == 0 or die $! }
sleep ${seconds}`;
}

/** Becomes the debugger of the process that is its argument, without stopping it: ptrace(2), 101, PTRACE_SEIZE. */
export function debugging(seconds: number): string {
  return `syscall(101, 0x4206, $ARGV[0] + 0, 0, 0) == 0 or die $!; sleep ${seconds}`;
}

/** Goes by another name. */
export function calling(name: string, seconds: number): string {
  return `$0 = "${name}"; sleep ${seconds}`;
}
