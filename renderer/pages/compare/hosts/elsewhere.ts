import type { DoctorReport } from '../../../../main/contract/machine';

/**
 * What is known of the ways to run an image where this computer is none of those that are chosen: which there are, and nothing that
 * would keep a plan from being run. Each host looks for itself when the run begins.
 */
export const elsewhere = ({ targets, ...report }: DoctorReport): DoctorReport => ({
  ...report,
  targets: targets.map(({ id }) => ({ id, available: true })),
  free: {},
});
