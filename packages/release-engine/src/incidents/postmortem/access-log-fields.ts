/** Names that Logs Insights has for what a line of an access log tells. */
export interface AccessLogFields {
  readonly status: string;
  /** What callers are told apart by; absent where the lines have nothing of them. */
  readonly caller?: string;
}

/** What tells callers apart, the best first: everybody has an address, not everybody a name. */
const CALLERS = [
  "$context.identity.sourceIp",
  "$context.identity.user",
  "$context.identity.caller",
  "$context.authorizer.principalId",
  "$context.identity.apiKeyId",
];

/**
 * How a stage's access log is asked.
 *
 * @param format of the stage's access log settings
 * @returns undefined where its lines are not JSON, or do not have the status: Logs Insights finds no fields in them then
 */
export function accessLogFields(format: string): AccessLogFields | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(format);
  } catch {
    return undefined;
  }
  const names = new Map(membersOf(parsed, []));
  const status = names.get("$context.status");
  const caller = CALLERS.flatMap((variable) => names.get(variable) ?? [])[0];
  return status === undefined ? undefined : { status, ...(caller === undefined ? {} : { caller }) };
}

/** Variables with the names of the members that are nothing but them. */
function membersOf(value: unknown, path: readonly string[]): [variable: string, field: string][] {
  if (typeof value === "string") {
    return [[value, fieldName(path)]];
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, member]) => membersOf(member, [...path, name]))
    : [];
}

function fieldName(path: readonly string[]): string {
  const name = path.join(".");
  return /^[A-Za-z0-9_.]+$/.test(name) ? name : `\`${name.replaceAll("`", "")}\``;
}
