/** A condition of a statement: all of a statement's conditions must hold. */
export interface PolicyCondition {
  /** As it is written: `StringEquals`, `ForAllValues:StringLike`, `ArnLikeIfExists`. */
  readonly operator: string;
  /** As it is written; AWS compares keys without regard to case. */
  readonly key: string;
  readonly values: readonly string[];
}

/** A principal: `AWS`, `Service`, `Federated` or `CanonicalUser`, and who; `*` alone is `AWS` and `*`. */
export interface PolicyPrincipal {
  readonly type: string;
  readonly id: string;
}

/** A statement with every list a list. */
export interface PolicyStatement {
  /** Its Sid, or its place in the document (`#1` is the first). */
  readonly label: string;
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly PolicyPrincipal[];
  /** Which of NotAction, NotResource and NotPrincipal it has. */
  readonly inverted: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyDocument {
  readonly version: string | undefined;
  readonly statements: readonly PolicyStatement[];
}

/**
 * Reads a policy, as JSON text or as the object that it stands for.
 *
 * @returns undefined for what is no policy: nobody knows what it allows
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicyDocument(document: unknown): PolicyDocument | undefined {
  const value = typeof document === "string" ? parseJson(document) : document;
  if (!isRecord(value) || value.Statement === undefined) {
    return undefined;
  }
  const raw = Array.isArray(value.Statement) ? value.Statement : [value.Statement];
  const statements: PolicyStatement[] = [];
  for (const [index, each] of raw.entries()) {
    if (!isRecord(each) || (each.Effect !== "Allow" && each.Effect !== "Deny")) {
      return undefined;
    }
    statements.push(readStatement(each, each.Effect, index));
  }
  return { version: typeof value.Version === "string" ? value.Version : undefined, statements };
}

function readStatement(raw: Record<string, unknown>, effect: "Allow" | "Deny", index: number): PolicyStatement {
  const sid = typeof raw.Sid === "string" && raw.Sid !== "" ? raw.Sid : undefined;
  return {
    label: sid ?? `#${index + 1}`,
    sid,
    effect,
    actions: listOf(raw.Action),
    resources: listOf(raw.Resource),
    principals: principalsOf(raw.Principal),
    inverted: ["NotAction", "NotResource", "NotPrincipal"].filter((key) => raw[key] !== undefined),
    conditions: conditionsOf(raw.Condition),
  };
}

function principalsOf(raw: unknown): PolicyPrincipal[] {
  if (typeof raw === "string") {
    return [{ type: "AWS", id: raw }];
  }
  return isRecord(raw) ? Object.entries(raw).flatMap(([type, ids]) => listOf(ids).map((id) => ({ type, id }))) : [];
}

function conditionsOf(raw: unknown): PolicyCondition[] {
  if (!isRecord(raw)) {
    return [];
  }
  return Object.entries(raw).flatMap(([operator, keys]) =>
    isRecord(keys) ? Object.entries(keys).map(([key, values]) => ({ operator, key, values: listOf(values) })) : [],
  );
}

/** Numbers and booleans are compared as text. */
function listOf(value: unknown): string[] {
  const list = value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
  return list.map(String);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
