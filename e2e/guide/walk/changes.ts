import { type Change, waiver } from "./team.ts";

/** What goes to production by the guide: a limit of the gateway, and a right of the function, which somebody has to accept. */
export const INFRASTRUCTURE: Change = {
  "CHANGELOG.md": [
    [
      "### Added\n\n",
      "### Added\n\n- The items API takes bursts of 1,200 requests, and may read several items at once.\n",
    ],
  ],
  "infrastructure/environments/prod/main.tf": [["throttling_burst_limit = 1000", "throttling_burst_limit = 1200"]],
  "infrastructure/modules/items_service/main.tf": [
    [
      '["GetItem", "PutItem", "UpdateItem", "DeleteItem"]',
      '["BatchGetItem", "GetItem", "PutItem", "UpdateItem", "DeleteItem"]',
    ],
  ],
};

/** Then the code. */
export const CODE: Change = {
  // A way back is rehearsed for the files of one release; chapter 1 has done so for the one before.
  "slipway.config.ts": [
    [
      "  waivers: [\n",
      `  waivers: [\n${waiver("checklist.recovery-tested", "only code changes, and its way back is the alias")}`,
    ],
  ],
  "CHANGELOG.md": [["### Added\n\n", "### Added\n\n- `GET /health` is nobody's referrer.\n"]],
  "apps/api-handler/src/operations/get-health.ts": [
    [
      '({ status: 200, body: { status: "ok" } })',
      '({\n  status: 200,\n  headers: { "referrer-policy": "no-referrer" },\n  body: { status: "ok" },\n})',
    ],
  ],
};
