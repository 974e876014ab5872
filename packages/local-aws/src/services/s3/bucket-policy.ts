import { AwsError } from "../../core/aws-error.ts";

/** A bucket policy is at most this long, in bytes. */
const LARGEST_POLICY = 20 * 1024;

/** One statement of a bucket policy, its shape checked. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Reads and checks a bucket policy.
 *
 * @throws AwsError `MalformedPolicy` or `PolicyTooLarge`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parseBucketPolicy(document: string, bucket: string): readonly PolicyStatement[] {
  if (Buffer.byteLength(document) > LARGEST_POLICY) {
    throw malformed("Policy is larger than the maximum allowed size of 20480 bytes");
  }
  const policy = parse(document);
  const version = policy.Version;
  if (version !== undefined && version !== "2012-10-17" && version !== "2008-10-17") {
    throw malformed(`The policy must contain a valid version string, not ${JSON.stringify(version)}`);
  }
  const statements = listOf(policy.Statement);
  if (statements.length === 0) {
    throw malformed("Missing required field Statement");
  }
  for (const statement of statements) {
    checkStatement(statement, bucket);
  }
  return statements as PolicyStatement[];
}

function parse(document: string): Record<string, unknown> {
  try {
    const policy: unknown = JSON.parse(document);
    if (isRecord(policy)) {
      return policy;
    }
  } catch {
    // Told below, together with documents that are JSON but no object.
  }
  throw malformed("Policies must be valid JSON and the first byte must be '{'");
}

function checkStatement(statement: unknown, bucket: string): void {
  if (!isRecord(statement)) {
    throw malformed("Statement must be an object or a list of objects");
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
    throw malformed("Missing required field Effect, or it is neither Allow nor Deny");
  }
  exactlyOne(statement, "Principal");
  exactlyOne(statement, "Action");
  exactlyOne(statement, "Resource");
  for (const action of listOf(statement.Action ?? statement.NotAction)) {
    if (typeof action !== "string" || !/^(\*|s3(-object-lambda|tables)?:[A-Za-z0-9*?]+)$/i.test(action)) {
      throw malformed("Policy has invalid action");
    }
  }
  for (const resource of listOf(statement.Resource ?? statement.NotResource)) {
    if (typeof resource !== "string" || !coversBucket(resource, bucket)) {
      throw malformed("Policy has invalid resource");
    }
  }
  const principal = statement.Principal ?? statement.NotPrincipal;
  if (principal !== "*" && !isRecord(principal)) {
    throw malformed("Invalid policy syntax.");
  }
  if (isRecord(principal)) {
    for (const [kind, names] of Object.entries(principal)) {
      const known = ["AWS", "Service", "Federated", "CanonicalUser"].includes(kind);
      const valid = listOf(names).every(
        (name) =>
          typeof name === "string" &&
          (kind !== "AWS" || /^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::.+|A(ROA|IDA)[A-Z0-9]+)$/.test(name)),
      );
      if (!known || !valid) {
        throw malformed("Invalid principal in policy");
      }
    }
  }
}

/** True when an ARN pattern names this bucket or something in it. */
function coversBucket(resource: string, bucket: string): boolean {
  const match = /^arn:aws[a-z-]*:s3:::(.+)$/s.exec(resource);
  if (match === null) {
    return resource === "*";
  }
  const [pattern = ""] = (match[1] ?? "").split("/");
  const expression = pattern
    .replace(/\$\{[^}]*\}/g, "*")
    .replace(/[.+^$()|[\]{}\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(bucket);
}

function exactlyOne(statement: Record<string, unknown>, name: string): void {
  const given = [name, `Not${name}`].filter((field) => Object.hasOwn(statement, field));
  if (given.length !== 1) {
    throw malformed(
      given.length === 0 ? `Missing required field ${name}` : `${given.join(" and ")} exclude each other`,
    );
  }
}

/** Conditions that tie a public principal to somebody known, when they compare with fixed values. */
const NARROWING_KEYS = new Set(
  [
    "aws:SourceArn",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:SourceOwner",
    "aws:SourceAccount",
    "aws:userid",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:DataAccessPointArn",
    "s3:DataAccessPointAccount",
  ].map((key) => key.toLowerCase()),
);
const POSITIVE_OPERATORS = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)$/;

/**
 * True when a policy lets in anybody: S3 takes a policy for public unless it can show that it is not.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublicPolicy(statements: readonly PolicyStatement[]): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === "Allow" &&
      (statement.NotPrincipal !== undefined || namesAnybody(statement.Principal)) &&
      !isNarrowed(statement),
  );
}

function namesAnybody(principal: unknown): boolean {
  return principal === "*" || (isRecord(principal) && listOf(principal.AWS).includes("*"));
}

function isNarrowed({ Condition: condition = {} }: PolicyStatement): boolean {
  return Object.entries(condition).some(([operator, comparisons]) =>
    Object.entries(comparisons).some(([key, value]) => {
      const values = listOf(value).map(String);
      if (operator === "IpAddress" && key.toLowerCase() === "aws:sourceip") {
        // Wide ranges count as public: IPv4 wider than /8, IPv6 wider than /32.
        return values.every((range) => Number(range.split("/")[1] ?? 128) >= (range.includes(":") ? 32 : 8));
      }
      const isFixed = (one: string): boolean =>
        !/[*?]|\$\{/.test(key.toLowerCase().endsWith("arn") ? accountOf(one) : one);
      return POSITIVE_OPERATORS.test(operator) && NARROWING_KEYS.has(key.toLowerCase()) && values.every(isFixed);
    }),
  );
}

/** The account of an ARN pattern: what has to be fixed of it. For S3's ARNs, which have none, the resource. */
function accountOf(arn: string): string {
  const [, , , , account = "*", ...resource] = arn.split(":");
  return account === "" ? resource.join(":") : account;
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicy", message, { status: 400 });
}
