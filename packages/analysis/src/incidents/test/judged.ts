import type { IncidentMeasurements } from "../incident-measurements.ts";
import { judgeSignals } from "../judge-signals.ts";
import { config, look } from "./healthy-measurements.ts";

/** The signals of a look that is healthy, but for this. */
export const signalsOf = (rest: Partial<IncidentMeasurements>) => judgeSignals(look(rest), config);

/** Their names; in parentheses those that are set aside. */
export const idsOf = (rest: Partial<IncidentMeasurements>) =>
  signalsOf(rest).map(({ id, aside }) => (aside === undefined ? id : `(${id})`));
