/** What is told of one kind of error; see ../errors.ts. */
export interface ErrorEntry {
  /** HTTP status on the data plane and on the control plane. */
  readonly status: number;
  readonly message: string;
  readonly hint: string;
  /** OpenAI's `error.type`; `invalid_request_error` unless set. */
  readonly type?: string;
  /** OpenAI's `error.code`; the Tollgate code unless set. */
  readonly openaiCode?: string;
  /** What an SDK should do: `never` sends `x-should-retry: false`; `later` sends `retry-after`. */
  readonly retry?: 'never' | 'later';
}
