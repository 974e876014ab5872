import type { Command } from "./command.ts";
import { doctor } from "./commands/doctor.ts";
import { localClock } from "./commands/local-clock.ts";
import { localCoverage } from "./commands/local-coverage.ts";
import { localEnv } from "./commands/local-env.ts";
import { localFaults } from "./commands/local-faults.ts";
import { localRequests } from "./commands/local-requests.ts";
import { localReset } from "./commands/local-reset.ts";
import { localSnapshot } from "./commands/local-snapshot.ts";
import { localStart } from "./commands/local-start.ts";
import { localStatus } from "./commands/local-status.ts";
import { localStop } from "./commands/local-stop.ts";
import { rehearse } from "./commands/rehearse.ts";
import { smoke } from "./commands/smoke.ts";

/** Everything that can be typed after `slipway`. */
export const commands: readonly Command[] = [
  rehearse,
  smoke,
  doctor as Command,
  localStart,
  localStop,
  localStatus,
  localEnv,
  localReset,
  localSnapshot,
  localCoverage,
  localFaults,
  localClock,
  localRequests,
];

/** What the groups of commands are about. */
export const groups: Readonly<Record<string, string>> = {
  local: "local AWS: an embedded AWS on loopback, for rehearsals",
};
