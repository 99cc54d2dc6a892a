/** Vite: a file's bytes inside the bundle, as a `data:` address. */
declare module '*?inline' {
  const address: string;
  export default address;
}

/** Every Node has it; only the DOM's types tell of it. */
declare namespace WebAssembly {
  type Module = object;
  function compile(bytes: Uint8Array): Promise<Module>;
}
