/** The error that a promise is rejected with; fails when it is fulfilled. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new TypeError('rejected with something that is no Error', { cause: error });
  }
  throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
}
