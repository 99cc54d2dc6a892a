/** What lies above the page, opened by keys, buttons and the window's menu. */
class Overlays {
  open = $state<'palette' | 'shortcuts'>();
}

export const overlays = new Overlays();
