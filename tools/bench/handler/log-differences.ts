/** What the line of a request must say, whatever else it says. */
const fields = ["requestId", "operation", "status", "durationMs", "functionVersion"];

/**
 * Holds what an API has logged against the requests that it has had: a line for each, and metrics (embedded metric format) that count each
 * once. An API that logs less does less work.
 *
 * @param log - its standard output
 * @param requests - how many it was sent
 * @returns what is missing, a line each; none when all is well
 */
export function logDifferences(log: string, requests: number): string[] {
  const lines = log.split("\n").flatMap((line) => parse(line));
  const about = lines.filter(({ message }) => message === "request");
  const counted = lines
    .filter(({ _aws }) => _aws !== undefined)
    .reduce((sum, { requests: count }) => sum + [count].flat().reduce((all: number, one) => all + Number(one), 0), 0);
  const incomplete = fields.filter((field) => about.some((line) => line[field] === undefined));
  return [
    ...(about.length === requests ? [] : [`log: has ${about.length} lines of ${requests} requests`]),
    ...(incomplete.length === 0 ? [] : [`log: has lines without ${incomplete.join(", ")}`]),
    ...(counted === requests ? [] : [`metrics: count ${counted} of ${requests} requests`]),
  ];
}

/** A line may be anything; only JSON objects count. */
function parse(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? [value as Record<string, unknown>] : [];
  } catch {
    return [];
  }
}
