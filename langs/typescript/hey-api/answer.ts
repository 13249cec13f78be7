/** What a generated function answers with: data, or an error that the description declares. */
export interface Answer<Data, Problem> {
  data: Data | undefined;
  error: Problem | undefined;
  response?: Response;
}

/** Gives the data of an answer, and throws when there is none. */
export function dataOf<Data>(operation: string, answer: Answer<Data, unknown>): Data {
  if (answer.data === undefined) {
    throw unexpected(operation, answer, "a success");
  }
  return answer.data;
}

/** Gives the error of an answer that should have this status, and throws when it has another. */
export function errorOf<Problem>(operation: string, answer: Answer<unknown, Problem>, status: number): Problem {
  if (answer.error === undefined || answer.response?.status !== status) {
    throw unexpected(operation, answer, String(status));
  }
  return answer.error;
}

/** Without a response there was no answer at all, and error is what fetch threw. */
function unexpected(operation: string, { error, response }: Answer<unknown, unknown>, want: string): Error {
  return response === undefined
    ? new Error(`${operation}: no answer`, { cause: error })
    : new Error(`${operation}: ${response.status} ${response.statusText}, want ${want}`);
}
