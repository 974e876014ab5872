import { type RehearsalReport, rehearsalReportSchema } from "@slipway/contracts";
import { type Progress, ReleaseError, runPhase, systemClock } from "@slipway/release-engine";
import { type TypingPlace, typeSlipway } from "./type-slipway.ts";

/** What is released, and how people read of it. */
export interface RehearsalPhase {
  readonly environment: string;
  readonly progress: Progress;
  readonly phase: string;
  readonly title: string;
}

/**
 * Releases files on a local AWS of its own, as `slipway rehearse` does, with the real configuration and the real Terraform.
 *
 * @throws ReleaseError when it did not come to its end; `interrupted` when asked to stop
 */
export async function typeRehearsal(
  place: TypingPlace,
  { environment, progress, phase, title }: RehearsalPhase,
): Promise<RehearsalReport> {
  const { value } = await runPhase({ clock: systemClock, progress }, { phase, title }, async (line) => {
    const ran = await typeSlipway(place, ["rehearse", environment, "--once"], line);
    const { data } = rehearsalReportSchema.safeParse(ran.document);
    if (ran.code !== 0 || data === undefined) {
      throw new ReleaseError({
        ...{ kind: "failed", what: `${ran.command} ended with ${ran.code}`, why: ran.said || "it said nothing" },
        next: `slipway rehearse ${environment}`,
      });
    }
    return { value: data, summary: `${data.release?.id ?? "it"} is live` };
  });
  return value;
}
