import { expect, test } from "vitest";
import { runToEnd } from "./run-to-end.ts";

const options = { cwd: import.meta.dirname, env: process.env, signal: new AbortController().signal };

test("gives what a program printed, and how long it took", async () => {
  const ran = await runToEnd(process.execPath, ["-e", "setTimeout(() => console.log('done'), 50)"], options);

  expect(ran.stdout).toBe("done\n");
  expect(ran.seconds).toBeGreaterThan(0.05);
});

test("any exit code but 0 is an error with what the program said", async () => {
  const failed = runToEnd(process.execPath, ["-e", "console.error('no such plan'); process.exit(2)"], options);

  await expect(failed).rejects.toThrow(/ended with 2:\nno such plan/);
});

test("a program that is not there is named", async () => {
  await expect(runToEnd("/nowhere/terraform", [], options)).rejects.toThrow("/nowhere/terraform could not be started");
});

test("an interrupt reaches the program, and is waited for", async () => {
  const stop = new AbortController();
  const program = "process.on('SIGINT', () => setTimeout(() => process.exit(0), 50)); setInterval(() => {}, 1000);";
  const running = runToEnd(process.execPath, ["-e", program], { ...options, signal: stop.signal });
  setTimeout(() => stop.abort(new Error("Stopped by SIGINT.")), 200);

  await expect(running).rejects.toThrow("Stopped by SIGINT.");
});
