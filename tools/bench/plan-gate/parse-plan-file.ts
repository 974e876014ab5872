import { readFileSync } from "node:fs";

/** The other side, a process of its own: the least that anybody does who reads JSON as a whole. */
const [file = ""] = process.argv.slice(2);
const began = performance.now();
const plan: { resource_changes: { change: { actions: string[] } }[] } = JSON.parse(readFileSync(file, "utf8"));
const changes = plan.resource_changes.filter(({ change }) => !change.actions.includes("no-op")).length;
process.stdout.write(
  JSON.stringify({
    changes,
    seconds: (performance.now() - began) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
