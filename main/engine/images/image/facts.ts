import type { ImageSource, Workload } from '../../../contract/plan';
import type { TrialDisk } from '../../../contract/run/run';
import type { TargetId } from '../../../contract/targets';
import type { Given } from '../../../contract/work/variables';
import { TareError } from '../../base/errors';

/** What the image itself says about how to run it: the OCI image configuration, with a plan's changes applied. */
export interface ImageFacts {
  /** as a person wrote it, for tables */
  reference: string;
  /** `sha256:…` as the engine names it (`Id`): what is run. Of the configuration or of a manifest, as its store has it */
  digest: string;
  /** the same for the same image on every engine and store */
  fingerprint: string;
  /** unpacked */
  bytes: number;
  /** `bytes` is only about right: it is taken for a disk's size, and is in no record */
  approximate?: true;
  entrypoint: string[];
  command: string[];
  /** `KEY=VALUE` */
  environment: string[];
  workingDir: string;
  /** `name`, `uid`, `name:group` or `uid:gid`; empty is root */
  user: string;
  /** the signal that asks it to end, as the image writes it (`SIGQUIT`, `RTMIN+3`, `15`); absent is SIGTERM */
  stopSignal?: string;
  /** the port the application listens on inside */
  port: number;
}

/** A workload whose variables have their values: it is handed to what runs it, and written down nowhere. */
export type GivenWorkload = Omit<Workload, 'environment'> & { environment: Given };

/** A workload that has an image. */
export type ImageWorkload = Workload & { image: ImageSource };

/** A workload of which all is present that its targets start. */
export interface Ready {
  workload: GivenWorkload;
  /** absent where there is only a disk */
  image?: ImageFacts;
  /** the plan's workloads in their order, this one among them, where they share a network: by what names each is reached */
  network?: { names: string[] }[];
}

/** A workload whose image is present: every target that runs images starts exactly this. */
export interface ReadyWorkload extends Ready {
  image: ImageFacts;
}

/** @throws {TareError} `target-unsupported` where there is only a disk */
export function withImage(target: TargetId, { image, ...ready }: Ready): ReadyWorkload {
  if (!image) throw new TareError({ code: 'target-unsupported', target, reason: 'no-image' });
  return { ...ready, image };
}

/** By what names a workload is reached in a shared network. */
export const namesOf = ({ name, aliases = [] }: Pick<Workload, 'name' | 'aliases'>): string[] => [
  name,
  ...aliases,
];

/**
 * What is executed, word by word.
 * @throws {TareError} `image-without-command`
 */
export function commandOf({
  entrypoint,
  command,
  reference,
}: Pick<ImageFacts, 'entrypoint' | 'command' | 'reference'>): string[] {
  const words = [...entrypoint, ...command];
  if (words.length === 0) throw new TareError({ code: 'image-without-command', reference });
  return words;
}

/** What a record says of an image's size: nothing where it is only about right. */
export const imageOnDisk = ({ bytes, approximate }: ImageFacts): Pick<TrialDisk, 'imageBytes'> =>
  approximate ? {} : { imageBytes: bytes };
