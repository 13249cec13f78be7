/** What a call answers with: data, or an error that the description declares. */
export interface Answer<Data, Problem> {
  data?: Data | undefined;
  error?: Problem | undefined;
  response: Response;
}

/** Gives the data of an answer, and throws when there is none. */
export function dataOf<Data>(operation: string, { data, response }: Answer<Data, unknown>): Data {
  if (data === undefined) {
    throw unexpected(operation, response, "a success");
  }
  return data;
}

/** Gives the error of an answer that should have this status, and throws when it has another. */
export function errorOf<Problem>(
  operation: string,
  { error, response }: Answer<unknown, Problem>,
  status: number,
): Problem {
  if (error === undefined || response.status !== status) {
    throw unexpected(operation, response, String(status));
  }
  return error;
}

function unexpected(operation: string, response: Response, want: string): Error {
  return new Error(`${operation}: ${response.status} ${response.statusText}, want ${want}`);
}
