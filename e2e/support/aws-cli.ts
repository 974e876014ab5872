import { existsSync } from "node:fs";
import { mustRun, type Ran, type RunOptions, runProgram } from "./run-program.ts";
import { warmAwsCli } from "./warm-aws-cli/warm-aws-cli.ts";

/** Debian's package puts it there; another `aws` may be in front of it on the PATH. */
const DEBIAN_AWS = "/usr/bin/aws";

let found: Promise<string> | undefined;

/**
 * The AWS CLI to test with: SLIPWAY_AWS_CLI, else Debian's, else the PATH's; loaded once for all commands of a test file, where that can be.
 *
 * @throws Error when there is none of version 2: the guide's `aws logs tail` needs it, so a missing one fails the test
 */
export function findAwsCli(): Promise<string> {
  found ??= find();
  return found;
}

async function find(): Promise<string> {
  const named = process.env.SLIPWAY_AWS_CLI;
  const candidates = named ? [named] : [...(existsSync(DEBIAN_AWS) ? [DEBIAN_AWS] : []), "aws"];
  const seen: string[] = [];
  for (const candidate of candidates) {
    const warm = await warmAwsCli(candidate);
    const version = await versionOf(warm);
    if (version.startsWith("2.")) {
      return warm;
    }
    seen.push(`${candidate}: ${version}`);
  }
  throw new Error(
    `These tests need the AWS CLI of version 2 (found ${seen.join(", ")}). Type apt-get install awscli, or set SLIPWAY_AWS_CLI to its path.`,
  );
}

async function versionOf(program: string): Promise<string> {
  try {
    const { stdout, stderr } = await runProgram(program, ["--version"]);
    return /aws-cli\/(\S+)/.exec(stdout + stderr)?.[1] ?? "no version";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** An AWS CLI that is pointed at one local AWS. */
export interface AwsCli {
  /** Runs `aws WORDS... --output json`, which has to succeed, and parses what it printed (`undefined` for nothing). */
  json<T>(...words: readonly string[]): Promise<T>;
  /** Runs a command that has to succeed, and gives what it printed. */
  text(...words: readonly string[]): Promise<string>;
  /** Runs a command whatever comes of it. */
  run(words: readonly string[], options?: RunOptions): Promise<Ran>;
}

/**
 * The AWS CLI for a local AWS.
 *
 * @param env - of `LocalAwsProcess`
 * @throws Error as {@link findAwsCli}
 */
export async function awsCli(target: { readonly endpoint: string; readonly env: NodeJS.ProcessEnv }): Promise<AwsCli> {
  const program = await findAwsCli();
  // By flag, because Debian's 2.9 is older than AWS_ENDPOINT_URL.
  const argumentsOf = (words: readonly string[]) => [...words, "--endpoint-url", target.endpoint, "--no-cli-pager"];
  return {
    async json<T>(...words: readonly string[]) {
      const { stdout } = await mustRun(program, [...argumentsOf(words), "--output", "json"], { env: target.env });
      return (stdout.trim() === "" ? undefined : JSON.parse(stdout)) as T;
    },
    async text(...words) {
      return (await mustRun(program, argumentsOf(words), { env: target.env })).stdout;
    },
    run: (words, options = {}) => runProgram(program, argumentsOf(words), { env: target.env, ...options }),
  };
}
