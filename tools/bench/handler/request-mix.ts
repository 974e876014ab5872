import { itemId } from "./canned-items.ts";
import type { ApiCall } from "./make-event.ts";

/** A request, and the status that it must be answered with. */
export interface ExpectedCall extends ApiCall {
  readonly status: number;
}

const content = {
  name: "Garden chair",
  description: "A folding chair of oiled ash, with brass hinges.",
  status: "active",
  attributes: { colour: "green", weightKg: 4.5, foldable: true },
};

/** Ten requests: four reads, two lists of 20, two creations, a replacement and a deletion on condition of the version. */
const cycle: readonly ((number: number) => ExpectedCall)[] = [
  read,
  list,
  create,
  read,
  (number) => ({ ...onItem("PUT", number), body: { ...content, name: `chair ${number}` }, status: 200 }),
  read,
  list,
  create,
  read,
  (number) => ({ ...onItem("DELETE", number), status: 204 }),
];

/** The requests of a measurement: reads, lists of 20, creations, conditional replacements and deletions, 4 : 2 : 2 : 1 : 1. */
export function requestMix(count: number): ExpectedCall[] {
  return Array.from({ length: count }, (_, number) => (cycle[number % cycle.length] ?? read)(number));
}

function read(number: number): ExpectedCall {
  return { method: "GET", path: `/items/${itemId(number)}`, status: 200 };
}

function list(): ExpectedCall {
  return { method: "GET", path: "/items", query: { status: "active", limit: "20" }, status: 200 };
}

function create(number: number): ExpectedCall {
  return { method: "POST", path: "/items", body: { ...content, name: `chair ${number}` }, status: 201 };
}

function onItem(method: string, number: number) {
  return { method, path: `/items/${itemId(number)}`, headers: { "If-Match": '"1"' } };
}
