import { randomBytes } from "node:crypto";
import type { StatementSync } from "node:sqlite";
import { deserialize, serialize } from "node:v8";
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { Store } from "../../store/store.ts";

/** What a sender said, apart from the body. */
export interface MessageContent {
  readonly messageId: string;
  readonly senderId: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** `AWSTraceHeader` and `MessageGroupId`, where given. */
  readonly system: Readonly<Record<string, string>>;
}

/** A message on its way into a queue; times are milliseconds since the epoch. */
export interface NewMessage {
  readonly body: string;
  readonly content: MessageContent;
  readonly sentAt: number;
  readonly visibleAt: number;
}

/** A message that a consumer has been handed. */
export interface ReceivedMessage {
  readonly sequence: number;
  /** What the receipt handle must bring to be the latest one. */
  readonly token: string;
  readonly body: string;
  readonly content: MessageContent;
  readonly sentAt: number;
  /** Over all queues that the message has been in. */
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
  /** The queue that it was moved from, if it was. */
  readonly deadLetterSource: string | undefined;
}

/** How many messages a queue holds, by what they are waiting for. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** When the message that is in the queue for longest came there. */
  readonly oldestArrival: number | undefined;
}

/** Whether a receipt handle means a message, and what of it matters to whoever holds the handle. */
export interface HeldMessage {
  readonly visibleAt: number;
  readonly receivedAt: number;
}

interface Row {
  sequence: number;
  body: string;
  content: Uint8Array;
  sent_at: number;
  visible_at: number;
  receive_count: number;
  receives_here: number;
  first_received_at: number | null;
  received_at: number | null;
  source_arn: string | null;
}

/**
 * The messages of all queues, in the order of their arrival.
 *
 * ```text
 * sent --(delay)--> visible --receive--> in flight --delete--> gone
 *                      ^                     |
 *                      +-- visibility ends --+   received too often: the next receive moves it to the dead-letter queue
 * ```
 *
 * All states are times: `visible_at` lies ahead for a message that is delayed (never received) or in flight (received).
 */
export class MessageTable {
  readonly #store: Store;
  readonly #statements: Record<
    "insert" | "visible" | "take" | "move" | "remove" | "release" | "held" | "expire" | "waiting" | "oldest" | "next",
    StatementSync
  >;
  readonly #count: StatementSync;
  readonly #clear: StatementSync;

