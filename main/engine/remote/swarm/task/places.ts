/** Where a task finds what it is given. */

/** of the engine of its node, in the task as on the node */
export const socketFile = '/var/run/docker.sock';
export const orderFile = '/run/secrets/tare-order';
