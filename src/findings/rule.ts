import type { Confidence, Match, Severity } from './finding.ts';
import type { Need } from './need.ts';
import type { NodeTraces } from './traces.ts';

/** What a rule is for, and all that a reader needs to weigh what it finds. */
interface RuleFacts {
  /** As typed after --rule; kept for ever. */
  readonly id: string;
  readonly title: string;
  /** What it means when the rule matches, in a sentence or two. */
  readonly explanation: string;
  /** The most that it says; matches may weigh less, never more. */
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** Why a match may weigh less: what ordinary software looks alike, and by what it is told apart. */
  readonly lessWhen: string;
  /** Agents of nodes match by design: what most nodes have of one DaemonSet weighs one step less. */
  readonly agents?: true;
  /** Techniques of MITRE ATT&CK (v18). */
  readonly attack: readonly string[];
  /** Techniques of the threat matrix for Kubernetes. */
  readonly threatMatrix: readonly string[];
  readonly references: readonly string[];
  /** What would show that the finding is wrong. */
  readonly refutedBy: string;
  /** Commands with `{case}`, `{node}`, `{namespace}` and `{pod}`; one whose place has no safe value is left out. */
  readonly next: readonly string[];
  /** Without one of these in the case the rule is not judged. */
  readonly needs: readonly Need[];
}

/** What a rule sees on a node; `accused` gives the pods of which another rule says critical or high, as `namespace/name`, escaped. */
export type Judge = (traces: NodeTraces, accused: () => ReadonlySet<string>) => Iterable<Match>;

/** A rule on what one node has. */
interface NodeRule extends RuleFacts {
  readonly judge: Judge;
  readonly nodes?: undefined;
}

/** A rule that holds nodes against each other. */
interface FleetRule extends RuleFacts {
  /** How many must have its evidence for it to be judged. */
  readonly nodes: number;
  /** Looks at all nodes that have its evidence, once, and gives what judges each of them. */
  readonly judgeAmong: (fleet: readonly NodeTraces[]) => Judge;
}

/** One rule: what it looks for in the traces of a node, or of a node among others. */
export type Rule = NodeRule | FleetRule;
