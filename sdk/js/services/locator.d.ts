/** The ticket of the host's sheet. */
export function request(purpose: string): string;
/** What the text of `sheet-closed` says: degrees, rounded to about a hundred metres, or a district; else null. */
export function read(text: string | null | undefined): { latitude: number; longitude: number } | { district: string } | null;
