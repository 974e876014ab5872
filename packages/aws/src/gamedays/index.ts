export { corruptItems } from "./corrupt-items.ts";
export { deleteAlarm } from "./delete-alarm.ts";
export { revokePermission } from "./revoke-permission.ts";
export { throttleStage } from "./throttle-stage.ts";
