import { portOf } from "../local/local-instance.ts";
import type { MachineCheck } from "../setup/machine-checks.ts";
import { repositoryRoot } from "../setup/repository-root.ts";

interface DoctorOptions {
  output: "text" | "json";
}

interface DoctorIo {
  stdout: { write(text: string): unknown };
  env: NodeJS.ProcessEnv;
}

/** `slipway doctor`: what set-up needs and what is there, without changing anything. */
export const doctor = {
  name: "doctor",
  summary: "show what Slipway needs on this machine, what is there, and what to type where it is not",
  options: [
    {
      flags: "--output <format>",
      description: "text or json",
      choices: ["text", "json"],
      default: "text",
    },
  ],
  json: { documents: ["doctor-report"] },
  /** @returns 0, or 1 when something is missing that `npm start` needs */
  async run({ output }: DoctorOptions, { stdout, env }: DoctorIo): Promise<number> {
    const { checkMachine } = await import("../setup/machine-checks.ts");
    const checks = await checkMachine({ root: repositoryRoot, env, port: portOf({}, env) });
    const isReady = checks.every(({ status }) => status !== "missing");
    stdout.write(output === "json" ? `${JSON.stringify({ version: 1, ok: isReady, checks })}\n` : render(checks));
    return isReady ? 0 : 1;
  },
} as const;

function render(checks: readonly MachineCheck[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines: string[] = [];
  for (const { name, status, found, next } of checks) {
    lines.push(`${status.padEnd(7)}  ${name.padEnd(width)}  ${found}`);
    if (next !== "") {
      lines.push(`${" ".repeat(7 + 2 + width + 2)}next: ${next}`);
    }
  }
  const count = (wanted: MachineCheck["status"]) => checks.filter(({ status }) => status === wanted).length;
  lines.push("", `${count("ok")} ok, ${count("warn")} to know about, ${count("missing")} missing`);
  return `${lines.join("\n")}\n`;
}
