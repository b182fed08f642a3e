/** The ticket of the host's sheet for one of the manifest's pages. Neither query nor words may say anything about anybody. */
export function request(page: string, query: Record<string, string> | [string, string][], text: string): string;
