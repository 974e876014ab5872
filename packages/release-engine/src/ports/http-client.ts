export interface HttpClient {
  /**
   * Sends one request, follows no redirect, repeats nothing.
   *
   * @throws {ReleaseError} `unreachable` when no answer came, `timeout` when it did not come in time
   */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  timeoutMs: number;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string;
}
