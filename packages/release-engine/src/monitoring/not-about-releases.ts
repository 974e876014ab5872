import { matchesGlob } from "@slipway/analysis";
import type { ValidationConfig } from "@slipway/contracts";

/** What is said of an alarm that rings, and is none of a release's making. */
export const NO_RELEASE_TO_BLAME = "no release is to blame for it (validation.alarmsNotAboutReleases)";

/** Whether an alarm rings for what no release is to blame for, by the configuration. */
export function isNotAboutReleases(
  name: string,
  { alarmsNotAboutReleases }: Pick<ValidationConfig, "alarmsNotAboutReleases">,
): boolean {
  return alarmsNotAboutReleases.some((glob) => matchesGlob(glob, name));
}
