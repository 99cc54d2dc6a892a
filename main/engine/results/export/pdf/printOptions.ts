/** Chromium's options for a printed report, in the window and in an installed browser alike; the margins are the page's own. */
export const printOptions = {
  printBackground: true,
  preferCSSPageSize: true,
  displayHeaderFooter: true,
  headerTemplate: '<span></span>',
  footerTemplate:
    '<div style="width:100%;padding:0 14mm;text-align:right;font:8px system-ui,sans-serif;color:#565961">' +
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>',
} as const;
