/**
 * Says on stderr what set-up is doing and how long it took. Plain lines only: nothing is ever overwritten, so a log
 * file reads like a terminal. Colour only on a terminal, and not where NO_COLOR is set (https://no-color.org).
 */
export class Progress {
  #write;
  #colour;
  #now;
  #shown = false;

  /**
   * @param {{ write: (text: string) => void, colour: boolean, now?: () => number }} options `now` in milliseconds
   */
  constructor(options) {
    this.#write = options.write;
    this.#colour = options.colour;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Does a piece of work under a name: says so at once, every ten seconds while it lasts, and at its end.
   *
   * @template T
   * @param {string} name
   * @param {string} doing what is being done, for example `npm ci`
   * @param {() => Promise<T>} work
   * @param {(result: T) => string} [describe] what the result is called when it is there
   * @returns {Promise<T>}
   */
  async step(name, doing, work, describe) {
    this.#line(name, `${doing} ...`);
    const started = this.#now();
    const reminder = setInterval(() => this.#line(name, `still at it, ${seconds(this.#now() - started)}`), 10_000);
    try {
      const result = await work();
      const what = describe === undefined ? "done" : describe(result);
      this.#line(name, `${this.#paint("32", what)} (${seconds(this.#now() - started)})`);
      return result;
    } catch (error) {
      this.#line(name, `${this.#paint("31", "failed")} (${seconds(this.#now() - started)})`);
      throw error;
    } finally {
      clearInterval(reminder);
    }
  }

  /**
   * @param {string} name
   * @param {string} text something worth knowing that is no failure
   */
  note(name, text) {
    this.#line(name, text);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  #line(name, text) {
    if (!this.#shown) {
      this.#shown = true;
      this.#write(`${this.#paint("1", "Setting up Slipway")} (once; the next time this takes no time)\n`);
    }
    this.#write(`  ${name.padEnd(14)} ${text}\n`);
  }

  /**
   * @param {string} code
   * @param {string} text
   */
  #paint(code, text) {
    return this.#colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {boolean} whether colours are welcome on the stream
 */
export function wantsColour(stream, env) {
  return stream.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
