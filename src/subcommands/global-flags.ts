import type { Flags, GlobalFlags } from './command.ts';

/** kubectl's global flags: same names, same meaning (kubectl options). */
export const globalFlags = {
  kubeconfig: { type: 'string', summary: 'kubeconfig file', placeholder: 'FILE' },
  context: { type: 'string', summary: 'context of the kubeconfig', placeholder: 'NAME' },
  cluster: { type: 'string', summary: 'cluster of the kubeconfig', placeholder: 'NAME' },
  user: { type: 'string', summary: 'user of the kubeconfig', placeholder: 'NAME' },
  namespace: { type: 'string', short: 'n', summary: 'namespace', placeholder: 'NAME' },
  server: { type: 'string', short: 's', summary: 'address of the API server', placeholder: 'URL' },
  token: { type: 'string', summary: 'bearer token', placeholder: 'TOKEN' },
  as: { type: 'string', summary: 'user to impersonate', placeholder: 'USER' },
  'as-uid': { type: 'string', summary: 'uid to impersonate', placeholder: 'UID' },
  'as-group': { type: 'string', summary: 'group to impersonate', placeholder: 'GROUP', repeated: true },
  'certificate-authority': { type: 'string', summary: 'file with the CA certificates', placeholder: 'FILE' },
  'client-certificate': { type: 'string', summary: 'file with the client certificate', placeholder: 'FILE' },
  'client-key': { type: 'string', summary: 'file with the client key', placeholder: 'FILE' },
  'insecure-skip-tls-verify': { type: 'boolean', summary: 'do not check the certificate of the server' },
  'tls-server-name': {
    type: 'string',
    summary: 'name to check the certificate against',
    placeholder: 'NAME',
  },
  'request-timeout': {
    type: 'string',
    summary: 'longest wait for one request, such as 30s',
    placeholder: 'TIME',
  },
  v: { type: 'number', summary: 'verbosity; stack traces from 6 on', placeholder: 'LEVEL' },
} as const satisfies Flags & Record<keyof GlobalFlags, unknown>;
