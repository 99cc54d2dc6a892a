import type { Failure } from './failures';
import type { Check } from './machine';

/** The commands that a failure's remedy names, to be copied: what a person would type on Debian or Ubuntu. */
function commandsFor(failure: Failure): string[] {
  switch (failure.code) {
    case 'tool-missing':
    case 'buildkit-needed':
      return [`sudo apt-get install ${failure.package}`];
    case 'docker-unreachable':
      return failure.tried.some(({ reason }) => /\b(EACCES|EPERM)\b/.test(reason))
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
    case 'disk-short':
      return ['tare clean --cache'];
    default:
      return [];
  }
}

/** What helps a check that is not as it should be. */
export function commandsForCheck({ failure, found }: Check): string[] {
  if (failure) return commandsFor(failure);
  if (found.key === 'check.builder.classic') return ['sudo apt-get install docker-buildx'];
  return found.key === 'check.accelerator.denied' ? ['sudo usermod -aG kvm $USER'] : [];
}
