/**
 * A guest whose memory lies in huge pages of the kernel's pool (hugetlbfs): 2 MiB each, set aside beforehand by whoever runs this
 * computer, for nothing else to use. Linux Documentation/admin-guide/mm/hugetlbpage.rst.
 */
import { readFileSync } from 'node:fs';
import { TareError } from '../../../base/errors';

const pageBytes = 2 * 1024 ** 2;
const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB';

/** QEMU's word for such a memory. The pages are set aside for it when it starts, and are zeroed as the guest first touches them. */
export const hugePageBackend = (id: string, bytes: number): string =>
  `memory-backend-memfd,id=${id},size=${bytes},hugetlb=on,hugetlbsize=2M`;

/** One of the pool's counters; 0 where the kernel has no such pool. */
const counter = (name: string, folder: string): number => {
  try {
    return Number(readFileSync(`${folder}/${name}`, 'utf8'));
  } catch {
    return 0;
  }
};

/** @throws {TareError} `huge-pages-short` when one machine of this size does not fit into what the pool has left */
export function needHugePages(memoryBytes: number, folder = pool): void {
  const free = Math.max(0, counter('free_hugepages', folder) - counter('resv_hugepages', folder));
  const needed = Math.ceil(memoryBytes / pageBytes);
  if (needed <= free) return;
  throw new TareError({
    code: 'huge-pages-short',
    neededBytes: needed * pageBytes,
    availableBytes: free * pageBytes,
    pages: counter('nr_hugepages', folder) + needed - free,
  });
}
