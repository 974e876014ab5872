import { resolve } from "node:path";
import type { ReleaseReport, UndoRequest } from "@slipway/contracts";
import {
  type HeldLedger,
  nextReleaseId,
  releases,
  releaseWithTraffic,
  runRelease,
  type StepHandlers,
  startRelease,
} from "@slipway/release-engine";
import { planUndo } from "@slipway/release-plan";
import type { CommandIo } from "../command.ts";
import { FailedWith } from "../failed-with.ts";
import { withLease } from "../release/deploy-release.ts";
import { EXIT, type ReleaseOptions, type ReleaseSession, releaseCommand } from "../release/release-command.ts";
import { runDeployment } from "../release/run-deployment.ts";
import { thisActor } from "../release/this-actor.ts";
import { UserError } from "../user-error.ts";
import { assertNoMoreThanUndone } from "./assert-no-more-than-undone.ts";
import { ConflictsFile } from "./conflicts-file.ts";
import { itemJson } from "./item-json.ts";
import { type Left, leftWords } from "./left-words.ts";
import { previewUndo, type UndoPreview } from "./preview-undo.ts";
import { renderUndo } from "./render-undo.ts";
import type { UndoOptions as SelectionOptions } from "./undo-options.ts";
import { type AskedUndo, undoRequest } from "./undo-request.ts";
import { undoPorts, undoSteps } from "./undo-steps.ts";

type UndoDataOptions = SelectionOptions &
  Pick<ReleaseOptions, "plan" | "verbose" | "local" | "port" | "output"> & { readonly reason?: string };

const SAMPLES = 5;
const MOST_SAMPLES = 1_000;

/**
 * `slipway rollback ENV data --undo`: looks at what would be done, asks, and does it as a release of its own.
 *
 * @returns 0 it is done, or there is nothing to do; 1 it was refused or failed; 3 it is paused, or items are left for people to look at; 130
 *   interrupted
 */
export async function undoData(options: UndoDataOptions, io: CommandIo, name: string): Promise<number> {
  const samples = samplesOf(options);
  const expected = expectedOf(options);
  if (expected === undefined && options.plan !== true && (io.ask === undefined || options.output === "json")) {
    throw new UserError(
      "--yes: is missing, and nobody can be asked here. Look with --plan first: it says how many items are written.",
    );
  }
  const conflicts = options.conflicts === undefined ? undefined : new ConflictsFile(resolve(io.cwd, options.conflicts));
  let refused = false;
  let isLeft = false;
  const code = await releaseCommand("rollback", options, io, name, async (session) => {
    const { open, target, progress } = session;
    const request = await undoRequest(options, open, name, io.signal);
    const ports = undoPorts(open.access);
    conflicts?.begin();
    let preview: UndoPreview;
    try {
      const onItem: ConflictsFile["add"] = (item) => conflicts?.add(item);
      preview = await previewUndo(ports, session, request, { signal: io.signal, samples, onItem });
    } finally {
      ports.close();
    }
    progress.stop();
    const { written } = preview.would;
    const undone = releases(await open.ledger.read(io.signal)).find(({ id }) => id === options.undoOf);
    if (undone !== undefined) {
      assertNoMoreThanUndone(undone, { selected: preview.selected.digest, would: preview.would });
    }
    const text = renderUndo(request, preview, { environment: `${name} on ${target.label}`, columns: io.columns });
    if (options.plan === true || written === 0) {
      conflicts?.finish();
      isLeft = options.plan !== true && leftWords(preview.would) !== undefined;
      const next =
        written === 0
          ? (leftWords(preview.would) ?? "Nothing to do.")
          : "No item was changed. To do it, type the same without --plan.";
      io.stdout.write(
        options.output === "json"
          ? `${JSON.stringify(previewReport(session, request, preview, options.samples !== undefined))}\n`
          : `${text}\n${next}\n`,
      );
      return undefined;
    }
    if (expected === undefined) {
      io.stderr.write(text);
      const answer = await io.ask?.(`\nType the number of items to write, ${written}, to go on: `);
      if (answer?.trim() !== String(written)) {
        refused = true;
        io.stderr.write("slipway: nothing was changed.\n");
        return undefined;
      }
    } else if (expected !== written) {
      throw new FailedWith(
        EXIT.bad,
        new UserError(
          `--yes ${expected}: ${written} items would be written now. Nothing was changed; look again with --plan.`,
        ),
      );
    }
    const { items, digest } = preview.selected;
    const confirmed = { ...request, confirmed: { items, digest } };
    const about = {
      reason: options.reason,
      onEnd: (end: Left) => {
        isLeft = leftWords(end) !== undefined;
      },
    };
    return await undo(session, io, name, confirmed, conflicts, about);
  }).finally(() => conflicts?.abandon());
  if (refused) {
    return EXIT.bad;
  }
  return isLeft && code === EXIT.done ? EXIT.waits : code;
}

