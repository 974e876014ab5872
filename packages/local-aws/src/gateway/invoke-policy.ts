import { BlockList, isIP } from "node:net";

/** What a policy is asked: may this caller invoke this method? */
export interface InvokeQuestion {
  /** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`. */
  readonly resource: string;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
  readonly time: number;
}

/** What it answers; `none` where no statement applies. */
export type Decision = "allow" | "deny" | "none";

/** Thrown for a policy document that is malformed or uses a condition that is not known here. */
export class InvokePolicyError extends Error {
  override readonly name = "InvokePolicyError";
}

type Test = (question: InvokeQuestion) => boolean;

interface Statement {
  readonly effect: "Allow" | "Deny";
  readonly applies: Test;
}

/** A policy about `execute-api:Invoke`, compiled. */
export type InvokePolicy = (question: InvokeQuestion) => Decision;

/**
 * Compiles a policy document about calls of an API: what a Lambda authorizer returns, or an API's resource policy.
 *
 * Callers are anonymous here, so a statement of a resource policy applies only where its principal is everybody.
 *
 * Source: Amazon API Gateway developer guide, "Control access to a REST API with API Gateway resource policies" and "Output from
 * an API Gateway Lambda authorizer".
 *
 * @param kind - a resource policy names principals, an authorizer's policy does not
 * @throws InvokePolicyError
 */
export function compileInvokePolicy(document: unknown, kind: "resource" | "authorizer"): InvokePolicy {
  if (!isMap(document) || document.Statement === undefined) {
    throw new InvokePolicyError("The policy document has no Statement.");
  }
  const statements = [document.Statement].flat().map((statement) => compileStatement(statement, kind));
  return (question) => {
    let decision: Decision = "none";
    for (const { effect, applies } of statements) {
      if (applies(question)) {
        if (effect === "Deny") {
          return "deny";
        }
        decision = "allow";
      }
    }
    return decision;
  };
}

function compileStatement(statement: unknown, kind: "resource" | "authorizer"): Statement {
  if (!isMap(statement) || (statement.Effect !== "Allow" && statement.Effect !== "Deny")) {
    throw new InvokePolicyError("A policy statement needs an Effect of Allow or Deny.");
  }
  const actions = textsOf(statement.Action ?? statement.NotAction, "Action");
  const namesInvoke = actions.some((action) => wildcard(action.toLowerCase())("execute-api:invoke"));
  const resources = textsOf(statement.Resource ?? statement.NotResource, "Resource").map(wildcard);
  const inverted = statement.Resource === undefined;
  const conditions = compileConditions(statement.Condition);
  const concerned =
    namesInvoke === (statement.Action !== undefined) && (kind === "authorizer" || isEverybody(statement));
  return {
    effect: statement.Effect,
    applies: (question) =>
      concerned &&
      resources.some((matches) => matches(question.resource)) !== inverted &&
      conditions.every((holds) => holds(question)),
  };
}

function isEverybody(statement: Record<string, unknown>): boolean {
  const { Principal: principal } = statement;
  const named = isMap(principal) ? [principal.AWS].flat() : [principal];
  return named.includes("*");
}

function compileConditions(conditions: unknown): Test[] {
  if (conditions === undefined) {
    return [];
  }
  if (!isMap(conditions)) {
    throw new InvokePolicyError("A policy's Condition must be a map.");
  }
  return Object.entries(conditions).flatMap(([operator, keys]) => {
    if (!isMap(keys)) {
      throw new InvokePolicyError(`The condition ${operator} must be a map.`);
    }
    return Object.entries(keys).map(([key, values]) => compileCondition(operator, key, textsOf(values, key)));
  });
}

/** The condition keys that a call through the gateway has values for. */
const KEYS: Readonly<Record<string, (question: InvokeQuestion) => string | undefined>> = {
  "aws:sourceip": (question) => question.sourceIp,
  "aws:useragent": (question) => question.userAgent,
  "aws:securetransport": () => "false",
  "aws:currenttime": (question) => new Date(question.time).toISOString(),
  "aws:epochtime": (question) => String(Math.floor(question.time / 1000)),
  // Calls come over loopback, never through an endpoint of a VPC.
  "aws:sourcevpc": () => undefined,
  "aws:sourcevpce": () => undefined,
  "aws:vpcsourceip": () => undefined,
  "aws:principalarn": () => undefined,
  "aws:principalorgid": () => undefined,
  "aws:referer": () => undefined,
};

function compileCondition(operator: string, key: string, values: readonly string[]): Test {
  const read = KEYS[key.toLowerCase()];
  const base = operator.replace(/IfExists$/, "");
  const compare = comparison(base, values);
  if (read === undefined || compare === undefined) {
    throw new InvokePolicyError(
      `The policy condition ${operator} on ${key} is not supported by local AWS for calls of an API.`,
    );
  }
  const whenMissing = operator.endsWith("IfExists") || base.includes("Not");
  return (question) => {
    const value = read(question);
    return value === undefined ? whenMissing : compare(value);
  };
}

function comparison(operator: string, values: readonly string[]): ((value: string) => boolean) | undefined {
  switch (operator) {
    case "IpAddress":
      return inAny(values);
    case "NotIpAddress": {
      const within = inAny(values);
      return (value) => !within(value);
    }
    case "StringEquals":
    case "Bool":
      return (value) => values.includes(value);
    case "StringNotEquals":
      return (value) => !values.includes(value);
    case "StringLike":
    case "ArnLike":
    case "ArnEquals": {
      const patterns = values.map(wildcard);
      return (value) => patterns.some((matches) => matches(value));
    }
    case "StringNotLike":
    case "ArnNotLike":
    case "ArnNotEquals": {
      const patterns = values.map(wildcard);
      return (value) => !patterns.some((matches) => matches(value));
    }
    case "DateGreaterThan":
      return (value) => values.some((limit) => Date.parse(value) > Date.parse(limit));
    case "DateLessThan":
      return (value) => values.some((limit) => Date.parse(value) < Date.parse(limit));
    default:
      return undefined;
  }
}

function inAny(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = "", bits] = range.split("/");
    const family = isIP(network);
    if (family === 0) {
      throw new InvokePolicyError(`The policy's address range ${range} is not an IP address or CIDR block.`);
    }
    list.addSubnet(
      network,
      bits === undefined ? (family === 4 ? 32 : 128) : Number(bits),
      family === 4 ? "ipv4" : "ipv6",
    );
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** A matcher for `*` and `?`. */
function wildcard(pattern: string): (text: string) => boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${escaped}$`, "s");
  return (text) => expression.test(text);
}

function textsOf(value: unknown, member: string): string[] {
  const texts = [value].flat();
  if (texts.length === 0 || !texts.every((text) => typeof text === "string" || typeof text === "boolean")) {
    throw new InvokePolicyError(`The policy's ${member} must be text or a list of texts.`);
  }
  return texts.map(String);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
