import { randomUUID } from "node:crypto";
import { AwsError } from "../core/aws-error.ts";
import type { Collection } from "../store/store.ts";

/** What a planted fault does to a request that it hits. */
export type FaultKind =
  /** Refused as too many, with the service's own throttling error. Not acted upon. */
  | "throttle"
  /** Refused with the service's internal error (500). Not acted upon. */
  | "error"
  /** Refused as unavailable (503). Not acted upon. */
  | "unavailable"
  /** Acted upon after a wait. */
  | "delay"
  /** The connection is cut. Not acted upon. */
  | "drop"
  /** Acted upon, and the connection is cut before the answer. */
  | "lost-answer";

export const FAULT_KINDS: readonly FaultKind[] = ["throttle", "error", "unavailable", "delay", "drop", "lost-answer"];

/** A planted fault. */
export interface FaultRule {
  readonly id: string;
  readonly kind: FaultKind;
  /** Service id (`dynamodb`, `s3`, `execute-api`...) or `*`. */
  readonly service: string;
  /** Operation (`PutItem`), with `*` as a wildcard; with `!` before it, every other one. */
  readonly operation: string;
  /** Matched, with `*` as a wildcard, against the names and ARNs in the request (table, function, bucket, bucket/key). */
  readonly resource?: string;
  /** Share of the matching requests that are hit, 0 to 1. */
  readonly rate: number;
  /** How many hits until the fault is spent; without it, it stays. */
  readonly remaining?: number;
  /** Wait of a `delay`, in milliseconds. */
  readonly delayMs?: number;
  /**
   * Of a `throttle`: so many matching requests in a second are let through, all operations that it is about together, and one second's worth
   * at once after a pause. AWS's own quotas are like that.
   */
  readonly perSecond?: number;
  /** Requests hit so far. */
  readonly hits: number;
}

/** What is asked for when a fault is planted. */
export type FaultRequest = Pick<FaultRule, "kind"> &
  Partial<Pick<FaultRule, "service" | "operation" | "resource" | "rate" | "remaining" | "delayMs" | "perSecond">>;

/** The request as faults see it. */
export interface FaultTarget {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The faults that are planted in local AWS; they survive a restart, as the store does. */
export class Faults {
  readonly #rules: Collection<FaultRule>;
  readonly #random: () => number;
  readonly #now: () => number;
  /** What is left of a second's worth, by the rules that let some through. */
  readonly #buckets = new Map<string, { left: number; at: number }>();
  /** Kept beside the store because every request asks. */
  #planted: FaultRule[];

  /** @param now milliseconds that only ever grow */
  constructor(
    rules: Collection<FaultRule>,
    random: () => number = Math.random,
    now: () => number = () => performance.now(),
  ) {
    this.#rules = rules;
    this.#random = random;
    this.#now = now;
    this.#planted = rules.values();
  }

  list(): readonly FaultRule[] {
    return this.#planted;
  }

  /**
   * Plants a fault.
   *
   * @throws AwsError `InvalidFault`, naming the field
   */
  plant(request: FaultRequest): FaultRule {
    const rule: FaultRule = {
      id: randomUUID().slice(0, 8),
      kind: request.kind,
      service: request.service ?? "*",
      operation: request.operation ?? "*",
      resource: request.resource,
      rate: request.rate ?? 1,
      remaining: request.remaining,
      delayMs: request.delayMs,
      perSecond: request.perSecond,
      hits: 0,
    };
    validate(request, rule);
    this.#save(rule);
    return rule;
  }

  /** Takes a fault away; false when there is none with that id. */
  remove(id: string): boolean {
    this.#planted = this.#planted.filter((rule) => rule.id !== id);
    return this.#rules.delete(id);
  }

  clear(): void {
    for (const { id } of this.list()) {
      this.remove(id);
    }
  }

  /** The fault that hits this request, if one does; counts the hit. */
  strike(target: FaultTarget): FaultRule | undefined {
    for (const rule of this.#planted) {
      if (matches(rule, target) && !this.#isLetThrough(rule) && (rule.rate >= 1 || this.#random() < rule.rate)) {
        const struck = { ...rule, hits: rule.hits + 1, remaining: rule.remaining && rule.remaining - 1 };
        if (struck.remaining === 0) {
          this.remove(rule.id);
        } else {
          this.#save(struck);
        }
        return struck;
      }
    }
    return undefined;
  }

  #isLetThrough({ id, perSecond }: FaultRule): boolean {
    if (perSecond === undefined) {
      return false;
    }
    const now = this.#now();
    const before = this.#buckets.get(id) ?? { left: perSecond, at: now };
    const left = Math.min(perSecond, before.left + ((now - before.at) / 1_000) * perSecond);
    this.#buckets.set(id, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  }

