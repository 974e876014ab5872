import { type AlarmDrill, type AlarmExerciser, ReleaseError } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";
import type { ControlClient } from "./control-client.ts";

/** Exercises alarms of local AWS, where nobody is woken by it: over its control interface. */
export class LocalAlarmExerciser implements AlarmExerciser {
  readonly #client: Pick<ControlClient, "call">;

  constructor(client: Pick<ControlClient, "call">) {
    this.#client = client;
  }

  async exercise(name: string, signal?: AbortSignal): Promise<AlarmDrill> {
    signal?.throwIfAborted();
    try {
      return await this.#client.call<AlarmDrill>("POST", "alarm-drills", { name });
    } catch (error) {
      if (error instanceof UserError) {
        throw new ReleaseError(
          {
            // Local AWS that does not answer has a cause; what it refuses is a sentence of its own.
            kind: error.cause === undefined ? "failed" : "unreachable",
            what: `The alarm ${name} could not be exercised`,
            why: error.message,
            next: "Look at the alarms that are there: aws cloudwatch describe-alarms, after eval $(slipway local env)",
          },
          { cause: error },
        );
      }
      throw error;
    }
  }
}
