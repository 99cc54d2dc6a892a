/** How long an end may still take once somebody has asked for it twice; what is not removed by then is in the ledger. */
export const leavingMs = 5000;
