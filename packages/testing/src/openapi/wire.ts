/** A request as a client puts it on the wire. Names may come more than once. */
export interface WireRequest {
  readonly method: string;
  /** Below the stage; without the query string. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text, or bytes that need not be any. */
  readonly body?: string | Uint8Array;
}

/** An answer as a client gets it. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** The value of a header of a request, whatever case its name is written in. */
export function headerOf(request: WireRequest, name: string): string | undefined {
  return request.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}

/** A request with another value of a header, or without the header. */
export function withHeader(request: WireRequest, name: string, value: string | undefined): WireRequest {
  const others = request.headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  return { ...request, headers: value === undefined ? others : [...others, [name, value]] };
}
