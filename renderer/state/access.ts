/**
 * Whether the page only shows: the door that served it would refuse whatever starts, changes or removes something, so none of that
 * is offered. The door itself decides; this only spares a person the refusal.
 */
export const readOnly = document.documentElement.dataset.access === 'read-only';