/** Writes the release down, and takes its steps. */
async function undo(
  session: ReleaseSession,
  io: CommandIo,
  name: string,
  request: UndoRequest,
  conflicts: ConflictsFile | undefined,
  { reason, onEnd }: { readonly reason: string | undefined; readonly onEnd: (end: Left) => void },
): Promise<ReleaseReport> {
  const { open, target } = session;
  const { flags } = target;
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  const command = `slipway rollback ${name} data${flags}`;
  return await runDeployment(session, io, name, (onHeld) =>
    withLease(open, { actor, command, onHeld, flags }, async (held) => {
      const records = releases(await held.read());
      const current = releaseWithTraffic(records);
      if (current === undefined) {
        throw new UserError(
          `Nothing released has the traffic of ${name} on ${target.label}, and a rollback is written down beside what runs. To release: slipway deploy ${name}${flags}`,
        );
      }
      const plan = planUndo({
        ...{ environment: name, release: nextReleaseId(records), current: current.id },
        ...{ source: current.plan.source, undo: request },
        ...(reason !== undefined && { reason: `${actor.name}: ${reason.trim()}` }),
      });
      await startRelease(open.ports, { held, plan, authors: [actor.name] });
      const handlers = {
        ...open.handlers(held),
        ...recording(undoStepsOf(session, held, conflicts), conflicts, onEnd),
      };
      const { signal } = io;
      const outcome = await runRelease(open.ports, { held, release: plan.release, handlers, waitFor: "none", signal });
      return { kind: "outcome", outcome };
    }),
  );
}

type UndoHandlers = Pick<StepHandlers, "data.export" | "data.select" | "data.write-back">;

function undoStepsOf(
  { open, target }: ReleaseSession,
  held: HeldLedger,
  conflicts: ConflictsFile | undefined,
): UndoHandlers {
  return undoSteps(open.access, held, { flags: target.flags, onItem: (item) => conflicts?.add(item) });
}

/** The conflicts of one whole write-back: one that is tried again is told anew. */
function recording(
  handlers: UndoHandlers,
  conflicts: ConflictsFile | undefined,
  onEnd: (end: Left) => void,
): UndoHandlers {
  return {
    ...handlers,
    async "data.write-back"(context) {
      conflicts?.begin();
      const end = await handlers["data.write-back"](context);
      conflicts?.finish();
      if (end.outcome === "done") {
        onEnd(end.result);
      }
      return end;
    },
  };
}

/** The one JSON document of a preview: no keys and no values, unless samples were asked for. */
function previewReport(
  { reported }: ReleaseSession,
  request: AskedUndo,
  { exports, selected, would, samples }: UndoPreview,
  withSamples: boolean,
): object {
  const { command, environment, target, durationMs } = reported();
  return {
    ...{
      version: 1,
      command,
      environment,
      target: target.label,
      outcome: would.written === 0 ? "nothing-to-do" : "planned",
    },
    ...{ undo: request, exports: exportsJson(exports), selected, would },
    ...(withSamples && {
      samples: samples.map(({ key, from, to, current, decision }) => ({
        ...{ decision, key: itemJson(key) },
        ...{ before: itemJson(to), bad: itemJson(from), current: itemJson(current) },
      })),
    }),
    durationMs: Math.round(durationMs),
  };
}

/** Moments are ISO times in documents; the ledger has them in milliseconds. */
function exportsJson({ pieces, after, ...rest }: UndoPreview["exports"]): object {
  const iso = (moment: number) => new Date(moment).toISOString();
  const pieceJson = <Piece extends { readonly from: number; readonly to: number }>(piece: Piece) => ({
    ...piece,
    ...{ from: iso(piece.from), to: iso(piece.to) },
  });
  return { ...rest, pieces: pieces.map(pieceJson), ...(after && { after: pieceJson(after) }) };
}

function samplesOf({ samples, output }: UndoDataOptions): number {
  if (samples === undefined) {
    return output === "json" ? 0 : SAMPLES;
  }
  if (!/^\d{1,4}$/.test(samples) || Number(samples) > MOST_SAMPLES) {
    throw new UserError(`--samples: '${samples}' is no number from 0 to ${MOST_SAMPLES.toLocaleString("en-US")}.`);
  }
  return Number(samples);
}

function expectedOf({ yes }: UndoDataOptions): number | undefined {
  if (yes !== undefined && !/^[1-9]\d{0,11}$/.test(yes)) {
    throw new UserError(`--yes: '${yes}' is no number of items. Give the one that the preview says would be written.`);
  }
  return yes === undefined ? undefined : Number(yes);
}
