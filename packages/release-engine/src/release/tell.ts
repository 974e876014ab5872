import type { Moment } from "@slipway/contracts";
import type { Journal } from "./journal.ts";
import type { ReleasePorts } from "./release-ports.ts";

/** Tells people what became of a release. */
export async function tell(
  { announcer }: Pick<ReleasePorts, "announcer">,
  journal: Journal,
  moment: Moment,
  words: { title: string; text: string; next?: string },
): Promise<void> {
  // Who has lost the lease tells nobody what it thinks that became of the release.
  journal.held.assertHeld();
  const { environment, release } = journal.plan;
  await announcer?.announce({ moment, environment, release, ...words }, (body) => journal.write(body));
}
