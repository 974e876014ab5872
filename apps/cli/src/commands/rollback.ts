import type { ReleaseReport } from "@slipway/contracts";
import type { ReleaseRecord } from "@slipway/release-engine";
import type { Command, CommandIo } from "../command.ts";
import { RELEASE_OPTIONS, type ReleaseOptions, releaseCommand } from "../release/release-command.ts";
import { UNDO_OPTIONS, type UndoOptions, undoOptionsIn } from "../rollback/undo-options.ts";
import { UserError } from "../user-error.ts";

interface RollbackOptions extends Pick<ReleaseOptions, "plan" | "verbose" | "local" | "port" | "output">, UndoOptions {
  readonly reason?: string;
}

/** `slipway rollback`: gives the traffic back to the versions before the newest release. */
export const rollback: Command = {
  name: "rollback",
  summary:
    "give the traffic back to the versions before the newest release; exit code 0 when it is there. A first release that is live stays: nothing ran before it",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    { name: "[part]", description: "data: with --undo or --undo-of", choices: ["data"] },
  ],
  options: [
    { flags: "--plan", description: "show what it would do, and change nothing" },
    { flags: "--reason <text>", description: "why; it is written down with your name" },
    ...RELEASE_OPTIONS,
    ...UNDO_OPTIONS,
  ],
  examples: [
    "slipway rollback prod --plan",
    'slipway rollback prod --reason "customers cannot check out"',
    "slipway rollback prod data --undo --release r7 --where after.price=0 --plan",
  ],
  async run(options: RollbackOptions, io: CommandIo, [name = "", part]: readonly string[]): Promise<number> {
    const ofUndo = undoOptionsIn(options);
    if (part === "data") {
      if (options.undo !== true && options.undoOf === undefined) {
        throw new UserError("data: say how: --undo takes bad writes back, --undo-of RELEASE takes such an undo back.");
      }
      const { undoData } = await import("../rollback/undo-data.ts");
      return undoData(options, io, name);
    }
    if (ofUndo.length > 0) {
      throw new UserError(`${ofUndo.join(", ")}: for data only. Type slipway rollback ${name} data and so on.`);
    }
    if (options.reason?.trim() === "") {
      throw new UserError("--reason: is empty. Say why, or leave it out.");
    }
    let outcome: ReleaseReport["outcome"] | undefined;
    const code = await releaseCommand("rollback", options, io, name, async (session) => {
      const report = await rollBack(session, options, io, name);
      outcome = report?.outcome;
      return report;
    });
    // What was asked for is no failure here.
    return outcome === "put-back" || outcome === "failed" ? 0 : code;
  },
};

async function rollBack(
  session: Parameters<Parameters<typeof releaseCommand>[4]>[0],
  options: RollbackOptions,
  io: CommandIo,
  name: string,
): Promise<ReleaseReport | undefined> {
  const [{ withLease }, { runDeployment }, { thisActor }, { releaseReport }, engine] = await Promise.all([
    import("../release/deploy-release.ts"),
    import("../release/run-deployment.ts"),
    import("../release/this-actor.ts"),
    import("../release/release-report.ts"),
    import("@slipway/release-engine"),
  ]);
  const { open, target, reported } = session;
  const records = engine.releases(await open.ledger.read(io.signal));
  const record = engine.releaseToPutBack(records);
  if (record === undefined) {
    throw new UserError(
      `There is nothing to put back: nothing was released to ${name} on ${target.label} yet. To release: slipway deploy ${name}${target.flags}`,
    );
  }
  const refusal = engine.firstReleaseStays(record, target.flags);
  if (refusal !== undefined) {
    throw refusal;
  }
  if (options.plan === true) {
    if (options.output === "json") {
      return releaseReport(reported(open.apiUrl(record)), record, "planned", wouldDo(record));
    }
    io.stdout.write(`${wouldDo(record)}\nNothing was changed. To do it: slipway rollback ${name}${target.flags}\n`);
    return undefined;
  }
  if (isOver(record)) {
    const runs = engine.releaseWithTraffic(records);
    const because = `${record.id} is ${record.state} already; ${runs === undefined ? "nothing released has the traffic" : `${runs.id} has the traffic`}. To go further back, check out what should run and type slipway deploy ${name}${target.flags}`;
    return releaseReport(reported(open.apiUrl(record)), record, "nothing-to-do", because);
  }
  const actor = await thisActor({ repository: io.cwd, env: io.env, principal: open.principal });
  const reason = `${actor.name}: ${options.reason?.trim() ?? "slipway rollback"}`;
  return runDeployment(session, io, name, async (onHeld) => {
    const command = `slipway rollback ${name}${target.flags}`;
    const outcome = await withLease(open, { actor, command, onHeld, flags: target.flags }, async (held) => {
      const ended = await engine.putBack(open.ports, {
        held,
        release: record.id,
        handlers: open.handlers(held),
        reason,
      });
      await open.removePlans();
      return ended;
    });
    return { kind: "outcome", outcome };
  });
}

function isOver({ state }: ReleaseRecord): boolean {
  return state === "failed" || state === "put-back";
}

/** What it would do, in a sentence. */
function wouldDo(record: ReleaseRecord): string {
  const { id, state, functions, steps } = record;
  if (isOver(record)) {
    return `Nothing: ${id} is ${state} already.`;
  }
  const moved = [...steps.values()].some(({ kind }) => kind === "traffic.shift" || kind === "traffic.promote");
  if (!moved) {
    return `It would end ${id}, which has moved no traffic yet. What it has done to the infrastructure stays.`;
  }
  const each = functions.map(
    ({ functionName, version, previousVersion }) => `${functionName} from version ${version} to ${previousVersion}`,
  );
  const what = each.length === 0 ? "all functions to the versions before it" : each.join(", ");
  return `It would put the traffic of ${id} back: ${what}, one call a function. The infrastructure stays as it is.`;
}
