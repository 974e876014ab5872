export { describeProblems } from "./describe-problems.ts";
export { type Json, jsonSchema } from "./json.ts";
export { PLACEHOLDER, placeholdersIn } from "./placeholders.ts";
export {
  type ChangeCounts,
  changeCountsSchema,
  type RehearsalReport,
  rehearsalReportSchema,
} from "./rehearsal-report.ts";
export {
  defineConfig,
  type EnvironmentConfig,
  type FunctionConfig,
  parseConfig,
  type SlipwayConfig,
  slipwayConfigSchema,
} from "./slipway-config.ts";
export { type SmokeResult, type SmokeStepResult, smokeResultSchema } from "./smoke-result.ts";
export {
  type SmokeMethod,
  type SmokeScenario,
  type SmokeScenarioInput,
  type SmokeStep,
  smokeScenarioSchema,
} from "./smoke-scenario.ts";
