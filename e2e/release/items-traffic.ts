import type { LiveTraffic } from "./live-traffic.ts";
import { trafficOf } from "./live-traffic.ts";

interface Item {
  readonly id: string;
}

/**
 * Sends requests to the items API as its users would: an item's whole life, again and again. With pauses, so that the machine is not full:
 * where it is, a new version's first calls are slow for a reason that is not the version's, and a canary says so.
 */
export function itemsTraffic(apiUrl: string, users = { clients: 6, pauseMs: 60 }): LiveTraffic {
  return trafficOf(apiUrl, users, async (ask) => {
    const body = { name: "a boat", status: "active" };
    const item = (await ask("POST", "/items", 201, body)) as Item | undefined;
    await ask("GET", "/items?limit=5", 200);
    if (item === undefined) {
      return;
    }
    await ask("GET", `/items/${item.id}`, 200);
    await ask("PATCH", `/items/${item.id}`, 200, { description: "in the water" }, { "If-Match": "*" });
    await ask("DELETE", `/items/${item.id}`, 204, undefined, { "If-Match": "*" });
    await ask("GET", `/items/${item.id}`, 404);
  });
}
