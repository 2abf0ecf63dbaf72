/** Tells of what was written out of sight: the first at once, those right after it together. */

export const PAUSE = 3_000;

export class NewsTeller<News> {
  readonly #tell: (news: News[]) => void;
  #waiting: News[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tell: (news: News[]) => void) {
    this.#tell = tell;
  }

  note(news: News): void {
    this.#waiting.push(news);
    if (this.#timer === undefined) this.#say();
  }

  /** It was read, or nobody is here any more. */
  drop(): void {
    this.#waiting = [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #say = (): void => {
    const news = this.#waiting;
    this.#waiting = [];
    this.#timer = news.length > 0 ? setTimeout(this.#say, PAUSE) : undefined;
    if (news.length > 0) this.#tell(news);
  };
}
