/** What a frame opens. */
export interface Launch {
  /** The name under which the page is registered with the bank. */
  embed: string;
  /** The page's own origin, such as `https://tea.example`. */
  origin: string;
  /** Such as `cn.bank.suzhou.canteen`. */
  program: string;
  /** One of the program's pages; its first where it is absent. */
  page?: string | null;
  query?: [name: string, value: string][];
}

/** Signs a launch that is good for `seconds`, 300 where they are absent and 600 at most. */
export function sign(secret: string, launch: Launch, options?: { seconds?: number; nowMs?: number }): string;
