import { type MetricQuestion, ReleaseError } from "@slipway/release-engine";

/** What `GetMetricData` takes in one call. */
export const QUESTIONS_PER_CALL = 500;

/** Words of an expression that can be ids: they begin with a lower-case letter, and are not in quotes. */
const IDS = /\b[a-z]\w*/g;
const TEXTS = /'[^']*'|"[^"]*"/g;

/**
 * Cuts questions into calls, so that an expression is asked together with all that it looks at.
 *
 * @param most - questions of one call
 * @throws {ReleaseError} `usage` when what belongs together is more than one call takes
 */
export function batchQuestions(
  questions: readonly MetricQuestion[],
  most = QUESTIONS_PER_CALL,
): readonly (readonly MetricQuestion[])[] {
  const batches: MetricQuestion[][] = [];
  for (const group of groupsOf(questions)) {
    // Nothing of it would come back, and CloudWatch refuses to be asked for nothing.
    if (group.every(({ visible }) => visible === false)) {
      continue;
    }
    if (group.length > most) {
      throw new ReleaseError({
        kind: "usage",
        what: `Metrics cannot be read in one call`,
        why: `expressions tie ${group.length} metrics together (${group[0]?.id}, ${group[1]?.id}, ...), and CloudWatch takes ${most} at once`,
        next: "ask for fewer at once",
      });
    }
    const last = batches.at(-1);
    if (last !== undefined && last.length + group.length <= most) {
      last.push(...group);
    } else {
      batches.push([...group]);
    }
  }
  return batches;
}

/** Questions that expressions tie together, in the order of their first ones. */
function groupsOf(questions: readonly MetricQuestion[]): Iterable<readonly MetricQuestion[]> {
  const byId = new Map(questions.map((question) => [question.id, question]));
  const parents = new Map(questions.map(({ id }) => [id, id]));
  const rootOf = (id: string): string => {
    const parent = parents.get(id) ?? id;
    return parent === id ? id : rootOf(parent);
  };
  for (const question of questions) {
    for (const id of idsIn(question, byId)) {
      parents.set(rootOf(id), rootOf(question.id));
    }
  }
  const groups = new Map<string, MetricQuestion[]>();
  for (const question of questions) {
    const root = rootOf(question.id);
    const group = groups.get(root) ?? [];
    group.push(question);
    groups.set(root, group);
  }
  return groups.values();
}

function idsIn(question: MetricQuestion, byId: ReadonlyMap<string, MetricQuestion>): Iterable<string> {
  if (!("expression" in question)) {
    return [];
  }
  const code = question.expression.replace(TEXTS, " ");
  // METRICS() is all metrics of the call, or those whose ids contain a text.
  return /\bMETRICS\s*\(/i.test(code)
    ? [...byId.values()].filter((each) => "metric" in each).map(({ id }) => id)
    : (code.match(IDS) ?? []).filter((word) => byId.has(word));
}
