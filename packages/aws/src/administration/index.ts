export { createIamClient } from "./create-iam-client.ts";
export { ensureRole } from "./ensure-role.ts";
