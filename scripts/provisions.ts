import { processIo } from '../src/output/io.ts';
import { buildPrograms } from '../test/cluster/build.ts';
import { collectorBusybox } from '../test/cluster/collector-busybox.ts';
import { clusterNeeds } from '../test/cluster/needs.ts';
import { buildNodePackages } from '../test/cluster/node-packages.ts';
import { enginesLayer } from '../test/e2e/support/engines.ts';
import { buildHelm } from '../test/e2e/support/helm.ts';
import { buildModules, kernelPackages } from '../test/kernel-lab/kernel.ts';
import { ownKernel } from '../test/kernel-lab/offer.ts';
import { buildStorage } from '../test/storage/real-storage.ts';
import { browserPackages } from '../test/support/browser.ts';
import { installPackages } from '../test/support/packages.ts';
import { dissectPackages, pandasPackages } from '../test/support/python.ts';
import { say } from './job.ts';

/**
 * `provisions.ts`: brings all that the test cluster and the tests on it take from the network, once: a lane has none.
 * Debian's packages come first, since those of the nodes are made anew whenever the machine's change.
 */
const io = processIo();
await installPackages(clusterNeeds, io, say);
await buildNodePackages(io, say);
await enginesLayer(say);
await buildPrograms(io, say);
await collectorBusybox(io, say);
await buildStorage(say);
// Behind the cluster's programs, with which it shares much of what the compiler makes.
await buildHelm(say);
await dissectPackages();
await pandasPackages();
await browserPackages();
if (ownKernel().met) await buildModules((await kernelPackages()).directory);
