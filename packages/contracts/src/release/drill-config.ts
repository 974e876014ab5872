import * as z from "zod";
import { strictObject } from "../strict-object.ts";

export const drillConfigSchema = strictObject({
  install: z
    .array(z.string().min(1))
    .min(1)
    .default(["npm", "ci", "--prefer-offline"])
    .describe(
      'What installs the dependencies of the release that is gone back to, in a git worktree of its commit: program and arguments; no shell reads them. `["true"]` where nothing has to be installed.',
    ),
});
