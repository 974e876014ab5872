import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import type { LedgerBodyOf, LedgerEntry } from "@slipway/contracts";
import { expect } from "vitest";
import { LAB_ENVIRONMENT, LAB_STATE, type Lab } from "./lab.ts";
import { descendantsOf, processes } from "./release-process.ts";

const FUNCTIONS = ["shop-orders", "shop-stock"] as const;

/** What the ledger says about how an environment stands. */
export interface SettledLedger {
  /** The release that was begun last, and how it ended. */
  readonly release: string;
  readonly outcome: LedgerBodyOf<"release.ended">["outcome"];
  /** Function to the version that has all of its traffic. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Checks that alias, versions, state file and ledger agree, and that a release has left nothing behind: no weights, no lock, no lease, no
 * plan file, no process.
 *
 * @returns how the environment stands
 */
export async function expectConsistent(lab: Lab): Promise<SettledLedger> {
  const { head, entries } = await lab.ledger();
  expectChain(entries);
  expect(head?.sequence, "the head is that of the last entry").toBe(entries.length);
  expect(head?.hash).toBe(entries.at(-1)?.hash);
  const leftUntil = head?.lease === null || head?.lease === undefined ? 0 : Date.parse(head.lease.expiresAt);
  expect(leftUntil, `the lease of ${head?.lease?.holder.command}`).toBeLessThanOrEqual(Date.now());

  const settled = settledBy(entries);
  for (const FunctionName of FUNCTIONS) {
    await expectFunction(lab, FunctionName, settled, entries);
  }

  const state = await lab.state();
  expect(state.serial, "the state's serial is the one that was written down last").toBe(lastSerial(entries));
  const objects = (await lab.stateObjects()).filter((key) => !key.startsWith(`${LAB_STATE.key}.backups/`));
  expect(objects, "no lock on the state").toEqual([LAB_STATE.key]);
  const folders = [join(lab.localAws.dataDir, "state"), join(lab.repository.path, ".slipway")];
  expect(
    folders.flatMap((folder) => filesIn(folder)).filter((file) => /\.tfplan|errored\.tfstate/.test(file)),
    "no plan file, and no state that could not be written",
  ).toEqual([]);
  await expectNoProcesses(lab);
  // Last, because it takes longer than all of the above.
  expect(await lab.run("ledger", "verify", LAB_ENVIRONMENT), "slipway ledger verify").toMatchObject({ code: 0 });
  return settled;
}

/** The chain, computed anew: not by the code that wrote it. */
function expectChain(entries: readonly LedgerEntry[]): void {
  let previous = "0".repeat(64);
  for (const [index, entry] of entries.entries()) {
    const { hash, ...hashed } = entry;
    expect(entry.sequence, "no gap").toBe(index + 1);
    expect(entry.previous, `entry ${entry.sequence} follows the one before`).toBe(previous);
    expect(createHash("sha256").update(sorted(hashed)).digest("hex"), `hash of entry ${entry.sequence}`).toBe(hash);
    previous = hash;
  }
}

/** JSON with the members of objects in the order of their names. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(sorted).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${sorted(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Where the traffic has to be by what is written down. */
export function settledBy(entries: readonly LedgerEntry[]): SettledLedger {
  const started = entries.findLast(({ body }) => body.type === "release.started");
  const release = started?.release ?? "none";
  const ended = entries.flatMap(({ release: of, body }) =>
    of === release && body.type === "release.ended" ? [body] : [],
  );
  const outcome = ended.at(-1)?.outcome;
  expect(outcome, `${release} has ended`).toBeDefined();
  const versions: Record<string, string> = {};
  for (const { body } of entries) {
    if (body.type === "release.ended") {
      for (const { functionName, version, previousVersion } of body.functions) {
        if (body.outcome === "live") {
          versions[functionName] = version;
        } else if (body.outcome === "put-back") {
          versions[functionName] = previousVersion;
        }
      }
    }
  }
  return { release, outcome: outcome ?? "failed", versions };
}

async function expectFunction(
  lab: Lab,
  FunctionName: string,
  { versions }: SettledLedger,
  entries: readonly LedgerEntry[],
): Promise<void> {
  const { lambda } = lab.clients;
  const alias = await lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
  expect(alias.FunctionVersion, `${FunctionName}: the version behind the alias is the ledger's`).toBe(
    versions[FunctionName],
  );
  expect(alias.RoutingConfig?.AdditionalVersionWeights ?? {}, `${FunctionName}: no weights are left`).toEqual({});
  const artifacts = new Map(
    entries.flatMap(({ body }) =>
      body.type === "release.ended"
        ? body.functions
            .filter(({ functionName }) => functionName === FunctionName)
            .map(({ version, artifactSha256 }) => [version, artifactSha256] as const)
        : [],
    ),
  );
  const artifact = artifacts.get(alias.FunctionVersion ?? "");
  if (artifact !== undefined) {
    const { CodeSha256 = "" } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName, Qualifier: alias.FunctionVersion }),
    );
    expect(Buffer.from(CodeSha256, "base64").toString("hex"), `${FunctionName}: its code is the ledger's`).toBe(
      artifact,
    );
  }
  // Publishing what is published already makes no version: two of the same would be one that nobody wrote down.
  const { Versions = [] } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  const contents = Versions.filter(({ Version }) => Version !== "$LATEST").map(
    ({ CodeSha256, Environment, MemorySize }) => `${CodeSha256} ${MemorySize} ${sorted(Environment?.Variables ?? {})}`,
  );
  expect(new Set(contents).size, `${FunctionName}: no version was published twice`).toBe(contents.length);
}

const KNOW_THE_STATE: ReadonlySet<string> = new Set([
  ...["infrastructure.apply", "infrastructure.settle", "data.adopt", "data.thaw"],
]);

/** Of the state after the last apply that is known to have ended, or as the way back has found it. */
function lastSerial(entries: readonly LedgerEntry[]): number | undefined {
  const last = entries.findLast(
    ({ body }) => body.type === "step.finished" && KNOW_THE_STATE.has(body.kind) && serialIn(body.result) !== undefined,
  );
  return last?.body.type === "step.finished" ? serialIn(last.body.result) : undefined;
}

function serialIn(result: unknown): number | undefined {
  return (result as { stateSerial?: number } | undefined)?.stateSerial;
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
}

/** Nothing works on the lab any more but local AWS and its functions. */
export async function expectNoProcesses(lab: Lab): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const all = processes();
    const own = new Set([process.pid, lab.localAws.pid, ...descendantsOf(lab.localAws.pid, all)]);
    const left = all.filter(
      ({ pid, command, isZombie }) =>
        !own.has(pid) && !isZombie && (command.includes(lab.localAws.dataDir) || command.includes(lab.repository.path)),
    );
    if (left.length === 0 || Date.now() > deadline) {
      expect(left, "no process is left").toEqual([]);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
