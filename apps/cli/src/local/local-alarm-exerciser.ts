import { type AlarmDrill, type AlarmExerciser, ReleaseError } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";
import type { ControlClient } from "./control-client.ts";

/** Exercises alarms of local AWS, which wakes nobody. */
export class LocalAlarmExerciser implements AlarmExerciser {
  readonly #control: ControlClient;

  constructor(control: ControlClient) {
    this.#control = control;
  }

  async exercise(name: string): Promise<AlarmDrill> {
    try {
      return await this.#control.call<AlarmDrill>("POST", "alarm-drills", { name });
    } catch (cause) {
      if (!(cause instanceof UserError)) {
        throw cause;
      }
      const failure = {
        kind: "failed",
        what: `The alarm ${name} cannot be exercised`,
        why: cause.message,
        next: "slipway local status",
      } as const;
      throw new ReleaseError(failure, { cause });
    }
  }
}
