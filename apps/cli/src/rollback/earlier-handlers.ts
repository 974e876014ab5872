import type { ReleasePlan, StepKind } from "@slipway/contracts";
import type { StepHandler, StepHandlers } from "@slipway/release-engine";

/** What works with the files, or the names, of the infrastructure that a rollback goes back to. */
const OF_EARLIER = [
  "infrastructure.plan",
  "infrastructure.approve",
  "infrastructure.apply",
  "infrastructure.validate",
  "infrastructure.settle",
  "code.publish",
  "code.prove",
  "traffic.verify",
  "smoke",
] as const satisfies readonly StepKind[];

type OfEarlier = Pick<StepHandlers, (typeof OF_EARLIER)[number]>;

/**
 * Handlers that take the steps of a rollback of the infrastructure with the files of the release that it goes to, and every other step as
 * usual. Those files are brought when the first step asks for them; where that fails, it is tried again the next time.
 *
 * @param open makes the handlers for such a rollback
 */
export function earlierHandlers(usual: StepHandlers, open: (plan: ReleasePlan) => Promise<OfEarlier>): StepHandlers {
  const opened = new Map<string, Promise<OfEarlier>>();
  const handlersOf = (plan: ReleasePlan) => {
    const made = opened.get(plan.release) ?? open(plan);
    opened.set(plan.release, made);
    made.catch(() => opened.delete(plan.release));
    return made;
  };
  const entries = OF_EARLIER.map((kind) => {
    const handler: StepHandler<StepKind> = async (context) => {
      const isEarlier = context.plan.rollsBack?.parts.includes("infrastructure") === true;
      const handlers = isEarlier ? await handlersOf(context.plan) : usual;
      return await (handlers[kind] as StepHandler<StepKind>)(context);
    };
    return [kind, handler];
  });
  return { ...usual, ...Object.fromEntries(entries) };
}