  #save(rule: FaultRule): void {
    this.#rules.put(rule.id, rule);
    const others = this.#planted.filter(({ id }) => id !== rule.id);
    this.#planted =
      others.length === this.#planted.length
        ? [...others, rule]
        : this.#planted.map((old) => (old.id === rule.id ? rule : old));
  }
}

const FIELDS: readonly string[] = [
  ...["kind", "service", "operation", "resource", "rate", "remaining", "delayMs", "perSecond"],
];

/** The request comes from JSON, so nothing about its types is certain. */
function validate(request: FaultRequest, rule: FaultRule): void {
  const refuse = (message: string): never => {
    throw new AwsError("InvalidFault", message, { status: 400 });
  };
  const unknown = Object.keys(request).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    refuse(`${unknown}: no field of a fault. It has ${FIELDS.join(", ")}.`);
  }
  for (const field of ["service", "operation", "resource"] as const) {
    if (rule[field] !== undefined && typeof rule[field] !== "string") {
      refuse(`${field}: expected text, got ${JSON.stringify(rule[field])}.`);
    }
  }
  if (!FAULT_KINDS.includes(rule.kind)) {
    refuse(`kind: expected one of ${FAULT_KINDS.join(", ")}, got '${rule.kind}'.`);
  }
  if (typeof rule.rate !== "number" || !(rule.rate > 0 && rule.rate <= 1)) {
    refuse(`rate: expected a number above 0 and up to 1, got ${rule.rate}.`);
  }
  if (rule.remaining !== undefined && !(Number.isInteger(rule.remaining) && rule.remaining > 0)) {
    refuse(`count: expected a whole number of at least 1, got ${rule.remaining}.`);
  }
  const { perSecond } = rule;
  if (perSecond !== undefined && !(typeof perSecond === "number" && perSecond >= 1 && rule.kind === "throttle")) {
    refuse(`per-second: expected a number of at least 1, of a throttle, got ${perSecond} of a ${rule.kind}.`);
  }
  if (rule.kind === "delay" && !(typeof rule.delayMs === "number" && rule.delayMs > 0 && rule.delayMs <= 600_000)) {
    refuse(`delay: expected 1 to 600000 milliseconds, got ${rule.delayMs ?? "nothing"}.`);
  }
}

function matches(rule: FaultRule, target: FaultTarget): boolean {
  return (
    glob(rule.service, target.service) &&
    (rule.operation.startsWith("!")
      ? !glob(rule.operation.slice(1), target.operation)
      : glob(rule.operation, target.operation)) &&
    (rule.resource === undefined || resourcesOf(target.input).some((name) => glob(rule.resource ?? "", name)))
  );
}

/** Names that a request carries: its text members, and `bucket/key`. */
function resourcesOf(input: Readonly<Record<string, unknown>>): string[] {
  const names = Object.values(input).filter((value): value is string => typeof value === "string");
  const { Bucket: bucket, Key: key } = input;
  return typeof bucket === "string" && typeof key === "string" ? [...names, `${bucket}/${key}`] : names;
}

function glob(pattern: string, text: string): boolean {
  if (pattern === "*" || pattern === text) {
    return true;
  }
  return (
    pattern.includes("*") &&
    new RegExp(
      `^${pattern
        .split("*")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    ).test(text)
  );
}

/** The error that a service answers with when it is throttling, failing or unavailable: each has its own words. */
export function faultError(kind: "throttle" | "error" | "unavailable", service: string): AwsError {
  if (kind === "throttle") {
    const [code, status] = THROTTLES[service] ?? ["ThrottlingException", 400];
    return new AwsError(code, "Rate exceeded (a planted fault of local AWS)", { status });
  }
  if (kind === "error") {
    const code = service === "s3" ? "InternalError" : service === "lambda" ? "ServiceException" : "InternalFailure";
    return new AwsError(code, "We encountered an internal error. Please try again. (a planted fault of local AWS)", {
      status: 500,
    });
  }
  return new AwsError(
    "ServiceUnavailable",
    "Service is unavailable. Please try again. (a planted fault of local AWS)",
    {
      status: 503,
    },
  );
}

const THROTTLES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  s3: ["SlowDown", 503],
  dynamodb: ["ProvisionedThroughputExceededException", 400],
  lambda: ["TooManyRequestsException", 429],
  apigateway: ["TooManyRequestsException", 429],
  "execute-api": ["TooManyRequestsException", 429],
  iam: ["Throttling", 400],
  sts: ["Throttling", 400],
  sns: ["Throttled", 429],
  monitoring: ["Throttling", 400],
};
