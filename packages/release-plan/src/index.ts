export { planRelease, type ReleaseFacts, type ReleasePolicy } from "./plan-release.ts";
