/** Does one piece of work after the other, whether the one before went well or not. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Starts the work when all before it has ended; settles as it does. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
