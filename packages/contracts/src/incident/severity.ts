import * as z from "zod";

/**
 * How bad an incident is, by the guide's definitions: 1 critical (outage, data loss or corruption, security breach), 2 high (partial
 * degradation, more than 5 % errors, performance issues), 3 medium (minor issues, 1 to 5 % errors, slow answers), 4 low.
 */
export const severitySchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);

export type Severity = z.output<typeof severitySchema>;

export const severities: readonly Severity[] = [1, 2, 3, 4];

/** What people call it: the words of the guide. */
export const severityNames: Readonly<Record<Severity, string>> = { 1: "critical", 2: "high", 3: "medium", 4: "low" };
