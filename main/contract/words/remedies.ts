import { deniedEndpoint, type Failure } from '../failures';
import type { Check } from '../machine';
import type { Message } from '../report/report';

/** The commands that a failure's remedy names, to be copied: what a person would type on Debian or Ubuntu. */
function commandsFor(failure: Failure): string[] {
  switch (failure.code) {
    case 'tool-missing':
    case 'buildkit-needed':
      return [`sudo apt-get install ${failure.package}`];
    case 'docker-unreachable':
      return deniedEndpoint(failure) !== undefined
        ? ['sudo usermod -aG docker $USER']
        : ['sudo systemctl start docker', 'sudo apt-get install docker.io'];
    case 'kit-missing':
    case 'kit-damaged':
      return ['tare guest build'];
    case 'kit-failed':
      return ['sudo apt-get update', 'tare guest build'];
    case 'kernel-missing':
    case 'kernel-damaged':
      return ['tare guest build --kernel minimal'];
    case 'huge-pages-short':
      return [`sudo sysctl vm.nr_hugepages=${failure.pages}`];
    case 'disk-short':
      return ['tare clean --cache'];
    default:
      return [];
  }
}

/** The commands that the remedy of a slow virtual machine names. */
function commandsForAcceleration({ key, facts }: Message): string[] {
  switch (key) {
    case 'acceleration.module':
      return [`sudo modprobe ${facts.module as string}`];
    case 'acceleration.group':
      return [`sudo usermod -aG ${facts.group as string} $USER`];
    case 'acceleration.owner':
      return ['sudo chown $USER /dev/kvm'];
    case 'acceleration.broken':
    case 'acceleration.broken-nested':
      return ['sudo dmesg | grep -i kvm'];
    case 'acceleration.slow':
      return ['tare --accelerator kvm run quick'];
    default:
      return [];
  }
}

/** What helps a check that is not as it should be. */
export function commandsForCheck({ failure, found, remedy }: Check): string[] {
  if (remedy) return commandsForAcceleration(remedy);
  if (failure) return commandsFor(failure);
  return found.key === 'check.builder.classic' ? ['sudo apt-get install docker-buildx'] : [];
}
