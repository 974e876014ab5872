import { checklist } from "./checklist.ts";
import { deployment } from "./deployment.ts";
import { incident } from "./incident.ts";
import { introduction } from "./introduction.ts";
import { monitoring } from "./monitoring.ts";
import { rollback } from "./rollback.ts";
import { validation } from "./validation.ts";
import type { WalkedPage } from "./walked-command.ts";

/** The guide in the order in which it is read. */
export const pages: readonly WalkedPage[] = [
  introduction,
  checklist,
  deployment,
  validation,
  rollback,
  incident,
  monitoring,
];
