import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tools/longest-first.ts";
import { SummaryReporter } from "./tools/summary-reporter.ts";

// Soak tests (*.soak.test.ts) run for minutes: only `npm run test:soak` runs them, and nothing else.
const isSoak = process.env.SLIPWAY_SOAK === "1";
const suffix = isSoak ? "soak.test" : "test";
const exclude = ["**/node_modules/**", "**/dist/**", "**/.slipway/**", ...(isSoak ? [] : ["**/*.soak.test.ts"])];

export default defineConfig({
  test: {
    // Processes, because several tests change the environment or are about signals.
    pool: "forks",
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // Whole jobs leave a core idle for a quarter of their time, while the AWS provider waits for AWS: three at a time fill two.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", new SummaryReporter()],
    // All limits of time are there for what hangs, and far from what anything takes: a machine that is shared with others is slow for a while.
    expect: { poll: { timeout: 30_000 } },
    // The tests are the same for everyone: no credentials, roles, region or profile of the developer's own, or of the job's, gets in.
    env: {
      ...{ AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
      SLIPWAY_ROLE_ARNS: "",
      // What any command prints with --output json has to be as the schema says that the command declares.
      SLIPWAY_CHECK_DOCUMENTS: "1",
    },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // One process for many files, which clean up after themselves: loading the SDK's modules anew for each took half the time.
          isolate: false,
          include: ["apps", "packages", "data", "tools", "scripts"].map((folder) => `${folder}/**/*.${suffix}.ts`),
          exclude,
          testTimeout: isSoak ? 30 * 60_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          // Whole jobs with the real Terraform and the AWS CLI.
          name: "e2e",
          include: [`e2e/**/*.${suffix}.ts`],
          exclude,
          testTimeout: isSoak ? 60 * 60_000 : 20 * 60_000,
          hookTimeout: 20 * 60_000,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["apps/*/src/**/*.ts", "packages/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.d.ts", "**/fixtures/**", "**/src/test/**"],
      reporter: ["text-summary", "html", "json-summary"],
      reportsDirectory: "coverage",
      // The requirement; the guide's own floor is 80. What runs in processes of their own (whole jobs, functions) does not count.
      thresholds: { lines: 90 },
    },
  },
});
