import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { table } from "../terminal/table.ts";

interface EmptyBucketsOptions extends TargetOptions {
  readonly confirm?: string;
  readonly output?: "text" | "json";
}

const REFUSED = 1;

/** `slipway empty-buckets`: what has to happen before buckets with versions can be destroyed. */
export const emptyBuckets: Command = {
  name: "empty-buckets",
  summary: "remove every object, version and delete marker from an environment's buckets",
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
  async run(options: EmptyBucketsOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { createAwsClients, walkBucket }, { environmentWork }] = await Promise.all([
      import("../environment-config.ts"),
      import("@slipway/aws"),
      import("../target/environment-work.ts"),
    ]);
    const { repository, config } = await loadEnvironment(io.cwd, name);
    const target = await targetAws(options, io, config.region);
    const words = `empty the buckets of ${name}`;
    const typed = options.confirm ?? (await askFor(words, options, io, target.label));
    const isConfirmed = typed === words;
    const progress = new ProgressPrinter(io);
    const work = await environmentWork({ repository, config, environment: name, target, env: io.env, progress });
    const { region, endpoint } = target;
    const clients = createAwsClients({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(work.credentials === undefined ? {} : { credentials: work.credentials }),
    });
    try {
      // Only the environment's own: the state bucket and everybody else's are in no environment's state.
      const resources = (await work.state.read(io.signal))?.resources ?? [];
      const names = resources.filter(({ type }) => type === "aws_s3_bucket").map(({ id = "" }) => id);
      const buckets = [];
      for (const bucket of names) {
        const contents = await walkBucket(clients.s3, bucket, { remove: isConfirmed, signal: io.signal });
        buckets.push({ bucket, exists: contents !== undefined, ...contents });
      }
      progress.stop();
      const isFull = buckets.some(({ versions = 0, deleteMarkers = 0 }) => versions + deleteMarkers > 0);
      const report = { environment: name, target: target.label, removed: isConfirmed, buckets };
      io.stdout.write(options.output === "json" ? `${JSON.stringify(report)}\n` : render(report, words, isFull));
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
  readonly buckets: readonly {
    readonly bucket: string;
    readonly exists: boolean;
    readonly versions?: number;
    readonly deleteMarkers?: number;
    readonly bytes?: number;
  }[];
}

function render({ environment, target, removed, buckets }: Report, words: string, isFull: boolean): string {
  if (buckets.length === 0) {
    return `The state of ${environment} on ${target} has no buckets.\n`;
  }
  const rows = buckets.map(({ bucket, exists, versions = 0, deleteMarkers = 0, bytes = 0 }) =>
    exists ? [bucket, String(versions), String(deleteMarkers), String(bytes)] : [bucket, "is gone", "", ""],
  );
  const end = !isFull
    ? "They are empty."
    : removed
      ? "All of it is removed."
      : `Nothing was removed. To remove it: --confirm "${words}"`;
  return `${table([["bucket", "versions", "delete markers", "bytes"], ...rows])}${end}\n`;
}
