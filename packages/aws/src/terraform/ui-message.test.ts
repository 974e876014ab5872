import { describe, expect, it } from "vitest";
import { parseUiMessage } from "./ui-message.ts";

const message = (fields: object) => JSON.stringify({ "@level": "info", "@module": "terraform.ui", ...fields });

describe("parseUiMessage", () => {
  it("shortens a line for people", () => {
    const line = message({ type: "apply_complete", "@message": "aws_x.y: Creation complete after 3s [id=secret-ish]" });

    expect(parseUiMessage(line)).toEqual({ type: "line", planned: false, text: "aws_x.y: Creation complete after 3s" });
  });

  it("leaves out reads, drift of no consequence, and what a provisioner prints", () => {
    const reads = message({
      type: "apply_complete",
      "@message": "data.x.y: Refresh complete",
      hook: { action: "read" },
    });
    const drift = message({
      type: "resource_drift",
      "@message": "x.y: Drift detected (update)",
      change: { action: "update" },
    });
    const gone = message({
      type: "resource_drift",
      "@message": "x.y: Drift detected (delete)",
      change: { action: "delete" },
    });
    const printed = message({ type: "provision_progress", "@message": "x.y: (local-exec): password" });

    expect([reads, drift, printed].map((line) => parseUiMessage(line).type)).toEqual(["other", "other", "other"]);
    expect(parseUiMessage(gone)).toMatchObject({ type: "line", planned: true });
  });

  it("counts what a plan removes as destroyed", () => {
    const changes = { add: 1, change: 2, import: 0, remove: 3, operation: "plan" };

    expect(parseUiMessage(message({ type: "change_summary", "@message": "Plan", changes }))).toEqual({
      type: "summary",
      operation: "plan",
      counts: { add: 1, change: 2, destroy: 3 },
    });
  });

  it.each(["panic: runtime error", "{ not json", ""])("keeps what is no message: %j", (line) => {
    expect(parseUiMessage(line)).toEqual({ type: "text", text: line });
  });
});
