/** Images (one script per layer, lowest first) and what happens in the container; each runs under bash in the root of its tree. */
export interface Scenario {
  readonly name: string;
  readonly layers: readonly string[];
  readonly changes: string;
  /** Further options of the overlay. */
  readonly options?: string;
}

const system = `
mkdir -p usr/bin etc/cron.d var/lib/app home/user opt/old/sub run/link
for i in $(seq 40); do echo "program $i" >usr/bin/p$i; done
echo root:x:0:0 >etc/passwd; echo motd >etc/motd; echo a >opt/old/a; echo b >opt/old/sub/b; echo c >home/user/keep
ln -s ../etc/passwd run/link/passwd; mkfifo var/lib/app/pipe; chmod 755 usr/bin/*; echo gone >etc/gone
touch -d '2024-05-01 10:00:00' usr/bin/* etc/*`;
const application = `
mkdir -p srv opt/app etc; echo index >srv/index.html; seq 20000 >opt/app/data; echo new >etc/motd; mkdir -p opt/tree/x/y; echo z >opt/tree/x/y/z`;

const everyKind = `
printf 'Program 7\\n' >usr/bin/p7; touch -d '2024-05-01 10:00:00' usr/bin/p7
touch usr/bin/p8; chmod u+s usr/bin/p9; chown 1000:1000 home/user/keep; rm etc/gone; rm -r opt/tree; echo now a file >opt/tree
rm -r opt/old; mkdir opt/old; echo fresh >opt/old/a2; rm run/link/passwd; ln -s /host/etc/shadow run/link/passwd
mkdir -p tmp; echo x >tmp/.x; chmod 4755 tmp/.x; ln usr/bin/p3 tmp/hard; mknod tmp/null c 1 3; mkfifo tmp/fifo; truncate -s 3M tmp/sparse
rm -r srv; mkdir srv; cp /bin/true srv/run; mv usr/bin/p11 usr/bin/renamed; echo >>opt/app/data; chmod 1777 tmp
echo temp >tmp/t; rm tmp/t; rm usr/bin/p12; echo 'back again' >usr/bin/p12; rm -f usr/bin/p13; mkdir usr/bin/p13`;

const hostileNames = `
mkdir -p tmp; cd tmp
echo 1 >$'new\\nline'; echo 2 >-rf; echo 3 >$'\\e[31mred'; echo 4 >$'\\xff\\xfe raw'; echo 5 >' lead and trail '; echo 6 >"q'u\\"o"
echo 7 >'x -> y'; ln -s "y' -> 'z" "x' -> 'y"; ln -s z "x"; ln -s $'t\\narget' l; echo 8 >$'==> a <==\\nb'; echo 9 >"$(printf 'n%.0s' $(seq 255))"
mkdir $'d\\n0000000000000000000000000000000000000000000000000000000000000000  .'; echo 10 >$'d\\n0000000000000000000000000000000000000000000000000000000000000000  ./usr'
printf '==> ' >arrow; echo 11 >$'c\\nsecurity.capability=0s'; echo 12 >'back\\\\slash\\012'; echo 13 >'$(reboot)'; echo 14 >'*'`;

/** What the diff must judge as the oracle does. */
export const scenarios: readonly Scenario[] = [
  { name: 'nothing changed', layers: [system, application], changes: 'cat usr/bin/p1' },
  { name: 'every kind of change', layers: [system, application], changes: everyKind },
  { name: 'an image of one layer', layers: [system], changes: 'echo x >etc/motd; rm -r opt' },
  {
    name: '127 layers with changes across them',
    layers: [
      system,
      application,
      ...Array.from({ length: 125 }, (_, i) => `mkdir -p l; echo ${i} >l/f${i}; echo ${i} >l/all`),
    ],
    changes: `rm l/f3; printf '7\\n7' >l/f7; echo 125 >l/f124; chmod 600 l/all; mkdir l/new; ${everyKind}`,
  },
  {
    name: 'directories renamed by redirect, and metadata copied up alone',
    layers: [system, application],
    options: 'index=off,redirect_dir=on,metacopy=on',
    changes: `mv opt/app opt/moved; echo more >opt/moved/more; mv opt/tree/x home/user/x; chmod 700 usr/bin/p5; chown 5:5 usr/bin/p6
mv opt/old/sub opt/sub; rm opt/sub/b; rm -r srv; mv opt/moved srv; mkdir opt/app; echo new >opt/app/data; mv etc d; mv usr etc; mv d usr`,
  },
  {
    name: 'directories renamed into ones that were made anew, some where the image had another',
    layers: [
      'mkdir -p a/b/c/s e/s deep/x; echo 7 >a/b/c/f; echo 8 >a/b/c/s/h; echo 9 >a/b/g; echo 3 >e/f; echo 2 >e/s/g; echo 4 >deep/x/y',
    ],
    options: 'index=off,redirect_dir=on,metacopy=on',
    changes:
      'rm -r a; mkdir -p a/b new/n; mv e a/b/c; mv deep new/n/deep; echo 5 >new/n/deep/z; chmod 700 new/n/deep/x',
  },
  {
    name: 'more and longer paths than fit into one call',
    layers: [
      system,
      'for d in $(seq 30); do mkdir -p m/d$d; for i in {1..9}{5..8}; do echo $i >m/d$d/f$i; done; done',
    ],
    changes: `for f in m/d*/f?5; do printf 'x\\n' >$f; done; rm m/d*/f?6; rm -r m/d30; touch m/d*/f?7
long=$(printf 'l%.0s' $(seq 240)); cd m; for i in $(seq 15); do mkdir $long; cd $long; done; for i in $(seq 120); do echo $i >f$i; done`,
  },
  {
    name: 'directories in place of links of the image, and links in place of directories',
    layers: [
      system,
      'mkdir -p real/in; echo 1 >real/f; echo 2 >real/in/g; ln -s real near; ln -s /etc far; ln -s ../usr real/up',
    ],
    changes: `rm near far real/up; mkdir near far real/up; echo 3 >near/f; echo 4 >far/passwd; mkdir far/cron.d; echo 5 >real/up/x
mkdir near/in; echo 2 >near/in/g; rm -r opt; ln -s etc opt; rm -r usr/bin; ln -s ../var usr/bin`,
  },
  { name: 'names made to deceive', layers: [system], changes: hostileNames },
  {
    name: 'names made to deceive, in the image too',
    layers: [`${system}; ${hostileNames}`],
    changes: `cd tmp; echo 1 >>$'new\\nline'; rm -- -rf; chmod 600 $'\\xff\\xfe raw'; ln -sf other "x' -> 'y"; rm -r $'d\\n'*`,
  },
];
