import type { ValidationWindow } from "@slipway/contracts";

/** How long after all of the traffic went to a release its windows end: the guide's "Post-Deployment Validation". */
export const windowSeconds: Readonly<Record<ValidationWindow, number>> = {
  immediate: 5 * 60,
  short: 60 * 60,
  extended: 24 * 60 * 60,
};
