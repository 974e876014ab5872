export { ManualClock } from "./manual-clock.ts";
export { RecordingProgress } from "./recording-progress.ts";
export { StepBench } from "./step-bench.ts";
export { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";
