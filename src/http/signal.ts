/** Something that happens once and can be waited for. */
export class Signal {
  readonly happened: Promise<void>;
  #resolve: () => void = () => undefined;

  constructor() {
    this.happened = new Promise<void>((resolve) => {
      this.#resolve = resolve;
    });
  }

  happen(): void {
    this.#resolve();
  }
}
