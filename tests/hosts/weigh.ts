/**
 * Typed in a host while another computer's Tare has containers there: prints what Tare reads of their own memory here, a line of JSON each, again
 * and again until they are gone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDocker } from '../../main/engine/base/docker/client';
import { MemoryAccounts } from '../../main/engine/measure/targets/docker/memoryAccounts';

export interface Weight {
  container: string;
  hostBytes?: number;
}

const { docker } = await openDocker({ limitMs: 60_000 }); // an emulated computer at work is slow
const filters = { label: ['tare.session'] };

/** The reader and the relay publish no port. */
const applications = async () =>
  (await docker.listContainers({ filters })).filter(({ Ports }) => Ports.some((one) => one.PublicPort));

async function weigh({ Id, Names, Ports }: Awaited<ReturnType<typeof applications>>[number]): Promise<void> {
  const container = docker.getContainer(Id);
  const { State, HostConfig } = await container.inspect();
  const accounts = new MemoryAccounts(
    container,
    Promise.resolve(State.Pid),
    Ports.find((one) => one.PublicPort)!.PublicPort,
    HostConfig.Memory!,
  );
  const { hostBytes } = await accounts.measure();
  await accounts.close();
  const weight: Weight = { container: Names[0]!, ...(hostBytes !== undefined && { hostBytes }) };
  console.log(JSON.stringify(weight));
}

for (let seen = false; ; await sleep(5000)) {
  const found = await applications();
  if (seen && found.length === 0) break;
  seen ||= found.length === 3; // warm-ups come one by one
  for (const one of found) await weigh(one).catch(() => undefined); // it went meanwhile
}
