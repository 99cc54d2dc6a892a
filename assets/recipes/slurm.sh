#!/bin/sh
# Tare on nodes of a Slurm cluster: each runs the same plan, and its record comes back as run-NODE.json.
#
#   sbatch --nodes=3 --exclusive slurm.sh plan.yaml
#
# Tare must be installed on the nodes (or lie in a folder that they share: TARE=/shared/tare/tare), and whoever submits the job must be allowed to
# use Docker or Podman there. What Slurm lets a job use is not what Tare sees of the node: --exclusive keeps other jobs away.
#
# What happens can be followed through Slurm as through ssh: `srun tare run - --events` writes it line by line.
#
# A job that is cancelled (scancel) has 30 seconds, or slurm.conf's KillWait, to stop its runs and to remove what they have begun.
#
# Tried: this script on a cluster of two nodes (Slurm 24.11, proctrack/linuxproc, cgroups left to the system): a job that came to its end, one that
# was cancelled and one whose time was up, which left nothing on either node. Not tried: task/cgroup.
#SBATCH --job-name=tare
#SBATCH --ntasks-per-node=1
#SBATCH --time=01:00:00
# what is under way two minutes before the time is up is stopped, and keeps what it has measured
#SBATCH --signal=TERM@120
exec srun --kill-on-bad-exit=0 --output='run-%N.json' --error='run-%N.log' \
  "${TARE:-tare}" run "$1" --json --quiet
