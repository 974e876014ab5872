import { withCleanup } from "./support/cleanup.ts";
import { startLocalAws } from "./support/local-aws-server.ts";
import { TerraformAlone } from "./job/terraform-alone.ts";
const signal = new AbortController().signal;
await withCleanup(async (cleanup) => {
  const l = await startLocalAws(await cleanup.temporaryFolder("x"), cleanup, signal);
  const t = await TerraformAlone.prepare(await cleanup.temporaryFolder("y"), l.endpoint, signal);
  const r = await t.apply();
  console.log(r, "local aws cpu", await l.process.cpuMs());
});
