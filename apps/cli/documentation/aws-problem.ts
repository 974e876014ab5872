/** How many words follow the flag of a member. */
export type MemberKind = "switch" | "value" | "list";

/** What an operation takes. */
export interface AwsInput {
  /** Members of its input, as AWS calls them. */
  readonly members: ReadonlyMap<string, MemberKind>;
  /** Those that have to be given. */
  readonly required: readonly string[];
}

/**
 * The operations that local AWS has, by the AWS CLI's name of the service and AWS's of the operation: `cloudwatch`, `DescribeAlarms`.
 * Without an input nothing is known of what one takes.
 */
export type AwsOperations = ReadonlyMap<string, ReadonlyMap<string, AwsInput | undefined>>;

type Flags = Readonly<Record<string, MemberKind>>;

/** Flags of the AWS CLI itself, and those that it adds to every operation. */
const GLOBAL: Flags = {
  ...{ "--output": "value", "--query": "value", "--region": "value", "--profile": "value", "--endpoint-url": "value" },
  ...{ "--cli-binary-format": "value", "--no-cli-pager": "switch", "--no-paginate": "switch", "--max-items": "value" },
  ...{ "--page-size": "value", "--starting-token": "value", "--cli-input-json": "value", "--debug": "switch" },
};

/** Commands that the AWS CLI makes of operations, with the flags that they have. */
const MADE: Readonly<Record<string, { readonly of: readonly string[]; readonly flags: Flags }>> = {
  "logs tail": {
    of: ["FilterLogEvents"],
    flags: {
      ...{ "--since": "value", "--follow": "switch", "--format": "value", "--filter-pattern": "value" },
      "--log-stream-names": "list",
    },
  },
  "s3 ls": { of: ["ListObjectsV2", "ListBuckets"], flags: { "--recursive": "switch", "--human-readable": "switch" } },
  "s3 cp": { of: ["PutObject", "GetObject", "CopyObject"], flags: { "--recursive": "switch", "--sse": "value" } },
};

/** What the AWS CLI waits by. */
const WAITERS: Readonly<Record<string, string>> = {
  "lambda function-updated-v2": "GetFunction",
  "lambda function-updated": "GetFunctionConfiguration",
  "lambda published-version-active": "GetFunctionConfiguration",
  "dynamodb table-exists": "DescribeTable",
  "dynamodb table-not-exists": "DescribeTable",
};

/** Words without a flag that an operation takes: a file for what it answers. */
const POSITIONALS: Readonly<Record<string, number>> = { "lambda invoke": 1, "s3 ls": 1, "s3 cp": 2, "logs tail": 1 };

/**
 * Whether the AWS CLI and local AWS know a command that a document tells people to type.
 *
 * @param words - those after `aws`
 * @returns what is wrong; undefined where nothing is
 */
export function awsProblem(words: readonly string[], known: AwsOperations): string | undefined {
  const [service = "", command = "", ...rest] = words;
  const operations = known.get(service === "s3" ? "s3api" : service);
  if (operations === undefined) {
    return `local AWS has no service '${service}'`;
  }
  if (command === "wait") {
    const [waiter = "", ...flags] = rest;
    const operation = WAITERS[`${service} ${waiter}`] ?? "";
    return operations.has(operation)
      ? inputProblem(`${service} wait ${waiter}`, flags, operations.get(operation))
      : `aws ${service} wait has no '${waiter}' here`;
  }
  const name = `${service} ${command}`;
  const made = MADE[name];
  if (made !== undefined) {
    const missing = made.of.find((operation) => !operations.has(operation));
    return missing === undefined ? flagProblem(name, rest, made.flags) : `local AWS has no ${missing}`;
  }
  const found = [...operations].find(([operation]) => cliName(operation) === command);
  return found === undefined
    ? `local AWS has no operation '${command}' of ${service}`
    : inputProblem(name, rest, found[1]);
}

function inputProblem(name: string, words: readonly string[], input: AwsInput | undefined): string | undefined {
  if (input === undefined) {
    return undefined;
  }
  const typed = new Set(words.map((word) => word.split("=")[0]));
  const missing = input.required
    .map((member) => `--${cliName(member)}`)
    .find((flag) => !typed.has(flag) && !typed.has("--cli-input-json"));
  return flagProblem(name, words, flagsOf(input)) ?? (missing && `aws ${name} needs ${missing}`);
}

/** `ListVersionsByFunction` is list-versions-by-function, `maxDBSize` max-db-size. */
function cliName(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}

/** A member that is true or false takes no value, and has a flag with `no` before it. */
function flagsOf({ members }: AwsInput): Flags {
  return Object.fromEntries(
    [...members].flatMap(([member, kind]): [string, MemberKind][] => {
      const name = cliName(member);
      return kind === "switch"
        ? [
            [`--${name}`, kind],
            [`--no-${name}`, kind],
          ]
        : [[`--${name}`, kind]];
    }),
  );
}

function flagProblem(name: string, words: readonly string[], own: Flags): string | undefined {
  const flags: Flags = { ...GLOBAL, ...own };
  let positionals = POSITIONALS[name] ?? 0;
  let taken = 0;
  for (const word of words) {
    if (word.startsWith("--")) {
      const [flag = "", value] = word.split("=", 2);
      const kind = Object.hasOwn(flags, flag) ? flags[flag] : undefined;
      if (kind === undefined) {
        return `aws ${name} has no ${flag}`;
      }
      taken = kind === "list" ? Number.POSITIVE_INFINITY : kind === "value" && value === undefined ? 1 : 0;
    } else if (taken > 0) {
      taken -= 1;
    } else {
      positionals -= 1;
      if (positionals < 0) {
        return `aws ${name} takes no '${word}' there`;
      }
    }
  }
  return taken === 1 ? `aws ${name}: ${words.at(-1)} lacks its value` : undefined;
}
