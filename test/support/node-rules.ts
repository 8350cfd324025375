/** Chains into which kube-proxy writes a rule for each Service, in the order of a map, which is another one each time. */
const unordered = /^(?:chain )?KUBE-(?:SERVICES|NODEPORTS|EXTERNAL-SERVICES|PROXY-FIREWALL)$/;

/**
 * What `nft list ruleset`, `iptables-save` or `ip6tables-save` printed, to be compared with another time: each chain with
 * its rules in their order; tables and chains by name, because they are made anew in any order. Without counters.
 */
export function nodeRules(text: string): string {
  const chains = new Map<string, string[]>();
  let table = '';
  let chain = '';
  const lines = text
    .replaceAll(/counter packets \d+ bytes \d+/g, 'counter')
    .replaceAll(/\[\d+:\d+\]/g, '[0:0]')
    .split('\n')
    .filter((line) => !/^(?:#.*|\s*\}?|COMMIT)$/.test(line));
  for (const line of lines) {
    const isTable = /^(?:table |\*)/.test(line);
    const isChain = /^\t\S.* \{$/.test(line);
    if (isTable) [table, chain] = [line, ''];
    else if (isChain) chain = line.slice(1, -2);
    else chain = /^(?::|-A )(\S+) /.exec(line)?.[1] ?? chain;
    const key = `${table} ${chain}`;
    const rules = [...(chains.get(key) ?? []), ...(isTable || isChain ? [] : [line])];
    chains.set(key, unordered.test(chain) ? rules.sort() : rules);
  }
  return [...chains]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rules]) => [key, ...rules].join('\n'))
    .join('\n');
}
