/** The ticket of the host's sheet; the host draws the document once the customer agrees. */
export function request(document: { title: string; lines?: Record<string, string> | [string, string][]; note?: string | null; code?: string | null }): string;
