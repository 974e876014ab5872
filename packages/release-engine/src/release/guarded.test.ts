import { describe, expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { guarded } from "./guarded.ts";

class Door {
  #isOpen = false;
  readonly colour = "green";

  async open(): Promise<boolean> {
    this.#isOpen = true;
    return this.#isOpen;
  }

  async look(): Promise<boolean> {
    return this.#isOpen;
  }

  paint(): string {
    return `${this.colour} again`;
  }
}

const fenced = new ReleaseError({ kind: "fenced", what: "The lease has run out", why: "asleep", next: "look" });

describe("guarded", () => {
  it("asks before each call that changes something, and does not make it when the lease is lost", async () => {
    let isHeld = true;
    let asked = 0;
    const door = new Door();
    const assertHeld = () => {
      asked += 1;
      if (!isHeld) throw fenced;
    };
    const port = guarded(door, assertHeld, ["open"]);

    expect(await port.look()).toBe(false);
    expect(asked).toBe(0);
    expect(await port.open()).toBe(true);
    expect(asked).toBe(1);

    const shut = new Door();
    isHeld = false;
    await expect(guarded(shut, assertHeld, ["open"]).open()).rejects.toBe(fenced);
    expect(await shut.look()).toBe(false);
  });

  it("refuses as an async call refuses: by what it returns", () => {
    const port = guarded(new Door(), () => {
      throw fenced;
    }, ["open"]);
    expect(() => port.open().catch(() => undefined)).not.toThrow();
  });

  it("passes everything else through, private members included", async () => {
    const port = guarded(new Door(), () => undefined, ["open"]);
    await port.open();
    const { look } = port;
    expect([await look(), port.colour, port.paint()]).toEqual([true, "green", "green again"]);
  });
});
