export { ManualClock } from "./manual-clock.ts";
export { RecordingProgress } from "./recording-progress.ts";
export { type TemporaryFolder, temporaryFolder } from "./temporary-folder.ts";
