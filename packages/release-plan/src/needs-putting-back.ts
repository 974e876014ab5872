import type { ReleaseProgress } from "./release-progress.ts";

/** Whether a step was judged to be bad, or putting back has begun: from then on a release only goes back. */
export function needsPuttingBack({ puttingBack, steps }: ReleaseProgress): boolean {
  return (
    puttingBack !== undefined ||
    [...steps.values()].some(
      ({ kind, state }) =>
        kind === "traffic.restore" || kind === "data.thaw" || kind === "infrastructure.settle" || state === "failed",
    )
  );
}
