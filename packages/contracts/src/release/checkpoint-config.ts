import * as z from "zod";
import { strictObject } from "../strict-object.ts";

export const checkpointConfigSchema = strictObject({
  rollBackOn: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "Ids of the checks of a validation that put a release back when they fail. Those that say something about the release; what has other reasons, such as costs and findings, is for people.",
    )
    .meta({ examples: [["error-rate", "validation.short.response-time"]] }),
  tryAgainForSeconds: z
    .int()
    .nonnegative()
    .default(600)
    .describe(
      "How long a checkpoint that could not be judged is tried again before it waits for a person, in seconds.",
    ),
});

export type CheckpointConfig = z.output<typeof checkpointConfigSchema>;
