import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What tells one metric from another. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric as `ListMetrics` shows it. */
export interface ListedSeries extends MetricIdentity {
  readonly id: number;
}

/** What series to list; dimensions without a value match any. */
export interface SeriesFilter {
  readonly namespace?: string;
  readonly name?: string;
  readonly dimensions: readonly { readonly name: string; readonly value?: string }[];
  /** Milliseconds since the epoch: series with data since then. */
  readonly seenSince: number;
  readonly afterId: number;
}

interface Known {
  readonly id: number;
  seenAt: number;
}

const MAX_CACHED = 50_000;
/** How exactly the time of a series' last data is kept. */
const SEEN_STEP_MS = 60_000;

/** The table of metrics: each combination of namespace, name and dimensions is a series of its own. */
export class SeriesTable {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #list: StatementSync;
  readonly #update: StatementSync;
  readonly #known = new Map<string, Known>();
  readonly #seen = new Set<Known>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(
      `CREATE TABLE IF NOT EXISTS monitoring_series (
         id INTEGER PRIMARY KEY AUTOINCREMENT, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,
         seen INTEGER NOT NULL, UNIQUE (namespace, name, dimensions)
       );`,
    );
    this.#find = database.prepare(
      "SELECT id, seen FROM monitoring_series WHERE namespace = ? AND name = ? AND dimensions = ?",
    );
    this.#insert = database.prepare(
      "INSERT INTO monitoring_series (namespace, name, dimensions, seen) VALUES (?, ?, ?, ?)",
    );
    this.#list = database.prepare(
      `SELECT id, namespace, name, dimensions FROM monitoring_series
       WHERE id > ? AND seen >= ? AND (? IS NULL OR namespace = ?) AND (? IS NULL OR name = ?) ORDER BY id`,
    );
    this.#update = database.prepare("UPDATE monitoring_series SET seen = ? WHERE id = ?");
  }

  /** The id of a series that has data now; made where new. */
  seen(metric: MetricIdentity, now: number): number {
    const known = this.#lookUp(metric) ?? this.#create(metric, now);
    if (now - known.seenAt >= SEEN_STEP_MS) {
      known.seenAt = now;
      this.#seen.add(known);
    }
    return known.id;
  }

  /** The id of a series, or `undefined` when it never had data. */
  find(metric: MetricIdentity): number | undefined {
    return this.#lookUp(metric)?.id;
  }

  /** Writes when series were last seen. */
  flush(): void {
    for (const { id, seenAt } of this.#seen) {
      this.#update.run(Math.floor(seenAt), id);
    }
    this.#seen.clear();
  }

  /** Series in the order of their ids. */
  list({ namespace, name, dimensions, seenSince, afterId }: SeriesFilter, limit: number): ListedSeries[] {
    this.flush();
    const found: ListedSeries[] = [];
    // Row by row: a page does not read what is left to the pages after it.
    const rows = this.#list.iterate(
      ...[afterId, Math.floor(seenSince)],
      ...[namespace ?? null, namespace ?? null],
      ...[name ?? null, name ?? null],
    ) as Iterable<unknown> as Iterable<{ id: number; namespace: string; name: string; dimensions: string }>;
    for (const row of rows) {
      const own = JSON.parse(row.dimensions) as [string, string][];
      const fits = dimensions.every((wanted) =>
        own.some(([key, value]) => key === wanted.name && (wanted.value === undefined || wanted.value === value)),
      );
      if (fits) {
        found.push({ ...row, dimensions: Object.fromEntries(own) });
        if (found.length >= limit) {
          break;
        }
      }
    }
    return found;
  }

  /** Forgets series of which no point is left. */
  deleteEmpty(): void {
    this.#database.exec(
      "DELETE FROM monitoring_series WHERE NOT EXISTS (SELECT 1 FROM monitoring_points WHERE series = monitoring_series.id)",
    );
    this.forget();
  }

  /** Drops what is remembered, after a transaction was rolled back. */
  forget(): void {
    this.#known.clear();
    this.#seen.clear();
  }

  #lookUp(metric: MetricIdentity): Known | undefined {
    // Dimensions mostly come in the order in which they came before; sorting them for each value would be most of the work.
    const given = keyOf(metric, Object.entries(metric.dimensions));
    const known = this.#known.get(given);
    if (known !== undefined) {
      return known;
    }
    const dimensions = canonical(metric.dimensions);
    const sorted = keyOf(metric, dimensions);
    const same = this.#known.get(sorted);
    if (same !== undefined) {
      return this.#remember(given, same);
    }
    const row = this.#find.get(metric.namespace, metric.name, JSON.stringify(dimensions)) as
      | { id: number; seen: number }
      | undefined;
    if (row === undefined) {
      return undefined;
    }
    const found = { id: row.id, seenAt: row.seen };
    this.#remember(sorted, found);
    return this.#remember(given, found);
  }

  #create(metric: MetricIdentity, now: number): Known {
    const dimensions = canonical(metric.dimensions);
    const { namespace, name } = metric;
    const { lastInsertRowid } = this.#insert.run(namespace, name, JSON.stringify(dimensions), Math.floor(now));
    return this.#remember(keyOf(metric, dimensions), { id: Number(lastInsertRowid), seenAt: now });
  }

  #remember(key: string, known: Known): Known {
    if (this.#known.size >= MAX_CACHED) {
      this.#known.clear();
    }
    this.#known.set(key, known);
    return known;
  }
}

/** Dimensions in one form, whatever order they came in. */
function canonical(dimensions: Readonly<Record<string, string>>): [name: string, value: string][] {
  return Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
}

/** No name or value holds a line break. */
function keyOf({ namespace, name }: MetricIdentity, dimensions: readonly (readonly [string, string])[]): string {
  let key = `${namespace}\n${name}`;
  for (const [dimension, value] of dimensions) {
    key += `\n${dimension}\n${value}`;
  }
  return key;
}
