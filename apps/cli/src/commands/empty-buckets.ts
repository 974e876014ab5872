import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { FailedWith } from "../failed-with.ts";
import { wrapShell } from "../orphans/wrap-shell.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { table } from "../terminal/table.ts";
import { UserError } from "../user-error.ts";

interface EmptyBucketsOptions extends TargetOptions {
  readonly confirm?: string;
  readonly output?: "text" | "json";
}

const REFUSED = 1;
const NOT_FOUND_OUT = 2;
const INTERRUPTED = 130;

/** `slipway empty-buckets`: what has to happen before buckets with versions can be destroyed. */
export const emptyBuckets: Command = {
  name: "empty-buckets",
  summary: "remove every object and version from an environment's buckets; exit code 1 when they stay full",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    {
      flags: "--confirm <words>",
      description:
        'the words "empty the buckets of ENVIRONMENT"; without them the contents are shown, and nothing is removed',
    },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: ["slipway empty-buckets prod", 'slipway empty-buckets prod --confirm "empty the buckets of prod"'],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["bucket-contents"] },
  async run(options: EmptyBucketsOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { createAwsClients, walkBucket }, engine, { environmentWork }] = await Promise.all([
      import("../environment-config.ts"),
      import("@slipway/aws"),
      import("@slipway/release-engine"),
      import("../target/environment-work.ts"),
    ]);
    const { repository, config } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const words = `empty the buckets of ${name}`;
    const typed = options.confirm ?? (await askFor(words, options, io, target.label));
    const isConfirmed = typed === words;
    const { env, signal } = io;
    if (signal.aborted) {
      throw new FailedWith(INTERRUPTED, new UserError("interrupted; nothing was removed."));
    }
    const progress = new ProgressPrinter(io);
    const work = await environmentWork({ repository, config, environment: name, target, env, progress, signal });
    const { region, endpoint } = target;
    const clients = createAwsClients({
      region,
      endpoint,
      credentials: work.credentials,
    });
    try {
      // Only the environment's own: the state bucket and everybody else's are in no environment's state.
      const state = await work.state.read(signal);
      if (state === undefined) {
        const { location } = work.state;
        throw new UserError(
          `There is no state ${location}, so nobody knows which buckets ${name} has: nothing was ever applied, or its state lies elsewhere. To deploy it: ${work.howToDeploy}`,
        );
      }
      const names = state.resources.filter(({ type }) => type === "aws_s3_bucket").flatMap(({ id }) => id ?? []);
      const buckets = [];
      for (const bucket of names) {
        const { value: contents } = await engine.runPhase(
          { clock: engine.systemClock, progress },
          { phase: `${name}.${bucket}`, title: `${isConfirmed ? "empty" : "count"} ${bucket}` },
          async () => ({ value: await walkBucket(clients.s3, bucket, { remove: isConfirmed, signal }) }),
        );
        buckets.push({ bucket, exists: contents !== undefined, ...contents });
      }
      progress.stop();
      const isFull = buckets.some(({ versions = 0, deleteMarkers = 0 }) => versions + deleteMarkers > 0);
      const report = {
        environment: name,
        target: target.label,
        removed: isConfirmed,
        buckets,
        ...(isConfirmed || !isFull
          ? {}
          : { next: `slipway empty-buckets ${name}${target.flags} --confirm '${words}'` }),
      };
      const wrongWords =
        typed === undefined || typed === "" || isConfirmed ? undefined : `"${typed}" is not "${words}".`;
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify({ version: 1, ...report })}\n`
          : render(report, isFull, wrongWords, io.columns),
      );
      return isConfirmed || !isFull ? 0 : REFUSED;
    } finally {
      progress.stop();
      clients.destroy();
      work.release();
    }
  },
};

async function askFor(words: string, { output }: EmptyBucketsOptions, io: CommandIo, where: string) {
  return output === "json"
    ? undefined
    : await io.ask?.(`This removes objects for good on ${where}. Type "${words}" to go on, or nothing to look only: `);
}

interface Report {
  readonly environment: string;
  readonly target: string;
  readonly removed: boolean;
  readonly next?: string;
  readonly buckets: readonly {
    readonly bucket: string;
    readonly exists: boolean;
    readonly versions?: number;
    readonly deleteMarkers?: number;
    readonly bytes?: number;
  }[];
}

function render(
  { environment, target, removed, buckets, next }: Report,
  isFull: boolean,
  wrongWords: string | undefined,
  columns: number,
): string {
  const say = (text: string) => `${wrapText(text, columns, "").join("\n")}\n`;
  if (buckets.length === 0) {
    return say(`The state of ${environment} on ${target} has no buckets.`);
  }
  const rows = buckets.map(({ bucket, exists, versions = 0, deleteMarkers = 0, bytes = 0 }) =>
    exists ? [bucket, String(versions), String(deleteMarkers), String(bytes)] : [bucket, "is gone", "", ""],
  );
  const end = !isFull
    ? "They are empty."
    : removed
      ? `All of it is removed from the buckets of ${environment} on ${target}.`
      : `Nothing was removed on ${target}: ${wrongWords ?? "it was not confirmed."}`;
  const toType =
    next === undefined ? "" : `To remove it all:\n  ${wrapShell(next, columns, columns - 2, "    ").join("\n")}\n`;
  return `${table([["bucket", "versions", "delete markers", "bytes"], ...rows])}\n${say(end)}${toType}`;
}
