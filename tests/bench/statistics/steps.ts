/** How well steps in a history are found, and how often one is found where there is none, by simulated histories of 20 runs. */
import { changePoints } from '../../../main/engine/results/statistics/changePoints';
import { seededRandom, type Random } from '../../../main/engine/results/statistics/random';
import { normalDraw } from '../../support/statistics/normalDraw';

const histories = 2000;
const runs = 20;
const step = 1.1;

/** What moves the median of a run beside the step: a factor per run. */
const noises: Record<string, (random: Random) => number[]> = {
  '2 % from run to run': lognormal(0.02),
  '3 % from run to run': lognormal(0.03),
  '4 % from run to run': lognormal(0.04),
  '5 % from run to run': lognormal(0.05),
  '3 %, and one run in ten 30 % slower': spiked(0.03, 0.1, 1.3),
  '3 %, each like the one before (AR(1), 0.5)': autoregressive(0.03, 0.5),
};

function lognormal(spread: number) {
  return (random: Random) => Array.from({ length: runs }, () => Math.exp(spread * normalDraw(random)));
}
function spiked(spread: number, share: number, factor: number) {
  return (random: Random) =>
    lognormal(spread)(random).map((value) => (random() < share ? value * factor : value));
}
function autoregressive(spread: number, rho: number) {
  return (random: Random) => {
    let last = normalDraw(random);
    return Array.from({ length: runs }, () => {
      last = rho * last + Math.sqrt(1 - rho ** 2) * normalDraw(random);
      return Math.exp(spread * last);
    });
  };
}

export function findSteps(): Promise<void> {
  console.log(
    `${histories} histories of ${runs} runs; a step of 10 % in the middle, or anywhere with 5 runs on either side`,
  );
  for (const [name, noise] of Object.entries(noises)) {
    const random = seededRandom(10);
    let [middle, anywhere, falsely, misplaced] = [0, 0, 0, 0];
    for (let history = 0; history < histories; history += 1) {
      const stepped = (at: number) =>
        changePoints(noise(random).map((value, run) => (run < at ? value : value * step)));
      const inMiddle = stepped(runs / 2);
      if (inMiddle.length > 0) middle += 1;
      if (inMiddle.length > 0 && inMiddle.every(({ at }) => Math.abs(at - runs / 2) > 1)) misplaced += 1;
      if (stepped(5 + Math.floor(random() * (runs - 9))).length > 0) anywhere += 1;
      falsely += changePoints(noise(random)).length;
    }
    const share = (count: number) => `${((100 * count) / histories).toFixed(1)} %`;
    console.log(
      `${name.padEnd(46)} found ${share(middle)} (anywhere ${share(anywhere)}), more than one run off ${share(misplaced)}; ` +
        `false steps ${((20 * falsely) / histories).toFixed(2)} per 20 flat histories`,
    );
  }
  return Promise.resolve();
}
