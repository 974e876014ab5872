import type { ReleaseReport } from "@slipway/contracts";
import type { WatchEnd } from "@slipway/release-engine";
import type { Command, CommandIo } from "../command.ts";
import {
  EXIT,
  RELEASE_OPTIONS,
  type ReleaseOptions,
  type ReleaseSession,
  releaseCommand,
} from "../release/release-command.ts";
import { type SignOffOptions, signOffGiven } from "../release/sign-off.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";

interface WatchCommandOptions
  extends Pick<ReleaseOptions, "local" | "port" | "verbose" | "fastForward" | "output">,
    SignOffOptions {
  readonly once?: boolean;
}

/** `slipway watch`: judges the checkpoints of the live release, and puts it back when one fails. */
export const watch: Command = {
  name: "watch",
  summary:
    "judge the live release at its checkpoints, and put it back when one fails; exit code 0 passed or nothing due, 1 failed or put back, 2 nobody knows",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--once", description: "judge what is due now, and come back: for schedulers, every few minutes" },
    { flags: "--sign-off <name>", description: "who answers for what users say, which the last checkpoint asks for" },
    {
      flags: "--feedback <what>",
      description: "with --sign-off: what they say (default: positive)",
      choices: ["positive", "negative"],
    },
    { flags: "--note <text>", description: "with --sign-off: a word about it" },
    {
      flags: "--fast-forward",
      description: "with --local: move its clock instead of waiting, and send the smoke test's requests meanwhile",
    },
    ...RELEASE_OPTIONS,
  ],
  examples: [
    "slipway watch prod",
    "slipway watch prod --once --output json",
    'slipway watch prod --sign-off "Jane Doe" --note "no complaint in the shop"',
  ],
  failureCode: EXIT.notFoundOut,
  json: { documents: ["release-report"] },
  async run(options: WatchCommandOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    const signOff = signOffGiven(options);
    let state: WatchEnd["state"] | undefined;
    const code = await releaseCommand("watch", options, io, name, async (session) => {
      if (signOff !== undefined) {
        await writeSignOff(session, io, name, signOff);
      }
      const end = await watchFor(session, io, name, options);
      ({ state } = end);
      return reportOf(session, io, end);
    });
    return state === undefined ? code : codeOf(state);
  },
};

function codeOf(state: WatchEnd["state"]): number {
  switch (state) {
    case "nothing":
    case "not-due":
    case "passed":
      return EXIT.done;
    case "failed":
    case "put-back":
      return EXIT.bad;
    case "unknown":
    case "busy":
      return EXIT.notFoundOut;
    case "interrupted":
      return EXIT.interrupted;
  }
}

async function watchFor(
  { open, target }: ReleaseSession,
  io: CommandIo,
  name: string,
  { once = false, fastForward = false }: Pick<WatchCommandOptions, "once" | "fastForward">,
): Promise<WatchEnd> {
  const [{ watchRelease }, { thisActor }, { thisHolder }] = await Promise.all([
    import("@slipway/release-engine"),
    import("../release/this-actor.ts"),
    import("../release/this-holder.ts"),
  ]);
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  return watchRelease(
    { release: open.ports, ledger: open.ledger, handlers: open.handlers },
    {
      holder: thisHolder(actor, `slipway watch ${name}${once ? " --once" : ""}${target.flags}`),
      ...{ once, flags: target.flags, signal: io.signal },
      // A wait that takes no time is passed over as a whole: nobody releases meanwhile.
      ...(fastForward ? { lookEveryMs: Number.POSITIVE_INFINITY } : {}),
      // Nothing else is shown while it waits.
      onLine: (text) => io.stderr.write(`${escapeControls(text, { lines: true })}\n`),
    },
  );
}

/** The word is written down at once, without the lease: whoever judges the last checkpoint finds it. */
async function writeSignOff(
  { open, target }: ReleaseSession,
  { cwd: repository, env, signal }: CommandIo,
  name: string,
  signOff: NonNullable<ReturnType<typeof signOffGiven>>,
): Promise<void> {
  const [{ releases }, { thisActor }] = await Promise.all([
    import("@slipway/release-engine"),
    import("../release/this-actor.ts"),
  ]);
  const record = releases(await open.ledger.read(signal)).findLast(({ state }) => state === "live");
  if (record === undefined) {
    throw new UserError(
      `--sign-off: no release of ${name} is live on ${target.label}, so there is nothing to answer for. Look with \`slipway status ${name}${target.flags}\`.`,
    );
  }
  const by = await thisActor({ repository, env, principal: open.principal });
  const at = new Date(open.access.clock.now()).toISOString();
  await open.ledger.append({ by, release: record.id, body: { type: "sign-off.given", signOff: { ...signOff, at } } });
}

async function reportOf(
  { open, target, reported }: ReleaseSession,
  io: CommandIo,
  { state, record, reason, next }: WatchEnd,
): Promise<ReleaseReport> {
  const text = `${sentence(reason)}${next === undefined ? "" : ` Next: ${next}`}`;
  io.stderr.write(`${escapeControls(text, { lines: true })}\n`);
  if (record === undefined) {
    const { command, environment, durationMs } = reported();
    const look = [`slipway status ${environment}${target.flags}`];
    const outcome = state === "interrupted" ? "interrupted" : "nothing-to-do";
    return {
      ...{ version: 1, command, environment, target: target.label, outcome, watched: state },
      ...{ release: null, source: null, steps: [], functions: [], checkpoints: [], reason: sentence(reason) },
      ...{ next: { look }, durationMs: Math.round(durationMs) },
    };
  }
  const { releaseReport } = await import("../release/release-report.ts");
  const outcome = state === "interrupted" ? "interrupted" : undefined;
  return { ...releaseReport(reported(open.apiUrl(record)), record, outcome, sentence(reason)), watched: state };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
