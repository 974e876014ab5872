import { adoptStep } from "./adopt-step.ts";
import { discardStep } from "./discard-step.ts";
import { freezeStep } from "./freeze-step.ts";
import type { RestoreDeps, RestoreHandlers } from "./restore-deps.ts";
import { restoreStep } from "./restore-step.ts";
import { retireStep } from "./retire-step.ts";
import { settingsStep } from "./settings-step.ts";
import { thawStep } from "./thaw-step.ts";
import { verifyStep } from "./verify-step.ts";

/** The steps that restore a table, and let it take the place of the one that it was restored from. */
export function restoreHandlers(deps: RestoreDeps): RestoreHandlers {
  return {
    "data.freeze": freezeStep(deps),
    "data.restore": restoreStep(deps),
    "data.verify": verifyStep(deps),
    "data.settings": settingsStep(deps),
    "data.adopt": adoptStep(deps),
    "data.retire": retireStep(deps),
    "data.discard": discardStep(deps),
    "data.thaw": thawStep(deps),
  };
}
