/** Whether charts, and what is exported from them, also show what others have published: one choice for all, as long as the page is open. */
export const published = $state({ shown: false });
