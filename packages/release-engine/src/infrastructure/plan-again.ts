import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence } from "@slipway/contracts";
import type { StepContext } from "../release/step-handler.ts";
import { restoredVariables } from "../restore/restore-deps.ts";
import type { InfrastructureDeps } from "./infrastructure-deps.ts";

const MOST_SHOWN = 5;

/**
 * Plans once more after a rollback was applied, and throws the plan away: that it finds nothing to change is what proves that everything
 * is as the earlier commit says.
 *
 * @throws {ReleaseError} when it cannot be planned
 */
export async function planAgain(
  { terraform, target, redactor, clock, flags }: InfrastructureDeps,
  context: StepContext,
): Promise<Evidence> {
  const { environment, release } = context.plan;
  const { signal } = context;
  const onLine = (text: string) => context.line(text);
  // The name that the release's own plan has had: whatever cleans up after a killed process knows it.
  const planFile = join(target.planFolder, `${environment}-${release}.tfplan`);
  await mkdir(target.planFolder, { recursive: true, mode: 0o700 });
  try {
    const workspace = await terraform.init({ ...target.init, onLine, signal });
    const variables = { ...target.variables, ...restoredVariables(context.plan) };
    const { changed } = await workspace.plan({ planFile, variables, onLine, signal });
    const at = new Date(clock.now()).toISOString();
    const common = { check: "infrastructure.plan-clean", title: "A plan afterwards finds nothing to change", at };
    if (!changed) {
      return { ...common, status: "pass", found: "terraform plan -detailed-exitcode: exit code 0" };
    }
    const { reading } = await workspace.show({ planFile, onSecret: (secret) => redactor.learn(secret), signal });
    const places = [
      ...reading.resources.map(({ address, action, attributes }) => `${action} ${[address, ...attributes].join(" ")}`),
      ...reading.outputs.map((name) => `change output ${name}`),
    ];
    const more = places.length > MOST_SHOWN ? ` and ${places.length - MOST_SHOWN} more` : "";
    return {
      ...common,
      status: "fail",
      found: `it would still ${places.slice(0, MOST_SHOWN).join(", ")}${more}`,
      next: `find out what changes it meanwhile: slipway show ${environment} ${release}${flags} has what was applied`,
    };
  } finally {
    await rm(planFile, { force: true });
  }
}
