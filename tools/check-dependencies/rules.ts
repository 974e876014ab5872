/** What one workspace may import, by the rule of the architecture: downwards only, never sideways. */
export interface WorkspaceRule {
  /** Workspaces of ours that its source may import. */
  imports: readonly string[];
  /** Whether its source may use the AWS SDK. */
  awsSdk: boolean;
}

const contracts = "@slipway/contracts";
const releasePlan = "@slipway/release-plan";
const analysis = "@slipway/analysis";
const releaseEngine = "@slipway/release-engine";
const aws = "@slipway/aws";
const localAws = "@slipway/local-aws";
const testing = "@slipway/testing";
/** Whole jobs; benchmarks time some of them. */
const e2e = "@slipway/e2e";

const belowEngine = [contracts, releasePlan, analysis];
const belowAws = [...belowEngine, releaseEngine];

/**
 * apps -> aws -> release-engine -> release-plan, analysis -> contracts. Local AWS stands alone: the command line starts
 * it, everything else reaches it by its URL.
 */
export const workspaceRules: Readonly<Record<string, WorkspaceRule>> = {
  [contracts]: { imports: [], awsSdk: false },
  [releasePlan]: { imports: [contracts], awsSdk: false },
  [analysis]: { imports: [contracts], awsSdk: false },
  [releaseEngine]: { imports: belowEngine, awsSdk: false },
  [aws]: { imports: belowAws, awsSdk: true },
  [localAws]: { imports: [contracts], awsSdk: true },
  [testing]: { imports: belowAws, awsSdk: false },
  "@slipway/api-handler": { imports: belowEngine, awsSdk: true },
  "@slipway/authorizer": { imports: [], awsSdk: false },
  slipway: { imports: [...belowAws, aws, localAws], awsSdk: false },
  [e2e]: { imports: [...belowAws, aws, localAws, testing], awsSdk: true },
};

/** Tools and the tests of any workspace: outside of the layers, but still through the front door, and never an app. */
export const outsideRule: WorkspaceRule = { imports: [...belowAws, aws, localAws, testing, e2e], awsSdk: true };

/** The workspace that only tests may import. */
export const testingWorkspace = testing;

/**
 * Relative imports that may leave their workspace, each with its reason.
 */
export const doors: readonly { workspace: string; to: string; reason: string }[] = [
  {
    workspace: "slipway",
    to: "scripts/setup/",
    reason: "doctor shows what set-up checks, and set-up must run before any workspace can be resolved",
  },
];
