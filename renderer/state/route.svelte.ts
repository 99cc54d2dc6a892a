import { addressOf, parseRoute, type Route } from './route';

class Router {
  #route = $state<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.#route = parseRoute(location.hash)));
  }

  get route(): Route {
    return this.#route;
  }

  go(route: Route): void {
    location.hash = addressOf(route);
  }

  /** like `go`, but going back does not return to the place that is left */
  replace(route: Route): void {
    history.replaceState(null, '', addressOf(route));
    this.#route = route;
  }
}

export const router = new Router();
