/** The ticket of the host's sheet. What the code says comes as the text of `sheet-closed`. */
export function request(): string;
