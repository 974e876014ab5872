// `gh api` of a runner, as far as workflows use it: against the API that GITHUB_API_URL names, since the real one insists on TLS.
// Whatever else it is given is an error, as it is for the real one.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { GITHUB_API_URL = "https://api.github.com", GH_TOKEN } = process.env;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    field: { type: "string", multiple: true, default: [] },
    jq: { type: "string" },
    method: { type: "string" },
    paginate: { type: "boolean", default: false },
    silent: { type: "boolean", default: false },
  },
});
const [command, path, ...others] = positionals;
if (command !== "api" || path === undefined || others.length > 0) {
  throw new Error(`gh ${positionals.join(" ")}: only gh api PATH is played`);
}
if (GH_TOKEN === undefined || GH_TOKEN === "") {
  throw new Error("gh: To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable.");
}
const fields = values.field.map((field) => {
  const [name, ...rest] = field.split("=");
  const value = rest.join("=");
  return [name, value.startsWith("@") ? readFileSync(value.slice(1), "utf8") : value];
});
const method = values.method ?? (fields.length > 0 ? "POST" : "GET");

for (let page = 1, more = true; more; page += 1) {
  const url = new URL(`${GITHUB_API_URL}/${path}`);
  if (values.paginate) {
    url.searchParams.set("per_page", "100");
    url.searchParams.set("page", String(page));
  }
  const response = await fetch(url, {
    method,
    headers: { authorization: `token ${GH_TOKEN}`, accept: "application/vnd.github+json" },
    ...(fields.length > 0 && { body: JSON.stringify(Object.fromEntries(fields)) }),
  });
  const text = await response.text();
  if (!response.ok) {
    process.stderr.write(`gh: ${text} (HTTP ${response.status})\n`);
    process.exit(1);
  }
  more = values.paginate && JSON.parse(text).length === 100;
  if (!values.silent) {
    process.stdout.write(values.jq === undefined ? text : jq(values.jq, text));
  }
}

/** @param {string} filter @param {string} input */
function jq(filter, input) {
  const { status, stdout, stderr } = spawnSync("jq", ["-r", filter], { input, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`jq: ${stderr}`);
  }
  return stdout;
}
