export { SnsNotifier } from "./sns-notifier.ts";
export { WebhookNotifier } from "./webhook-notifier.ts";
