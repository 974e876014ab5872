import { AWS_CLI_NAMES } from "../aws-cli-names.ts";
import type { AwsInput, AwsOperations, MemberKind } from "../aws-problem.ts";
import { readMarkdown } from "../read-markdown.ts";

/** What knows the inputs of a service. `sts` and `kms` are named in documents once or twice, and their flags are not checked. */
const SDK: Readonly<Record<string, () => Promise<object>>> = {
  apigateway: () => import("@aws-sdk/client-api-gateway"),
  cloudwatch: () => import("@aws-sdk/client-cloudwatch"),
  dynamodb: () => import("@aws-sdk/client-dynamodb"),
  iam: () => import("@aws-sdk/client-iam"),
  lambda: () => import("@aws-sdk/client-lambda"),
  logs: () => import("@aws-sdk/client-cloudwatch-logs"),
  s3api: () => import("@aws-sdk/client-s3"),
  sns: () => import("@aws-sdk/client-sns"),
  sqs: () => import("@aws-sdk/client-sqs"),
};

/**
 * Reads what local AWS has from docs/reference/local-aws.md, which is made by `npm run docs`.
 *
 * @param wanted - services whose inputs are to be known, by the AWS CLI's names: it takes a moment for each
 */
export async function awsOperations(document: string, wanted: ReadonlySet<string>): Promise<AwsOperations> {
  const services = readMarkdown(document).blocks.map(async ({ section, text }) => {
    const id = section.at(-1) ?? "";
    const name = AWS_CLI_NAMES[id] ?? id;
    const inputs = wanted.has(name) ? inputsOf((await SDK[name]?.()) ?? {}) : new Map<string, AwsInput>();
    const operations = text.split(/\s+/).filter((word) => word !== "");
    return [name, new Map(operations.map((each) => [each, inputs.get(each)]))] as const;
  });
  return new Map(await Promise.all(services));
}

// Layout of the SDK's static schemas, as in local AWS's wire/service-model.ts: operations are [9, namespace, name, traits, input, output],
// structures [3, namespace, name, traits, members, schemas, number of required members, which come first], lists [1, ...]. A schema can be
// behind a function or, with traits, the first of two; 2 is a boolean, and 64 on top of a simple one makes a list of it.
const OPERATION = 9;
const LIST = 1;
const BOOLEAN = 2;
const LIST_OF = 64;

function inputsOf(sdk: object): ReadonlyMap<string, AwsInput> {
  const inputs = new Map<string, AwsInput>();
  for (const value of Object.values(sdk)) {
    if (Array.isArray(value) && value[0] === OPERATION) {
      const [, , name, , input] = value;
      const [, , , , names = [], schemas = [], count = 0] = resolved(input) as StructureSchema;
      inputs.set(name, {
        members: new Map(names.map((member, index) => [member, kindOf(schemas[index])])),
        required: names.slice(0, count),
      });
    }
  }
  return inputs;
}

type StructureSchema = readonly [3, string, string, unknown, (readonly string[])?, (readonly unknown[])?, number?];

function kindOf(schema: unknown): MemberKind {
  const inner = resolved(schema);
  if (Array.isArray(inner)) {
    // With traits it is a pair; a shape has its namespace second.
    return inner.length === 2 ? kindOf(inner[0]) : inner[0] === LIST ? "list" : "value";
  }
  return inner === BOOLEAN ? "switch" : typeof inner === "number" && (inner & LIST_OF) !== 0 ? "list" : "value";
}

function resolved(schema: unknown): unknown {
  return typeof schema === "function" ? schema() : schema;
}
