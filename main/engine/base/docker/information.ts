/** What an engine tells of itself and of its machine, as far as it is read here; it may leave out any of it. */
import type Docker from 'dockerode';
import { asking } from './refusal';

export interface EngineInformation {
  Name?: string;
  OperatingSystem?: string;
  KernelVersion?: string;
  MemTotal?: number;
  Driver?: string;
  CgroupDriver?: string;
  CgroupVersion?: string;
  Runtimes?: Record<string, object>;
  DefaultRuntime?: string;
  SecurityOptions?: string[];
}

/** @throws {TareError} `docker-refused` · `docker-unreachable` */
export const informationOf = async (docker: Docker): Promise<EngineInformation> =>
  (await asking('info', docker.info())) as EngineInformation;
