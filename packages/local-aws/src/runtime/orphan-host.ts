// A process that hosts functions, for no-orphans.test.ts: prints a line of JSON once they all run, and stays.
import { runtimeFixture } from "./runtime-fixture.ts";

const fixture = runtimeFixture();
const busy = fixture.spec('export const handler = async () => { console.log("busy " + process.pid); while (true); }', {
  functionName: "busy",
  timeoutSeconds: 60,
});
const parent = fixture.spec(
  `import { spawn } from "node:child_process";
   export const handler = async () => {
     const child = spawn(process.execPath, ["-e", "while (true);"], { stdio: "ignore" });
     console.log("busy " + child.pid);
     while (true);
   }`,
  { functionName: "parent", timeoutSeconds: 60 },
);
const idle = fixture.spec("export const handler = async () => process.pid", { functionName: "idle" });

const { answer } = await fixture.invoke(idle);
void fixture.invoke(busy);
void fixture.invoke(busy);
void fixture.invoke(parent);
setInterval(() => {
  const busyPids = fixture.messages.flatMap((message) => /\tbusy (\d+)$/.exec(message)?.[1] ?? []);
  if (busyPids.length === 3) {
    process.stdout.write(
      `${JSON.stringify({ pids: [answer, ...busyPids.map(Number)], folder: fixture.core.store.directory })}\n`,
    );
  }
}, 50);
