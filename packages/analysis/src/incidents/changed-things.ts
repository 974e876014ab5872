import { type KindShares, row } from "./causes.ts";
import type { ChangedResource } from "./environment-change.ts";

/** What can fail. */
export type FailingThing = "api" | "function" | "table" | "queue" | "alarm";

/** What can go wrong when resources of some types change. */
export interface ChangedThing {
  /** What their change can hurt. */
  readonly hurts: readonly FailingThing[];
  /** What the logs then say. */
  readonly kinds: KindShares;
}

const groups: readonly (readonly [types: RegExp, attributes: RegExp, thing: ChangedThing])[] = [
  [
    /^aws_(iam_|kms_)/,
    /./,
    { hurts: ["function", "api", "table", "queue"], kinds: row(0.02, 0.02, 0.01, 0.01, 0.88, 0.02, 0.02, 0.01, 0.01) },
  ],
  [
    /^aws_(dynamodb_|appautoscaling_)/,
    /capacity|billing_mode/,
    { hurts: ["table", "function", "api"], kinds: row(0.01, 0.02, 0.01, 0.91, 0.01, 0.01, 0.01, 0.01, 0.01) },
  ],
  [
    /^aws_(dynamodb_|appautoscaling_)/,
    /./,
    { hurts: ["table", "function", "api"], kinds: row(0.05, 0.02, 0.01, 0.1, 0.15, 0.3, 0.02, 0.3, 0.05) },
  ],
  [
    /^aws_lambda_/,
    /^timeout$/,
    { hurts: ["function", "api"], kinds: row(0.02, 0.85, 0.01, 0.02, 0.01, 0.01, 0.05, 0.01, 0.02) },
  ],
  [
    /^aws_lambda_/,
    /^memory_size$/,
    { hurts: ["function", "api"], kinds: row(0.01, 0.38, 0.5, 0.01, 0.01, 0.01, 0.03, 0.01, 0.05) },
  ],
  [
    /^aws_lambda_/,
    /concurren|scaling/,
    { hurts: ["function", "api"], kinds: row(0.01, 0.05, 0.01, 0.88, 0.01, 0.01, 0.01, 0.01, 0.02) },
  ],
  [
    /^aws_lambda_/,
    /./,
    { hurts: ["function", "api"], kinds: row(0.17, 0.05, 0.01, 0.01, 0.17, 0.38, 0.12, 0.04, 0.05) },
  ],
  [
    /^aws_(api_gateway|apigatewayv2|wafv2)_/,
    /throttl|quota|rate|burst/,
    { hurts: ["api"], kinds: row(0.01, 0.02, 0.01, 0.8, 0.02, 0.01, 0.01, 0.01, 0.11) },
  ],
  [
    /^aws_(api_gateway|apigatewayv2|wafv2)_/,
    /./,
    { hurts: ["api"], kinds: row(0.03, 0.05, 0.01, 0.03, 0.1, 0.05, 0.05, 0.1, 0.58) },
  ],
  [
    /^aws_(vpc|subnet|route|security_group|network_|nat_|lb)/,
    /./,
    { hurts: ["function", "api", "table", "queue"], kinds: row(0.02, 0.35, 0.01, 0.01, 0.02, 0.02, 0.54, 0.01, 0.02) },
  ],
  [
    /^aws_(sqs|sns)_/,
    /./,
    { hurts: ["queue", "alarm"], kinds: row(0.02, 0.05, 0.01, 0.1, 0.35, 0.2, 0.07, 0.05, 0.15) },
  ],
  [
    /^aws_(s3_bucket_policy|s3_bucket_public_access_block|ssm_|secretsmanager_)/,
    /./,
    { hurts: ["function", "api"], kinds: row(0.1, 0.02, 0.01, 0.01, 0.4, 0.4, 0.02, 0.03, 0.01) },
  ],
  [
    /^aws_cloudwatch_(metric_alarm|composite_alarm)/,
    /./,
    { hurts: ["alarm"], kinds: row(0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.92) },
  ],
];

/** Arguments that change nothing of what a resource does. */
const harmless: ReadonlySet<string> = new Set([
  "tags",
  "tags_all",
  "description",
  "source_code_hash",
  "alarm_description",
]);

/** What can go wrong with a resource that has changed, by what of it has; empty where nothing of what it does has. */
export function changedThings({ type, action, attributes }: ChangedResource): readonly ChangedThing[] {
  if (action === "move" || action === "import" || action === "forget") {
    return [];
  }
  const telling = attributes.filter((each) => !harmless.has(each));
  if (action === "change" && attributes.length > 0 && telling.length === 0) {
    return [];
  }
  const whats = telling.length === 0 ? ["unknown"] : telling;
  return whats.flatMap((what) => {
    const thing = groups.find(([types, ofWhat]) => types.test(type) && ofWhat.test(what))?.[2];
    return thing === undefined ? [] : [thing];
  });
}

/** What tells a resource's name from others: its words without numbers, and without those that most names have. */
export function wordsOf(name: string): ReadonlySet<string> {
  const words = name.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  return new Set(words.filter((word) => !common.has(word)));
}

const common: ReadonlySet<string> = new Set([
  ...["module", "aws", "this", "prod", "staging", "dev", "live", "alias", "function", "lambda", "table", "dynamodb"],
  ...[
    "iam",
    "role",
    "policy",
    "execution",
    "api",
    "gateway",
    "permission",
    "stage",
    "rest",
    "metric",
    "alarm",
    "handler",
  ],
]);
