import { expect, it } from "vitest";
import { renderHistory } from "./render-history.ts";

it("tells what was done where nothing was released yet, and that there is more of it", () => {
  const body = { type: "state.backed-up", name: "by-hand", serial: 7, lineage: "l", sha256: "a".repeat(64) } as const;
  const what = "Terraform state copied: by-hand\u001b[2J (serial 7)";
  const by = "Jane Doe <jane@example.com>";
  const operations = [{ sequence: 4, at: "2026-11-28T09:15:00.000Z", by, what, body }];
  const history = { environment: "prod", target: "AWS", flags: "", releases: [], operations, isCut: true };

  const text = renderHistory(history, 80);

  expect(text.split("\n")).toEqual([
    ...["prod on AWS has no releases yet.", "", "Beside releases", ""],
    ...[expect.stringMatching(/^2026-11-28T09:15Z Terraform state copied: by-hand.* \(serial 7\) \(Jane Doe\)$/), ""],
    ...["Older ones: --limit N.", ""],
  ]);
  expect(text).not.toContain("\u001b");
});
