/** Where an engine keeps its images: what it tells of them depends on that. */

/**
 * `graphdriver`: Docker's own, the default until 28 · `containerd`: containerd's, the default of a fresh 29; it keeps what a registry
 * sent beside what was unpacked, and names an image by its manifest · `containers-storage`: Podman's
 */
export type ImageStore = 'graphdriver' | 'containerd' | 'containers-storage';

/** @param info  what the engine answers to `/info` */
export function imageStoreOf(name: string, info: { DriverStatus?: [string, string][] | null }): ImageStore {
  if (name === 'Podman') return 'containers-storage';
  const snapshots = (info.DriverStatus ?? []).some(
    ([key, value]) => key === 'driver-type' && value === 'io.containerd.snapshotter.v1',
  );
  return snapshots ? 'containerd' : 'graphdriver';
}
