/** What is measured, ours first; the document client alone answers one read and is no API. */
export const sideNames = ["ours", "documentClient", "powertools", "hono", "express"] as const;

/** One of the bundles. */
export type SideName = (typeof sideNames)[number];

/** The APIs that ours is held against. */
export const equivalentNames = ["powertools", "hono", "express"] as const satisfies readonly SideName[];

/** One of the APIs that ours is held against. */
export type EquivalentName = (typeof equivalentNames)[number];

/** Everything that answers the whole API. */
export const apiNames = ["ours", ...equivalentNames] as const;

/** Ours or one of its equivalents. */
export type ApiName = (typeof apiNames)[number];

/** What the report calls them. */
export const titles: Readonly<Record<SideName, string>> = {
  ours: "ours",
  documentClient: "SDK client",
  powertools: "Powertools",
  hono: "Hono",
  express: "Express",
};
