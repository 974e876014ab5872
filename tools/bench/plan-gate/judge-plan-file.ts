import { createReadStream } from "node:fs";
import { PlanReader } from "@slipway/analysis";
import { createRedactor, summarisePlan } from "@slipway/release-engine";

/** Our side, a process of its own: everything that a release does with a plan's JSON, from its first byte to the summary. */
const [file = ""] = process.argv.slice(2);
const began = performance.now();
const redactor = createRedactor();
const reader = new PlanReader((secret) => redactor.learn(secret));
for await (const chunk of createReadStream(file, { highWaterMark: 64 * 1024 })) {
  reader.write(chunk);
}
const reading = reader.end();
const shown = {
  ...{ digest: "0".repeat(64), state: { serial: 1, lineage: "bench" }, reading },
  ground: { terraform: "1.11.4", providers: [], providerBlocks: [], backend: { type: "s3", settings: {} } },
};
// Thousands of findings would stop such a plan, and nobody approves those by name: they are accepted, as in a repository that has them.
const stopping = [
  "plan.delete-stateful",
  "plan.replace-stateful",
  "plan.alias-moved",
  "plan.code-replaced",
  "plan.iam-widened",
];
const summary = redactor.json(
  summarisePlan(shown, {
    ...{ environment: "prod", release: "r1", source: { commit: null, tree: null, dirty: false }, now: Date.now() },
    ...{ changed: true, counts: { add: 0, change: 0, destroy: 0 }, before: undefined },
    target: {
      ...{ root: "environments/prod", isProtected: true },
      policy: {
        ...{ requiredTags: ["Project", "Environment"], next: {} },
        accepted: [...stopping, "iam.wildcard-resource", "iam.escalation"].map((finding) => ({
          ...{ finding: finding as "plan.alias-moved", address: "module.*", reason: "of a benchmark" },
        })),
      },
    },
  }),
);
process.stdout.write(
  JSON.stringify({
    changes: summary.resources.length + summary.omitted,
    seconds: (performance.now() - began) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
