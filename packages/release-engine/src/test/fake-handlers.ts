import type { MovedAlias, SmokeResult, StepResult } from "@slipway/contracts";
import { publishedFunctions } from "../canary/published-functions.ts";
import type { StepContext, StepEnd, StepHandlers } from "../release/step-handler.ts";
import { restoreHandlers } from "../restore/restore-handlers.ts";
import { fakeRestoreDeps } from "../restore/test/fake-restore.ts";
import { type FakeWorld, sha256 } from "./fake-world.ts";

const noCounts = { add: 0, change: 1, destroy: 0 };
const noEvidence = { pass: 1, fail: 0, unknown: 0, waived: 0 };
const smoke: SmokeResult = { passed: true, steps: [], cleanup: [], durationMs: 1 };

const done = <T>(summary: string, result: T) => ({ outcome: "done", summary, result }) as const;

/**
 * Handlers as the real ones are: they look, act only if needed, and look again. Who is killed in one of them leaves what it has done.
 *
 * @param options.bad ids of steps that are judged bad
 * @param options.waiting ids of steps that wait for a person
 */
export function fakeHandlers(
  world: FakeWorld,
  { bad = [], waiting = [] }: { bad?: readonly string[]; waiting?: readonly string[] } = {},
): StepHandlers {
  const judged = <T extends StepEnd>(step: StepContext["step"], end: T): T | StepEnd => {
    if (bad.includes(step.id)) {
      return { outcome: "failed", summary: `${step.id} is bad: 9 of 10 failed, and 1 may`, next: "look at it" };
    }
    return waiting.includes(step.id) ? { outcome: "paused", summary: "nobody has said yes", next: "say yes" } : end;
  };
  const published = ({ record }: StepContext) => publishedFunctions(record);
  const moveAll = async (
    context: StepContext,
    to: (each: StepResult<"code.publish">) => { version: number; weights: Record<string, number> },
    percent: number,
  ) => {
    const functions: MovedAlias[] = [];
    for (const each of published(context)) {
      const wanted = to(each);
      const { alias } = world.function(each.name);
      if (JSON.stringify(alias) !== JSON.stringify(wanted)) {
        context.assertHeld();
        await world.setAlias(each.name, wanted.version, wanted.weights);
      }
      const { functionName, previousVersion: from, version } = each;
      functions.push({ function: each.name, functionName, alias: "live", from, to: version });
    }
    return done(`${percent} %`, { percent, functions });
  };

  return {
    ...restoreHandlers(fakeRestoreDeps(world)),
    checklist: async ({ step }) => judged(step, done("1 passed", noEvidence)) as StepEnd<"checklist">,
    "infrastructure.plan": async ({ plan }) =>
      done("1 to change", {
        planDigest: sha256(`plan of ${plan.release}`),
        changed: true,
        counts: noCounts,
        stateSerial: world.state.serial,
        stateLineage: "lineage",
      }),
    "infrastructure.approve": async ({ step }) =>
      judged(step, done("0 of 0", { approvals: 0, needed: 0 })) as StepEnd<"infrastructure.approve">,
    "infrastructure.apply": async ({ plan, result, assertHeld }) => {
      const { planDigest, stateSerial } = result("infrastructure.plan");
      if (world.state.applied !== planDigest) {
        if (world.state.serial !== stateSerial) throw new Error("the state has moved");
        assertHeld();
        await world.applyPlan(planDigest, `of ${plan.rollsBack?.to ?? plan.release}`);
      }
      return done("1 changed", { counts: noCounts, changed: true, stateSerial: world.state.serial, outputs: {} });
    },
    "infrastructure.validate": async ({ step }) =>
      judged(step, done("1 passed", noEvidence)) as StepEnd<"infrastructure.validate">,
    "code.package": async ({ plan, step }) => {
      const digest = sha256(`${plan.release} ${step.function}`);
      return done("packaged", {
        sha256: digest,
        sha256Base64: Buffer.from(digest, "hex").toString("base64"),
        bytes: 1,
      });
    },
    "code.upload": async ({ step, result, assertHeld }) => {
      const { sha256: key } = result("code.package", `code.package.${step.function}`);
      if (!world.bucket.has(key)) {
        assertHeld();
        await world.upload(key);
      }
      return done("uploaded", { bucket: "artifacts", key });
    },
    "code.publish": async ({ plan: { rollsBack }, step, result, assertHeld }) => {
      const { function: name = "" } = step;
      const known = rollsBack?.functions.find((each) => each.function === name)?.artifactSha256;
      // The same code makes another version where the infrastructure has told it another table.
      const code =
        known === undefined
          ? result("code.package", `code.package.${name}`).sha256
          : `${known}${rollsBack?.restore === undefined ? "" : ` on ${rollsBack.restore.restored}`}`;
      const found = world.function(name);
      const isReleased = (version: number) =>
        found.versions[version - 1] === code && found.configurations[version - 1] === world.configuration;
      const published = { functionName: `${name}-prod`, alias: "live", previousVersion: String(found.alias.version) };
      if (isReleased(found.alias.version)) {
        return done("it is", { ...published, version: published.previousVersion, changed: false });
      }
      if (found.latest !== code) {
        assertHeld();
        await world.updateCode(name, code);
      }
      if (!isReleased(found.versions.length)) {
        assertHeld();
        await world.publish(name);
      }
      const version = String(found.versions.length);
      return done(`version ${version}`, { ...published, version, changed: true });
    },
    "code.prove": async ({ step, result }) => {
      const { version } = result("code.publish", `code.publish.${step.function}`);
      return judged(step, done("it answers", { version, smoke })) as StepEnd<"code.prove">;
    },
    "traffic.shift": (context) => {
      const { percent = 0 } = context.step;
      return moveAll(
        context,
        ({ version, previousVersion }) => ({ version: Number(previousVersion), weights: { [version]: percent / 100 } }),
        percent,
      );
    },
    "traffic.judge": async ({ step, write }) => {
      const verdict = {
        status: bad.includes(step.id) ? "failed" : "successful",
        reason: "counted",
        numbers: {},
      } as const;
      await write({ type: "verdict", step: step.id, look: 1, verdict });
      return judged(step, done("as good as before", { verdict, looks: 1 })) as StepEnd<"traffic.judge">;
    },
    "traffic.promote": (context) => moveAll(context, ({ version }) => ({ version: Number(version), weights: {} }), 100),
    "traffic.return": async ({ plan: { rollsBack }, assertHeld }) => {
      const functions = rollsBack?.functions ?? [];
      for (const { function: name, version } of functions) {
        assertHeld();
        await world.setAlias(name, Number(version), {});
      }
      return done("back", {
        percent: 100,
        functions: functions.map(({ function: name, functionName, alias, from, version: to }) => ({
          ...{ function: name, functionName, alias, from, to },
        })),
      });
    },
    "traffic.verify": async ({ step }) =>
      judged(
        step,
        done("it is there", { verdict: "pass", functions: [], bad: [], unknown: [] }),
      ) as StepEnd<"traffic.verify">,
    smoke: async ({ step }) => judged(step, done("it answers", { apiUrl: "http://api", smoke })) as StepEnd<"smoke">,
    checkpoint: async ({ step, write }) => {
      const { window = "immediate" } = step;
      const verdict = bad.includes(step.id) ? "fail" : waiting.includes(step.id) ? "unknown" : "pass";
      await write({ type: "checkpoint.judged", window, verdict, evidence: [] });
      return judged(step, done("well", { window, verdict, decidedBy: [] })) as StepEnd<"checkpoint">;
    },
    "infrastructure.settle": async () => done("serial 1", { stateSerial: 1 }),
    // No release of this world has them.
    "data.export": unknownStep,
    "data.select": unknownStep,
    "data.write-back": unknownStep,
    "traffic.restore": (context) =>
      moveAll(context, ({ previousVersion }) => ({ version: Number(previousVersion), weights: {} }), 0),
  };
}

async function unknownStep({ step }: StepContext): Promise<never> {
  throw new Error(`${step.id} is none of this world`);
}
