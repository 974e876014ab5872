import type { Diagnostic } from "./ui-message.ts";

/**
 * Shows one of Terraform's diagnostics in full:
 *
 *     Error: Unsupported argument
 *       on main.tf line 3, in resource "aws_s3_bucket" "logs":
 *         3:   buket = "logs"
 *     An argument named "buket" is not expected here.
 */
export function renderDiagnostic(diagnostic: Diagnostic): string {
  const { severity, summary, detail = "", address, range, snippet } = diagnostic;
  const lines = [`${severity === "error" ? "Error" : "Warning"}: ${summary}`];
  if (range !== undefined) {
    const context = snippet?.context ? `, in ${snippet.context}` : "";
    lines.push(`  on ${range.filename} line ${range.start.line}${context}:`);
  }
  if (snippet !== undefined) {
    lines.push(...snippet.code.split("\n").map((code, index) => `    ${snippet.start_line + index}: ${code}`));
    lines.push(...(snippet.values ?? []).map(({ traversal, statement }) => `    ${traversal} ${statement}`));
  }
  if (address !== undefined && address !== "") {
    lines.push(`  with ${address}`);
  }
  if (detail !== "") {
    lines.push(detail);
  }
  return lines.join("\n");
}
