import type { Claim } from '../../../main/contract/report/report';

/** In the order of the article. */
export const claimIds: readonly Claim['id'][] = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7'];

/** In reading order, each once. */
export const testedClaims = (claims: readonly Claim[]): Claim[] =>
  claimIds.flatMap((id) => claims.find((claim) => claim.id === id) ?? []);

const standings: readonly Claim['standing'][] = ['holds', 'partly', 'fails', 'unknown'];

/** How many claims came out which way; what none came out is left out. */
export const tally = (claims: readonly Claim[]): { standing: Claim['standing']; claims: number }[] =>
  standings
    .map((standing) => ({ standing, claims: claims.filter((claim) => claim.standing === standing).length }))
    .filter(({ claims: count }) => count > 0);
