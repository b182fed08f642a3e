/** What a frame shows, and who hears of it. */
export interface Options {
  /** The bank's origin, such as `https://bank.example`. */
  bank: string;
  /** The name under which this page is registered with the bank. */
  embed: string;
  /** What this page's server signed: see `@xitai/embed/sign`. */
  launch: string;
  /** The frame's title, for who does not see it. */
  title?: string;
  /** BCP 47; the page's own where it is absent. */
  language?: string;
  /** The frame grows with what is in it, up to so many pixels; 4,000 where it is absent. */
  maxHeight?: number;
  onReady?(): void;
  /** The program is done: its page may be taken away. */
  onClose?(): void;
  /** The customer went on in the bank's own window. What comes of it, the bank tells the partner's server. */
  onGoneOn?(): void;
  /** Nothing is shown; `code` is the bank's, such as `embed.launch`. */
  onRefused?(code: string): void;
}

export interface Mounted {
  readonly frame: HTMLIFrameElement;
  remove(): void;
}

/** Shows what `launch` was signed for within `element`, in place of what is there. */
export function mount(element: HTMLElement, options: Options): Mounted;

declare global {
  interface HTMLElementTagNameMap {
    "xitai-embed": HTMLElement;
  }
}
