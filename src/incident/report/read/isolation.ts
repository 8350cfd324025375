import {
  booleanOf,
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
  textsOf,
} from '../../../artifacts/json.ts';
import { present } from '../../../artifacts/present.ts';
import { excerpt } from '../excerpt.ts';
import type { CheckFacts, IsolationFacts } from '../facts/isolation.ts';

/** Flows that are told of one isolation. */
const mostChecks = 200;

/**
 * The isolation that a custody line holds (schema/isolation.json); undefined when it is none. Members of other types are left
 * out: the case may have been in other hands. `command` shows all of it.
 */
export function readIsolation(
  isolation: JsonObject | undefined,
  { time, line, command }: { readonly time: string; readonly line: number; readonly command: string },
): IsolationFacts | undefined {
  const pod = objectOf(isolation?.['pod']);
  const verification = objectOf(isolation?.['verification']);
  const verdict = textOf(verification?.['verdict']);
  const uid = textOf(pod?.['uid']);
  if (isolation === undefined || uid === undefined || !isVerdict(verdict)) return undefined;
  const clock = objectOf(isolation['clock']);
  const checks = objectsOf(verification?.['checks']).map(checkOf);
  const judged = checks.filter((check) => check.judged && check.probe !== true);
  return {
    namespace: textOf(pod?.['namespace']) ?? '',
    pod: textOf(pod?.['name']) ?? '',
    uid,
    node: textOf(pod?.['node']) ?? '',
    verdict,
    time,
    line,
    level: textOf(isolation['level']) ?? '',
    actions: objectsOf(isolation['actions']).map((action) => ({
      kind: textOf(action['kind']) ?? '',
      outcome: textOf(action['outcome']) ?? '',
      detail: textOf(action['detail']) ?? '',
      ...present({ seconds: numberOf(action['seconds']) }),
    })),
    ...present({
      cut: numberOf(clock?.['cut']),
      verdictAfter: numberOf(clock?.['verdict']),
      watched: numberOf(verification?.['seconds']),
    }),
    checks: excerpt(checks, mostChecks, command),
    judged: judged.length,
    blocked: judged.filter(({ after }) => after !== 'works').length,
    reasons: textsOf(verification?.['reasons']),
    notTried: textsOf(verification?.['gaps']),
    leaks: objectsOf(isolation['leaks']).map((leak) => ({
      flow: textOf(leak['flow']) ?? '',
      seen: textOf(leak['seen']) ?? '',
      why: textOf(leak['why']) ?? '',
      advice: textOf(leak['advice']) ?? '',
    })),
  };
}

function checkOf(check: JsonObject): CheckFacts {
  return {
    flow: textOf(check['flow']) ?? '',
    before: textOf(check['before']) ?? '',
    after: textOf(check['after']) ?? '',
    judged: booleanOf(check['judged']) ?? false,
    ...present({
      direction: textOf(check['direction']),
      bytes: numberOf(check['bytes']),
      probe: booleanOf(check['probe']),
    }),
  };
}

function isVerdict(text: string | undefined): text is IsolationFacts['verdict'] {
  return text === 'HOLDS' || text === 'LEAKS' || text === 'UNVERIFIED';
}
