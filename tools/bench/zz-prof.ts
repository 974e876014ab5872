import { spawn } from "node:child_process"; import { mkdtempSync } from "node:fs";
import { deployFunctionApi } from "./support/deploy-function-api.ts"; import { SequentialGets } from "./invoke/sequential-gets.ts"; import { credentials } from "./support/local-aws-server.ts"; import { freePort } from "./support/free-port.ts";
const port = await freePort(); const dir = mkdtempSync("/tmp/zzp-");
const c = spawn(process.execPath, ["--disable-warning=ExperimentalWarning","--cpu-prof","--cpu-prof-interval","200","--cpu-prof-dir=/tmp/bench-dev/inv-prof","/tmp/bench-dev/start.ts", dir, "", String(port)], { stdio: ["ignore","pipe","inherit"] });
await new Promise(r => c.stdout.once("data", r));
const endpoint = `http://127.0.0.1:${port}`;
const g = new SequentialGets(await deployFunctionApi(new URL("./invoke/hello", import.meta.url).pathname, { region: "us-east-1", endpoint, credentials }));
for (let i=0;i<5;i++) console.log(await g.medianMs(1500));
g.close(); c.kill("SIGTERM"); setTimeout(()=>c.kill("SIGINT"),3000).unref();
