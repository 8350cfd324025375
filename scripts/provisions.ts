import { processIo } from '../src/output/io.ts';
import { buildPrograms, clusterModules, fetchModule } from '../test/cluster/build.ts';
import { collectorBusybox } from '../test/cluster/collector-busybox.ts';
import { clusterNeeds } from '../test/cluster/needs.ts';
import { buildNodePackages } from '../test/cluster/node-packages.ts';
import { enginesLayer } from '../test/e2e/support/engines.ts';
import { buildHelm, helm } from '../test/e2e/support/helm.ts';
import { buildModules, kernelPackages } from '../test/kernel-lab/kernel.ts';
import { ownKernel } from '../test/kernel-lab/offer.ts';
import { buildStorage, versitygw } from '../test/storage/real-storage.ts';
import { browserPackages } from '../test/support/browser.ts';
import { installPackages } from '../test/support/packages.ts';
import { dissectPackages, pandasPackages } from '../test/support/python.ts';
import { say } from './job.ts';

/**
 * `provisions.ts cluster|tests`: brings what the test cluster takes from the network, or what the tests on it take beside that, once:
 * a lane has none. Those of the cluster come first: Debian's packages of the nodes are made anew whenever the machine's change, and
 * the programs of the tests share much of what the compiler makes.
 */
const io = processIo();
const of = { cluster: forCluster, tests: forTests }[process.argv[2] ?? ''];
if (of === undefined) throw new Error('provisions.ts takes cluster or tests');
await of();

async function forCluster(): Promise<void> {
  await installPackages(clusterNeeds, io, say);
  // The network has nothing to do while the compiler works.
  await Promise.all([buildCluster(), fetchSources()]);
}

async function buildCluster(): Promise<void> {
  await buildNodePackages(io, say);
  await enginesLayer(say);
  await buildPrograms(io, say);
  await collectorBusybox(io, say);
}

/** Brings the sources of all Go programs, in the order in which they are built. */
async function fetchSources(): Promise<void> {
  for (const module of [...clusterModules, versitygw, helm]) await fetchModule(module, io);
}

async function forTests(): Promise<void> {
  await buildStorage(say);
  await buildHelm(say);
  await dissectPackages();
  await pandasPackages();
  await browserPackages();
  if (ownKernel().met) await buildModules((await kernelPackages()).directory);
}
