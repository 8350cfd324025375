import { below } from './places.ts';

/** Places of a node from which a program starts or an account is let in. */
const persistencePlaces = [
  '/etc',
  '/root',
  '/usr',
  '/boot',
  '/lib',
  '/bin',
  '/sbin',
  '/var/spool/cron',
  '/var/spool/at',
] as const;

/** Places that hold credentials or state of the kubelet and the runtimes, and logs. */
const statePlaces = [
  '/var/lib/kubelet',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/log',
  '/proc',
  '/sys',
  '/run/containerd',
] as const;

/** What a runtime mounts into every container: of its own directory, and of the pod's. */
const ownOfContainers =
  /^(?:\/var\/lib\/(?:kubelet\/pods\/[^/]+\/|containerd\/io\.containerd\.|docker\/(?:containers|volumes|overlay2)\/|containers\/storage\/|rancher\/[^/]+\/agent\/containerd\/)|\/run\/containerd\/io\.containerd\.)/;

/** How much a directory of the node gives away to who may write there; undefined for one that gives nothing. */
export function weightOf(place: string): 'root' | 'persistence' | 'state' | undefined {
  if (ownOfContainers.test(`${place}/`)) return undefined;
  if (place === '/') return 'root';
  if (['/home', '/var', '/var/lib', '/opt', '/run'].includes(place)) return 'state';
  if (persistencePlaces.some((sensitive) => below(sensitive, place) !== undefined)) return 'persistence';
  if (statePlaces.some((sensitive) => below(sensitive, place) !== undefined)) return 'state';
  return undefined;
}

/** Files of a node that are credentials: who reads one is somebody else afterwards. */
const credentials =
  /^(?:\/var\/lib\/kubelet\/(?:pki\/.*|kubeconfig|pods\/[^/]+\/volumes\/kubernetes\.io~(?:projected|secret)\/.*)|\/etc\/kubernetes\/(?:[^/]+\.conf|pki\/.*\.key)|\/etc\/(?:shadow|gshadow)-?|\/root\/\.(?:ssh|kube|aws|docker|azure)\/.*|\/home\/[^/]+\/\.(?:ssh|kube|aws|docker|azure)\/.*|\/etc\/ssh\/ssh_host_[^/]*_key|\/var\/lib\/etcd\/.*)$/;

/** True for a path on the node that is a credential. */
export function isCredential(place: string): boolean {
  return credentials.test(place);
}
