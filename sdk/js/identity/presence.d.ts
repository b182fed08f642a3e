/** The ticket of the host's sheet. Once it is agreed to, `provedAt` of `whoami` says when that was. */
export function request(purpose: string): string;
