import type { Command, CommandIo } from "../command.ts";
import {
  RELEASE_OPTIONS,
  type ReleaseOptions,
  releaseCommand,
  WAIT_OPTIONS,
  WAIVE_OPTIONS,
} from "../release/release-command.ts";

/** `slipway deploy`: takes what is checked out to an environment. */
export const deploy: Command = {
  name: "deploy",
  summary:
    "release what is checked out; exit code 0 live, 1 failed or put back, 2 wrong usage, 3 waits for people, 130 interrupted",
  arguments: [{ name: "<environment>", description: "as in slipway.config.ts" }],
  options: [
    { flags: "--plan", description: "show every step that it would take, and change nothing" },
    ...WAIT_OPTIONS,
    ...WAIVE_OPTIONS,
    ...RELEASE_OPTIONS,
  ],
  examples: [
    "slipway deploy prod --plan",
    "slipway deploy prod",
    "slipway deploy prod --local --fast-forward",
    'slipway deploy prod --waive checklist.audit --reason "CVE-2026-1234 is in a tool that is not shipped"',
  ],
  json: { documents: ["release-report"] },
  async run(options: ReleaseOptions, io: CommandIo, [name = ""]: readonly string[]): Promise<number> {
    return releaseCommand("deploy", options, io, name, async (session) => {
      const [
        { deployRelease, planDeployment },
        { plannedReport },
        { renderPlan },
        { runDeployment },
        { deployRequest },
      ] = await Promise.all([
        import("../release/deploy-release.ts"),
        import("../release/release-report.ts"),
        import("../release/render-plan.ts"),
        import("../release/run-deployment.ts"),
        import("../release/deploy-request.ts"),
      ]);
      const { open, target, reported } = session;
      const request = await deployRequest(session, options, io, name, `slipway deploy ${name}${target.flags}`);
      if (options.plan === true) {
        const { plan } = await planDeployment(open, request);
        const report = plannedReport(reported(), plan);
        if (options.output === "json") {
          return report;
        }
        io.stdout.write(renderPlan(plan, target.label, io.columns, options.verbose === true));
        io.stdout.write(`\nNothing was changed. To release it: ${report.next.goOn}\n`);
        return undefined;
      }
      return runDeployment(session, io, name, (onHeld) => deployRelease(open, { ...request, onHeld }));
    });
  },
};
