/** Other programs that the session's customer can open here, in their language. */
export function openHere(): { program: string; name: string; description: string; pages: string[] }[];
/** The ticket of the sheet that asks whether to open one. `query` becomes its launch, and may say nothing about anybody. */
export function start(program: string, page: string, query?: Record<string, string> | [string, string][]): string;