  constructor(store: Store) {
    const { database } = store;
    this.#store = store;
    // Sequences are never used again, so that an old receipt handle can never mean another message.
    database.exec(
      `CREATE TABLE IF NOT EXISTS sqs_messages (
         sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, body TEXT NOT NULL, content BLOB NOT NULL,
         sent_at INTEGER NOT NULL, arrived_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
         receive_count INTEGER NOT NULL DEFAULT 0, receives_here INTEGER NOT NULL DEFAULT 0,
         first_received_at INTEGER, received_at INTEGER, token TEXT, source_arn TEXT
       );
       CREATE INDEX IF NOT EXISTS sqs_messages_visible ON sqs_messages (queue, visible_at);
       CREATE INDEX IF NOT EXISTS sqs_messages_sent ON sqs_messages (queue, sent_at);
       CREATE INDEX IF NOT EXISTS sqs_messages_arrived ON sqs_messages (queue, arrived_at);`,
    );
    this.#statements = {
      insert: database.prepare(
        "INSERT INTO sqs_messages (queue, body, content, sent_at, arrived_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)",
      ),
      visible: database.prepare(
        "SELECT * FROM sqs_messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, sequence LIMIT ?",
      ),
      take: database.prepare(
        `UPDATE sqs_messages SET receive_count = receive_count + 1, receives_here = receives_here + 1,
           first_received_at = COALESCE(first_received_at, ?), received_at = ?, visible_at = ?, token = ? WHERE sequence = ?`,
      ),
      move: database.prepare(
        `INSERT INTO sqs_messages (queue, body, content, sent_at, arrived_at, visible_at, receive_count, first_received_at, source_arn)
           SELECT ?, body, content, sent_at, ?, ?, receive_count, first_received_at, ? FROM sqs_messages WHERE sequence = ?`,
      ),
      remove: database.prepare("DELETE FROM sqs_messages WHERE sequence = ?"),
      release: database.prepare("UPDATE sqs_messages SET visible_at = ? WHERE sequence = ?"),
      held: database.prepare(
        "SELECT visible_at, received_at FROM sqs_messages WHERE sequence = ? AND queue = ? AND token = ?",
      ),
      expire: database.prepare("DELETE FROM sqs_messages WHERE queue = ? AND sent_at <= ?"),
      waiting: database.prepare(
        `SELECT COUNT(*) AS hidden, COUNT(received_at) AS in_flight FROM sqs_messages WHERE queue = ? AND visible_at > ?`,
      ),
      oldest: database.prepare("SELECT MIN(arrived_at) AS at FROM sqs_messages WHERE queue = ?"),
      next: database.prepare("SELECT MIN(visible_at) AS at FROM sqs_messages WHERE queue = ? AND visible_at > ?"),
    };
    this.#count = database.prepare("SELECT COUNT(*) AS count FROM sqs_messages WHERE queue = ? AND visible_at <= ?");
    this.#clear = database.prepare("DELETE FROM sqs_messages WHERE queue = ?");
  }

  /** Puts messages into a queue: all, or none. */
  add(queue: string, messages: readonly NewMessage[]): void {
    this.#store.transaction(() => {
      for (const { body, content, sentAt, visibleAt } of messages) {
        this.#statements.insert.run(queue, body, serialize(content), sentAt, sentAt, visibleAt);
      }
    });
  }

  /**
   * Hands out visible messages and hides them until `hiddenUntil`.
   *
   * @param redrive - where messages go that have been received `maxReceiveCount` times in this queue already
   * @returns what was handed out, and how many were moved
   */
  take(
    queue: string,
    options: { readonly limit: number; readonly now: number; readonly hiddenUntil: number },
    redrive?: { readonly maxReceiveCount: number; readonly target: string; readonly sourceArn: string },
  ): { taken: ReceivedMessage[]; moved: number } {
    const { limit, now, hiddenUntil } = options;
    return this.#store.transaction(() => {
      let moved = 0;
      for (;;) {
        const rows = this.#statements.visible.all(queue, now, limit) as unknown as Row[];
        const exhausted =
          redrive === undefined ? [] : rows.filter(({ receives_here }) => receives_here >= redrive.maxReceiveCount);
        if (redrive === undefined || exhausted.length === 0) {
          return { taken: rows.map((row) => this.#handOut(row, now, hiddenUntil)), moved };
        }
        for (const { sequence } of exhausted) {
          this.#statements.move.run(redrive.target, now, now, redrive.sourceArn, sequence);
          this.#statements.remove.run(sequence);
        }
        moved += exhausted.length;
      }
    });
  }

  #handOut(row: Row, now: number, hiddenUntil: number): ReceivedMessage {
    const token = randomBytes(16).toString("hex");
    this.#statements.take.run(now, now, hiddenUntil, token, row.sequence);
    return {
      sequence: row.sequence,
      token,
      body: row.body,
      content: deserialize(row.content) as MessageContent,
      sentAt: row.sent_at,
      receiveCount: row.receive_count + 1,
      firstReceivedAt: row.first_received_at ?? now,
      deadLetterSource: row.source_arn ?? undefined,
    };
  }

  /** The message that a receipt handle means, unless it is gone or has been received again since. */
  held(queue: string, sequence: number, token: string): HeldMessage | undefined {
    const row = this.#statements.held.get(sequence, queue, token) as
      | { visible_at: number; received_at: number }
      | undefined;
    return row === undefined ? undefined : { visibleAt: row.visible_at, receivedAt: row.received_at };
  }

  remove(sequence: number): void {
    this.#statements.remove.run(sequence);
  }

  /** Lets a message be seen again at another time. */
  release(sequence: number, visibleAt: number): void {
    this.#statements.release.run(visibleAt, sequence);
  }

  /** Forgets the messages that were sent at a time or before it: how many. */
  expire(queue: string, sentUntil: number): number {
    return Number(this.#statements.expire.run(queue, sentUntil).changes);
  }

  /** How many messages have been handed out and may still be deleted by whoever has them. */
  inFlight(queue: string, now: number): number {
    return this.#hidden(queue, now).in_flight;
  }

  depth(queue: string, now: number): QueueDepth {
    const { count } = this.#count.get(queue, now) as { count: number };
    const { hidden, in_flight } = this.#hidden(queue, now);
    const { at } = this.#statements.oldest.get(queue) as { at: number | null };
    return { visible: count, inFlight: in_flight, delayed: hidden - in_flight, oldestArrival: at ?? undefined };
  }

  #hidden(queue: string, now: number): { hidden: number; in_flight: number } {
    return this.#statements.waiting.get(queue, now) as { hidden: number; in_flight: number };
  }

  /** When the next hidden message can be seen. */
  nextVisibleAt(queue: string, now: number): number | undefined {
    const { at } = this.#statements.next.get(queue, now) as { at: number | null };
    return at ?? undefined;
  }

  /** Forgets all messages of a queue. */
  clear(queue: string): void {
    this.#clear.run(queue);
  }
}
