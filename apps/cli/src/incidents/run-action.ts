import { type ReleaseReport, releaseReportSchema } from "@slipway/contracts";
import { type ActionEnd, type ActionRunner, ReleaseError } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { wordsOf } from "./words-of.ts";

/** Commands that may be run for an incident: those that go back, or let go. */
const KNOWN: ReadonlySet<string> = new Set(["rollback", "unlock", "resume", "plan"]);
/** Exit codes of the commands that release. */
const [DONE, NOT_FOUND_OUT, WAITS, INTERRUPTED] = [0, 2, 3, 130];
const BUSY = /is being changed by/;
/** How a command begins to say why it has failed. */
const FAILED = "slipway: ";

/** Whether a command is one that is run for an incident; a preview is for people to look at. */
export function runsByItself(command: string): boolean {
  const [program, name = "", ...rest] = wordsOf(command);
  return program === "slipway" && KNOWN.has(name) && !rest.includes("--plan");
}

/**
 * Runs the command that was proposed, in this process, by the code that runs when it is typed: there is no second way to roll back.
 *
 * @param target where it is to be done: its flags are put after the command's own
 */
export function actionRunner(io: CommandIo, target: Pick<TargetAws, "flags">): ActionRunner {
  return {
    async run({ command }) {
      const [program, ...typed] = wordsOf(command);
      const [name = ""] = typed;
      if (program !== "slipway" || !KNOWN.has(name)) {
        throw new ReleaseError({
          kind: "usage",
          what: `Slipway does not run this by itself: ${command}`,
          why: `it runs ${[...KNOWN].map((each) => `slipway ${each}`).join(", ")} for an incident`,
          next: "type it yourself, then write down what came of it: slipway incident note",
        });
      }
      // What the target needs was said by whoever proposed it, or is said here.
      const flags = wordsOf(target.flags.trim()).filter((flag) => !typed.includes(flag));
      const said: string[] = [];
      let document = "";
      const { runCli } = await import("../run-cli.ts");
      const code = await runCli([...typed, ...flags, "--output", "json"], {
        ...io,
        isTty: false,
        stdout: { write: (text: string) => (document += text) },
        stderr: {
          write(text: string) {
            said.push(text);
            io.stderr.write(text);
          },
        },
      });
      return endOf(code, releaseReportSchema.safeParse(parsed(document)).data, said.join("").trim());
    },
  };
}

function endOf(code: number, report: ReleaseReport | undefined, said: string): ActionEnd {
  const last = lastWords(said);
  if (code === INTERRUPTED) {
    throw new ReleaseError({
      kind: "interrupted",
      what: "It was stopped",
      why: last,
      next: "type the same command again",
    });
  }
  if (code !== DONE && BUSY.test(said)) {
    throw new ReleaseError({ kind: "busy", what: last, why: "one at a time", next: "type the same command again" });
  }
  const found = report?.reason ?? (last === "" ? `it ended with ${code}` : last);
  const release = report?.release ?? undefined;
  const outcome =
    code === DONE || code === NOT_FOUND_OUT
      ? report === undefined && code !== DONE
        ? "failed"
        : "done"
      : code === WAITS
        ? "waits"
        : "failed";
  return { outcome, found, ...(release === undefined ? {} : { release }) };
}

/** What a command has said last: of a failure what it was and why; what to type next is for who has typed the command. */
function lastWords(said: string): string {
  const lines = said.split("\n");
  const failed = lines.findLastIndex((line) => line.startsWith(FAILED));
  if (failed === -1) {
    return lines.at(-1) ?? "";
  }
  const next = lines.findIndex((line, index) => index > failed && line.startsWith("  Next: "));
  return lines
    .slice(failed, next === -1 ? failed + 1 : next)
    .map((line) => line.replace(FAILED, "").replace("  Why:  ", "").trim())
    .join(" ");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
