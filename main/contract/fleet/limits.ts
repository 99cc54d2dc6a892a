/** More hosts than any one person waits for, and as many as a report is still drawn of. */
export const mostHosts = 1000;
