/** The page's own origin: served by `protocol.handle`, so nothing from the network or the disk can have it. */
export const pageScheme = 'app';
export const pageHost = 'tare';
export const pageUrl = `${pageScheme}://${pageHost}/`;
