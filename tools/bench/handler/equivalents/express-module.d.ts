// Express has no types of its own: the part of it that express.ts uses.

declare module "express" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  export interface Request extends IncomingMessage {
    readonly method: string;
    readonly path: string;
    readonly params: Readonly<Record<string, string | readonly string[]>>;
    readonly query: Readonly<Record<string, unknown>>;
    readonly body: unknown;
    /** Set as soon as a route was found. */
    readonly route?: { readonly path: string };
    get(header: string): string | undefined;
  }

  export interface Response extends ServerResponse {
    status(code: number): this;
    set(headers: Readonly<Record<string, string>>): this;
    json(body: unknown): this;
    send(body: string): this;
  }

  export type NextFunction = (error?: unknown) => void;
  export type RequestHandler = (request: Request, response: Response, next: NextFunction) => unknown;
  export type ErrorHandler = (error: unknown, request: Request, response: Response, next: NextFunction) => unknown;

  type Method = "get" | "post" | "put" | "patch" | "delete" | "all";

  export type Application = Record<Method, (path: string, ...handlers: RequestHandler[]) => Application> & {
    (request: IncomingMessage, response: ServerResponse): void;
    use(handler: RequestHandler): Application;
    use(handler: ErrorHandler): Application;
    set(name: string, value: unknown): Application;
    disable(name: string): Application;
  };

  interface JsonOptions {
    readonly limit: number;
    readonly strict: boolean;
    readonly type: readonly string[];
  }

  const express: (() => Application) & { json(options: JsonOptions): RequestHandler };
  // biome-ignore lint/style/noDefaultExport: it is how Express exports itself.
  export default express;
}
